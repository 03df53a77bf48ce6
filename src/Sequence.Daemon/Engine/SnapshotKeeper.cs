using Microsoft.Extensions.Logging;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Engine;

/// <summary>
/// Stores snapshots of states, so that a restart or a late value need not replay a whole series. Nothing depends on one being
/// stored: what a failure leaves out is replayed. Thread-safe.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="log">Told what could not be stored.</param>
/// <param name="spacing">Observations of a series between two of its snapshots.</param>
internal sealed partial class SnapshotKeeper(IObservationStore store, ILogger<SnapshotKeeper> log, int spacing = 1_000)
{
    private const int MostWaiting = 256;

    private int _waiting;

    /// <summary>
    /// Hands the store a snapshot when one is due, without waiting for the disk. When too many wait already, this one is left
    /// for the next time.
    /// </summary>
    public void Offer(KnownState known)
    {
        if (known.Unsaved < spacing || known.State.RowsToReplay is not null || Volatile.Read(ref _waiting) >= MostWaiting)
        {
            return;
        }

        _ = SaveAsync(known);
    }

    /// <summary>Stores a snapshot when the state has changed since the last one. The state may change as soon as this returns.</summary>
    public async Task SaveAsync(KnownState known)
    {
        if (known.Unsaved == 0 || known.State.RowsToReplay is not null || known.Snapshot() is not { } snapshot)
        {
            return;
        }

        known.MarkSaved();
        Interlocked.Increment(ref _waiting);
        try
        {
            await store.SaveAsync(snapshot);
        }
        catch (DaemonException error)
        {
            LogNotSaved(snapshot.SeriesId, error.Message);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    [LoggerMessage(LogLevel.Warning, "A snapshot of series {Series} was not stored, so that more of it is replayed: {Reason}")]
    private partial void LogNotSaved(string series, string reason);
}
