using Npgsql;

namespace Sequence.Daemon.Tests;

/// <summary>
/// The servers that tests of the cluster need, one of each for all of them, started by the first. CI installs them and sets
/// SEQUENCE_REQUIRE_SERVERS; elsewhere a test without its server is skipped.
/// </summary>
[TestClass]
public static class Servers
{
    private static readonly Lazy<Task<PostgresServer?>> Postgres = new(() => PostgresServer.CreateAsync(syncs: false));
    private static readonly Lazy<Task<RedisServer?>> Redis = new(RedisServer.CreateAsync);
    private static int _schemas;

    /// <summary>Connection to an empty schema of the shared server.</summary>
    internal static async Task<string> SchemaAsync()
    {
        var server = await Postgres.Value ?? throw Missing("PostgreSQL");
        var name = $"test_{Interlocked.Increment(ref _schemas)}";
        await using var connection = new NpgsqlConnection(server.Connection);
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"CREATE SCHEMA {name}", connection);
        await create.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(server.Connection) { SearchPath = name }.ConnectionString;
    }

    /// <summary>A server of the test's own, to stop and start.</summary>
    internal static async Task<PostgresServer> OwnPostgresAsync() => await PostgresServer.CreateAsync(syncs: true) ?? throw Missing("PostgreSQL");

    /// <summary>Connection to the shared server.</summary>
    internal static async Task<string> RedisAsync() => (await Redis.Value ?? throw Missing("Redis")).Connection;

    /// <summary>A server of the test's own, to stop and start.</summary>
    internal static async Task<RedisServer> OwnRedisAsync() => await RedisServer.CreateAsync() ?? throw Missing("Redis");

    [AssemblyCleanup]
    public static async Task StopAsync()
    {
        if (Postgres.IsValueCreated && await Postgres.Value is { } postgres)
        {
            await postgres.DisposeAsync();
        }

        if (Redis.IsValueCreated && await Redis.Value is { } redis)
        {
            await redis.DisposeAsync();
        }
    }

    private static UnitTestAssertException Missing(string server)
    {
        var reason = $"{server} is not installed.";
        return Environment.GetEnvironmentVariable("SEQUENCE_REQUIRE_SERVERS") is { Length: > 0 }
            ? new AssertFailedException(reason)
            : new AssertInconclusiveException(reason);
    }
}
