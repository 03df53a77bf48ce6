using Sequence.Daemon.Configuration;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Security;

/// <summary>Holds the store to the number of series it may have.</summary>
internal sealed class SeriesQuota(IObservationStore store, LiveOptions live)
{
    /// <summary>Passes when the series exists, or there is room for it.</summary>
    /// <exception cref="DaemonException">The store is full.</exception>
    public async Task RequireRoomAsync(string id, CancellationToken cancellationToken)
    {
        var most = live.Value.Limits.MostSeries;
        if (await store.CountAsync(cancellationToken) >= most && await store.FindAsync(id, cancellationToken) is null)
        {
            throw new DaemonException(
                DaemonFault.Conflict, $"There are {most} series, as many as Limits.MostSeries allows; raise it in the configuration to have more.");
        }
    }
}
