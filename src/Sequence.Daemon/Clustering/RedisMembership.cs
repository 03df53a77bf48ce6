using StackExchange.Redis;

namespace Sequence.Daemon.Clustering;

/// <summary>
/// The connection to the Redis in which the nodes of the cluster find each other. Once lost it is opened again by itself;
/// meanwhile the nodes go on with those they know.
/// </summary>
internal sealed class RedisMembership : IAsyncDisposable
{
    private RedisMembership(ConfigurationOptions options, ConnectionMultiplexer connection)
    {
        Options = options;
        Connection = connection;
    }

    public ConfigurationOptions Options { get; }

    public IConnectionMultiplexer Connection { get; }

    /// <summary>Whether a text can be read as a connection to Redis.</summary>
    public static bool IsValid(string connection)
    {
        try
        {
            return ConfigurationOptions.Parse(connection).EndPoints.Count > 0;
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            return false;
        }
    }

    /// <summary>Connects; null when the daemon serves alone.</summary>
    /// <exception cref="DaemonException">The server cannot be reached.</exception>
    public static async Task<RedisMembership?> ConnectAsync(ClusterOptions cluster)
    {
        if (cluster.RedisConnection is null)
        {
            return null;
        }

        var options = ConfigurationOptions.Parse(cluster.RedisConnection);
        options.AbortOnConnectFail = true;
        options.ClientName ??= "sequence";
        try
        {
            return new RedisMembership(options, await ConnectionMultiplexer.ConnectAsync(options));
        }
        catch (RedisConnectionException error)
        {
            throw new DaemonException(
                DaemonFault.Unavailable,
                $"Redis at {string.Join(", ", options.EndPoints)} cannot be reached ({error.FailureType}). See that it runs and that its address and " +
                "password are right.", error);
        }
    }

    public ValueTask DisposeAsync() => Connection.DisposeAsync();
}
