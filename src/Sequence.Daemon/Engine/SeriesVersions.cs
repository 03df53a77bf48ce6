using Sequence.Daemon.Registry;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Engine;

/// <summary>
/// The versions of a registered model along one series: the one that serves, the one it moves to, and those that run unseen. Not
/// thread-safe: used within its series' calls.
/// </summary>
internal sealed class SeriesVersions(
    SeriesDefinition definition,
    string model,
    ModelShelf shelf,
    SeriesReplay replay,
    SnapshotKeeper snapshots,
    IObservationStore store,
    ScoreBoard board,
    RegistryOptions options,
    TimeProvider clock)
{
    // A series whose late values come faster than its state is restored beside moves while it replays one of them.
    private const int Patience = 3;

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(250);

    private readonly List<ShadowRun> _shadows = [];
    private LoadedCheckpoint? _current;
    private ServedModel? _seen;
    private StateBeside? _next;

    /// <summary>A state before the first observation, of the version that serves.</summary>
    /// <remarks>
    /// A series that was not in memory when the champion moved has snapshots of the champion before only; it begins with that
    /// one, and moves like the others.
    /// </remarks>
    /// <exception cref="SequenceException">No version of the model runs on this node.</exception>
    public async Task<SeriesState> StartAsync()
    {
        var served = shelf.Served(model);
        if (served is null && _current is null)
        {
            return shelf.Start(definition);
        }

        if (_next?.Rebuilds >= Patience)
        {
            _current = _next.Checkpoint;
            _next = null;
        }

        if (_current is null)
        {
            _current = served!.Champion;
            if (served.Before is { } before && before.FaultFor(definition) is null
                && await store.FindSnapshotAsync(definition.Id, _current.Version) is null
                && await store.FindSnapshotAsync(definition.Id, before.Version) is not null)
            {
                _current = before;
            }
        }

        return new CheckpointState(definition, _current);
    }

    /// <summary>
    /// The state to answer with when the series comes into memory. Waits a moment for the versions beside it: one that leaves memory between
    /// any two of its observations would otherwise never have them ready for one.
    /// </summary>
    public async Task<KnownState> WakeAsync(KnownState known)
    {
        var answer = Move(known);
        List<Task> beside = [.. _shadows.Select(shadow => shadow.Ready)];
        if (_next is not null)
        {
            beside.Add(_next.Built);
        }

        if (beside.Count == 0)
        {
            return answer;
        }

        await Task.WhenAny(Task.WhenAll(beside), Task.Delay(Moment, clock));
        return Move(answer);
    }

    /// <summary>The state to answer with: that of the champion once it is level, until then the one there is.</summary>
    public KnownState Move(KnownState known)
    {
        if (shelf.Served(model) is not { } served)
        {
            return known;
        }

        if (!ReferenceEquals(served, _seen))
        {
            _seen = served;
            Arrange(served);
        }

        if (_next?.TryReady() is not { } ready || ready.KnownAt != known.KnownAt)
        {
            return known;
        }

        _current = _next.Checkpoint;
        _next = null;
        return ready;
    }

    /// <summary>Where the serving state's errors go; null when nobody asks for them.</summary>
    public List<StepError>? Errors() => _shadows.Count == 0 ? null : [];

    /// <summary>Lets all other versions take an append.</summary>
    /// <param name="batch">The observations.</param>
    /// <param name="appended">What became of them.</param>
    /// <param name="serving">Version of the serving state.</param>
    /// <param name="errors">Its errors.</param>
    public void Follow(Measurement[] batch, AppendResult appended, string serving, List<StepError>? errors)
    {
        _next?.Follow(batch, appended);
        foreach (var shadow in _shadows)
        {
            shadow.Follow(batch, appended, serving, errors ?? []);
        }
    }

    /// <summary>Stores what is not stored yet.</summary>
    public Task SaveAsync() => Task.WhenAll(_shadows.Select(shadow => shadow.SaveAsync()));

    private void Arrange(ServedModel served)
    {
        if (IsVersion(_current, served.Champion))
        {
            _next = null;
        }
        else if (!IsVersion(_next?.Checkpoint, served.Champion))
        {
            _next = Beside(served.Champion);
        }

        _shadows.RemoveAll(shadow => !served.Others.Contains(shadow.Checkpoint));
        foreach (var other in served.Others.Where(other => _shadows.TrueForAll(shadow => shadow.Checkpoint != other) && other.FaultFor(definition) is null))
        {
            _shadows.Add(new ShadowRun(model, definition, Beside(other), board, options.Promotion.Window, clock));
        }
    }

    private static bool IsVersion(LoadedCheckpoint? one, LoadedCheckpoint other) => string.Equals(one?.Version, other.Version, StringComparison.Ordinal);

    private StateBeside Beside(LoadedCheckpoint checkpoint) => new(definition, checkpoint, replay, snapshots);
}
