using Microsoft.Extensions.Logging;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Engine;

/// <summary>
/// Brings a state up to the store's latest view of its series: from the newest snapshot that can be read, then an observation
/// at a time. It shares nothing with a state that is serving, so any number can run beside it. Thread-safe.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="snapshots">Takes snapshots along a long replay.</param>
/// <param name="log">Told which snapshots could not be read.</param>
/// <param name="page">Observations read at a time.</param>
internal sealed partial class SeriesReplay(
    IObservationStore store, SnapshotKeeper snapshots, ILogger<SeriesReplay> log, int page = 10_000)
{
    /// <summary>Restores a state of any model version.</summary>
    /// <param name="start">The state before the first observation; it must not be used otherwise from here on.</param>
    /// <exception cref="DaemonException">The store cannot be read.</exception>
    public async Task<KnownState> RestoreAsync(SeriesState start)
    {
        var id = start.Definition.Id;

        // Read first: what is stored later makes the next append find a state that does not know it, never one that only seems to.
        var knownAt = await store.KnownAtAsync(id);
        if (start.RowsToReplay is { } rows)
        {
            var newest = new KnownState(start, knownAt);
            newest.Take(await store.ReadNewestAsync(id, rows));
            return newest;
        }

        if (await ReadSnapshotAsync(start) is { } snapshotKnownAt && snapshotKnownAt > knownAt)
        {
            knownAt = snapshotKnownAt;
        }

        var known = new KnownState(start, knownAt);
        IReadOnlyList<Observation> observations;
        do
        {
            observations = await store.ReadAsync(
                id, new ObservationQuery { After = start.LastEventTime, KnownAt = knownAt, Limit = page });
            known.Take(observations);
            snapshots.Offer(known);
        }
        while (observations.Count == page);

        return known;
    }

    /// <returns>The knowledge time of the snapshot that was read; null when there was none.</returns>
    private async Task<DateTimeOffset?> ReadSnapshotAsync(SeriesState start)
    {
        DateTimeOffset? before = null;
        while (await store.FindSnapshotAsync(start.Definition.Id, start.ModelVersion, before) is { } snapshot)
        {
            try
            {
                start.Read(snapshot.Body);
                return snapshot.KnownAt;
            }
            catch (SequenceException error)
            {
                LogPassedOver(start.Definition.Id, snapshot.LastEventTime, error.Message);
                before = snapshot.LastEventTime;
            }
        }

        return null;
    }

    [LoggerMessage(LogLevel.Warning, "The snapshot of series {Series} at {EventTime:O} was passed over, and the series replayed from before it: {Reason}")]
    private partial void LogPassedOver(string series, DateTimeOffset eventTime, string reason);
}
