using Sequence.Daemon.Registry;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Engine;

/// <summary>
/// A version that runs along a series unseen: at each observation its one-step error is put beside that of the champion from the
/// same origin. The newest pairs are stored with the first one, then at most every ten seconds, and when the series leaves memory. Not thread-safe.
/// </summary>
internal sealed class ShadowRun(
    string model, SeriesDefinition definition, StateBeside beside, ScoreBoard board, int most, TimeProvider clock)
{
    private static readonly TimeSpan Spacing = TimeSpan.FromSeconds(10);

    private Task<(ShadowScores Scores, long Revision)?>? _load;
    private ShadowScores? _scores;
    private long _revision;
    private bool _isDirty;
    private Task _saving = Task.CompletedTask;
    private long? _saved;

    public LoadedCheckpoint Checkpoint => beside.Checkpoint;

    /// <summary>Ends when its state and the pairs stored before are there, or could not be read.</summary>
    public Task Ready => Task.WhenAll(beside.Built, Load());

    /// <summary>Takes an append, with the errors that the champion made on it.</summary>
    public void Follow(Measurement[] batch, AppendResult appended, string champion, List<StepError> championErrors)
    {
        List<StepError> errors = [];
        beside.Follow(batch, appended, errors);
        if (!IsLoaded(champion))
        {
            return;
        }

        var others = errors.ToDictionary(one => one.Time, one => one.Error);
        foreach (var (time, error) in championErrors)
        {
            if (others.TryGetValue(time, out var other))
            {
                _scores!.Add(new ScorePair(time, error, other));
                _isDirty = true;
            }
        }

        if (_isDirty && _saving.IsCompleted && (_saved is not { } saved || clock.GetElapsedTime(saved) >= Spacing))
        {
            _saving = SaveNowAsync();
        }
    }

    /// <summary>Stores the pairs that are not stored yet.</summary>
    public async Task SaveAsync()
    {
        await _saving;
        if (_isDirty)
        {
            await SaveNowAsync();
        }
    }

    private Task<(ShadowScores Scores, long Revision)?> Load() => _load ??= board.FindAsync(model, Checkpoint.Version, definition.Id, most);

    /// <summary>Whether the pairs stored before are here; those of another champion are forgotten.</summary>
    private bool IsLoaded(string champion)
    {
        if (_scores is null)
        {
            var load = Load();
            if (!load.IsCompletedSuccessfully)
            {
                _load = load.IsCompleted ? null : load;
                return false;
            }

            (_scores, _revision) = load.Result ?? (new ShadowScores(champion, most), 0);
        }

        if (!string.Equals(_scores.Champion, champion, StringComparison.Ordinal))
        {
            _scores = new ShadowScores(champion, most);
        }

        return true;
    }

    private async Task SaveNowAsync()
    {
        _saved = clock.GetTimestamp();
        _isDirty = false;
        try
        {
            if (await board.PutAsync(model, Checkpoint.Version, definition.Id, _revision, _scores!) is { } revision)
            {
                _revision = revision;
                return;
            }

            // Stored by another node, or deleted: this one knows the newer pairs.
            _revision = (await board.FindAsync(model, Checkpoint.Version, definition.Id, most))?.Revision ?? 0;
        }
        catch (DaemonException)
        {
            // The store is not there at the moment.
        }

        _isDirty = true;
    }
}
