using Sequence.Daemon.Storage;
using Sequence.Daemon.Storage.Postgres;

namespace Sequence.Daemon.Clustering;

/// <summary>Whether the servers that a node stands on answer.</summary>
internal sealed class ClusterHealth(IObservationStore store, RedisMembership? membership)
{
    /// <summary>What of the cluster does not work although this node serves; null when all does.</summary>
    /// <exception cref="DaemonException">The store's server does not answer.</exception>
    public async Task<string?> DegradedAsync(CancellationToken cancellationToken)
    {
        if (store is PostgresObservationStore postgres)
        {
            await postgres.PingAsync(cancellationToken);
        }

        return membership?.Connection.IsConnected == false
            ? "Redis cannot be reached: the nodes go on with those they know, but none can join and one that dies is not noticed."
            : null;
    }
}
