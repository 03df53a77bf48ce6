using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Engine;

/// <summary>
/// The state of a series on another version than the one that serves: restored on a thread of its own while appends go on, then
/// brought level with them and kept so. Late and corrected values restore it anew. Not thread-safe: used within its series' calls.
/// </summary>
internal sealed class StateBeside
{
    private const int MostMissedRows = 100_000;

    private readonly SeriesDefinition _definition;
    private readonly SeriesReplay _replay;
    private readonly SnapshotKeeper _snapshots;
    private readonly Queue<(Measurement[] Batch, AppendResult Appended)> _missed = new();

    private Task<KnownState> _build;
    private KnownState? _known;
    private int _missedRows;

    public StateBeside(SeriesDefinition definition, LoadedCheckpoint checkpoint, SeriesReplay replay, SnapshotKeeper snapshots)
    {
        _definition = definition;
        _replay = replay;
        _snapshots = snapshots;
        Checkpoint = checkpoint;
        _build = Build();
    }

    public LoadedCheckpoint Checkpoint { get; }

    /// <summary>Ends when the state is restored, or could not be.</summary>
    public Task Built => _build;

    /// <summary>How often it was restored because appends could not be followed.</summary>
    public int Rebuilds { get; private set; }

    /// <summary>The state, level with all appends that were followed; null while it is being restored.</summary>
    public KnownState? TryReady()
    {
        if (_known is not null || !_build.IsCompleted)
        {
            return _known;
        }

        // A store that could not be read is asked again; too long a queue was dropped.
        if (!_build.IsCompletedSuccessfully || _missedRows > MostMissedRows)
        {
            Rebuild();
            return null;
        }

        var known = _build.GetAwaiter().GetResult();
        foreach (var (batch, appended) in _missed)
        {
            if (appended.KnownAt > known.KnownAt && !known.TryFollow(batch, appended))
            {
                Rebuild();
                return null;
            }
        }

        _missed.Clear();
        _missedRows = 0;
        return _known = known;
    }

    /// <summary>Takes an append that the store has taken.</summary>
    /// <param name="batch">The observations.</param>
    /// <param name="appended">What became of them.</param>
    /// <param name="errors">Gets the errors of the one-step forecasts, where the state was there to make them.</param>
    public void Follow(Measurement[] batch, AppendResult appended, List<StepError>? errors = null)
    {
        if (TryReady() is not { } known)
        {
            _missedRows += batch.Length;
            if (_missedRows <= MostMissedRows)
            {
                _missed.Enqueue((batch, appended));
            }
        }
        else if (known.TryFollow(batch, appended, errors))
        {
            _snapshots.Offer(known);
        }
        else
        {
            Rebuild();
        }
    }

    private void Rebuild()
    {
        Rebuilds++;
        _known = null;
        _missed.Clear();
        _missedRows = 0;
        _build = Build();
    }

    private Task<KnownState> Build() => Task.Run(async () =>
    {
        var known = await _replay.RestoreAsync(new CheckpointState(_definition, Checkpoint));

        // Whoever restores it next, after a late value or a restart, has less to replay.
        await _snapshots.SaveAsync(known);
        return known;
    });
}
