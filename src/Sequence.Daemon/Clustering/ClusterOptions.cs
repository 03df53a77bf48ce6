using System.Net;
using Sequence.Daemon.Clustering;

namespace Sequence.Daemon;

/// <summary>
/// With which others the daemon serves. Without either connection it serves alone on its embedded store; with PostgreSQL it
/// serves alone on that; with both it is one of a cluster that shares the series among its nodes.
/// </summary>
public sealed record ClusterOptions
{
    /// <summary>Connection to the database of the store, such as Host=10.0.0.5;Database=sequence;Username=sequence;Password=...</summary>
    /// <value>Default: null, an embedded store in the data folder.</value>
    public string? PostgresConnection { get; init; }

    /// <summary>Connection to the Redis in which the nodes of a cluster find each other, such as 10.0.0.5:6379,password=...</summary>
    /// <value>Default: null, no cluster.</value>
    public string? RedisConnection { get; init; }

    /// <summary>Name of the cluster; nodes of the same name on the same Redis are one.</summary>
    /// <value>Default: sequence.</value>
    public string ClusterId { get; init; } = "sequence";

    /// <summary>
    /// Address at which the other nodes reach this one. What they say to each other is neither encrypted nor authenticated:
    /// it must be in a private network.
    /// </summary>
    /// <value>Default: 127.0.0.1, for nodes on one machine.</value>
    public string AdvertisedAddress { get; init; } = "127.0.0.1";

    /// <summary>Port of that address; 0 takes any that is free.</summary>
    /// <value>Default: 11111.</value>
    public int SiloPort { get; init; } = 11111;

    /// <summary>The names and the address; never the connections, which hold passwords.</summary>
    public override string ToString() => $"{nameof(ClusterOptions)} {{ {ClusterId} at {AdvertisedAddress}:{SiloPort} }}";

    internal void Check(List<string> faults)
    {
        if (RedisConnection is not null && PostgresConnection is null)
        {
            faults.Add(
                "Cluster.RedisConnection is given without Cluster.PostgresConnection: each node would have a store of its own. Give both, or " +
                "neither to serve on one machine.");
        }

        // What is wrong with a connection is not said, as it would hold parts of the password.
        if (PostgresConnection is not null && !Storage.Postgres.PostgresConnection.IsValid(PostgresConnection))
        {
            faults.Add(
                "Cluster.PostgresConnection cannot be read; give Host=..;Port=..;Database=..;Username=..;Password=.. and put a password that " +
                "holds a semicolon in quotes.");
        }

        if (RedisConnection is not null && !RedisMembership.IsValid(RedisConnection))
        {
            faults.Add("Cluster.RedisConnection cannot be read; give HOST:PORT,password=..");
        }

        if (ClusterId.Length is < 1 or > 100 || !ClusterId.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.'))
        {
            faults.Add($"Cluster.ClusterId is '{ClusterId}'; give 1 to 100 of A-Z, a-z, 0-9, '.', '_' and '-'.");
        }

        if (!IPAddress.TryParse(AdvertisedAddress, out var address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        {
            faults.Add($"Cluster.AdvertisedAddress is '{AdvertisedAddress}'; give the IP address at which the other nodes reach this one.");
        }

        if (SiloPort is < 0 or > IPEndPoint.MaxPort)
        {
            faults.Add($"Cluster.SiloPort is {SiloPort}; give 0 to {IPEndPoint.MaxPort}.");
        }
    }
}
