using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Sequence.Daemon.Storage;
using Sequence.Daemon.Storage.Postgres;
using Sequence.Daemon.Storage.Sqlite;

namespace Sequence.Daemon.Clustering;

/// <summary>What one machine and a cluster do differently.</summary>
internal static class ClusterSetup
{
    // Two of the others must have missed this many probes in a row until a node counts as dead and its series are served
    // elsewhere. The time between probes follows how fast the node has answered, up to the longest.
    private const int MissedProbes = 3;
    private const int Votes = 2;

    private static readonly TimeSpan FirstProbe = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestProbe = TimeSpan.FromSeconds(5);

    // A node of which nothing was written for three of these times does not keep others from starting, as after a power cut of all.
    private static readonly TimeSpan SaysItLives = TimeSpan.FromSeconds(10);

    /// <summary>Time after which a node that was killed counts as dead, unless the others are themselves too slow to tell.</summary>
    public static TimeSpan MembershipTimeout => (MissedProbes + 1) * LongestProbe;

    /// <summary>Opens the store that the options name.</summary>
    public static async Task<IObservationStore> OpenStoreAsync(ClusterOptions cluster, string embedded, TimeProvider clock) =>
        cluster.PostgresConnection is { } connection
            ? await PostgresObservationStore.OpenAsync(connection, clock)
            : SqliteObservationStore.Open(embedded, clock);

    public static IServiceCollection AddCluster(this IServiceCollection services, IObservationStore store, RedisMembership? membership) => services
        .AddSingleton(store)
        .AddSingleton((IDocumentStore)store)
        .AddSingleton(new ClusterHealth(store, membership));

    public static void UseCluster(this ISiloBuilder silo, ClusterOptions cluster, RedisMembership? membership)
    {
        // No gateway: every client of the grains lives in the process of a node.
        if (membership is null)
        {
            silo.UseLocalhostClustering(FreePort(), gatewayPort: 0);
            return;
        }

        silo.Configure<Orleans.Configuration.ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster.ClusterId, cluster.ClusterId));
        silo.UseRedisClustering(options =>
        {
            options.ConfigurationOptions = membership.Options;
            options.CreateMultiplexer = _ => Task.FromResult((membership.Connection, IsShared: true));
        });
        silo.ConfigureEndpoints(
            IPAddress.Parse(cluster.AdvertisedAddress), cluster.SiloPort == 0 ? FreePort() : cluster.SiloPort, gatewayPort: 0);
        silo.Configure<ClusterMembershipOptions>(options =>
        {
            options.ProbeTimeout = FirstProbe;
            options.MaxProbeTimeout = LongestProbe;
            options.NumMissedProbesLimit = MissedProbes;
            options.NumVotesForDeathDeclaration = Votes;
            options.IAmAliveTablePublishTimeout = SaysItLives;
        });
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
