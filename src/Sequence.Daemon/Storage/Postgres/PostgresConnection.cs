using System.Data.Common;
using System.Net.Sockets;
using Npgsql;

namespace Sequence.Daemon.Storage.Postgres;

/// <summary>What is asked of a connection to the server, and what its faults mean.</summary>
internal static class PostgresConnection
{
    private const int SecondsToConnect = 5;
    private const int SecondsOfACommand = 20;

    /// <summary>Whether a text can be read as a connection to PostgreSQL. What is wrong with it is not said: it holds a password.</summary>
    public static bool IsValid(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString).Host is { Length: > 0 };
        }
        catch (Exception error) when (error is ArgumentException or FormatException or KeyNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Adds what was not given: a server that does not answer must not hold a request for longer than its client waits.</summary>
    public static string Complete(string connectionString)
    {
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        var complete = new NpgsqlConnectionStringBuilder(connectionString) { PersistSecurityInfo = false, IncludeErrorDetail = false };
        if (!given.ContainsKey("Application Name"))
        {
            complete.ApplicationName = "sequence";
        }

        if (!given.ContainsKey("Timeout"))
        {
            complete.Timeout = SecondsToConnect;
        }

        if (!given.ContainsKey("Command Timeout"))
        {
            complete.CommandTimeout = SecondsOfACommand;
        }

        return complete.ConnectionString;
    }

    /// <summary>Sees that commits of this connection are answered only when they are synced.</summary>
    /// <exception cref="DaemonException">The server does not let itself be asked for that.</exception>
    public static async Task RequireSyncAsync(NpgsqlConnection connection)
    {
        if (await SettingAsync(connection, "synchronous_commit") is not ("on" or "remote_apply"))
        {
            await PostgresSchema.ExecuteAsync(connection, "SET synchronous_commit = on");
        }

        if (await SettingAsync(connection, "synchronous_commit") is not ("on" or "remote_apply") and var found)
        {
            throw new DaemonException(
                DaemonFault.Unavailable, $"PostgreSQL keeps synchronous_commit at '{found}'; let the daemon's user set it to on.");
        }
    }

    public static async Task<IReadOnlyList<string>> WarningsAsync(NpgsqlConnection connection)
    {
        List<string> warnings = [];
        foreach (var setting in (string[])["fsync", "full_page_writes"])
        {
            if (await SettingAsync(connection, setting) != "on")
            {
                warnings.Add(
                    $"PostgreSQL runs with {setting} = off: a power cut may lose or break what was acknowledged. Set it to on in postgresql.conf.");
            }
        }

        return warnings;
    }

    /// <summary>Whether the server or the way to it failed, not the daemon.</summary>
    public static bool IsFault(Exception error) => error is DbException or IOException or SocketException or TimeoutException;

    /// <summary>What the server or the way to it said, on one line.</summary>
    public static string Reason(Exception error) =>
        error is PostgresException told ? $"{told.MessageText} ({told.SqlState})" : error.Message.ReplaceLineEndings(" ");

    /// <summary>Whether the connection is gone, so that another may do better.</summary>
    public static bool IsLoss(Exception error) =>
        IsFault(error) && error is not PostgresException { SqlState: not (PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown) };

    private static async Task<string?> SettingAsync(NpgsqlConnection connection, string name) =>
        await PostgresSchema.ScalarAsync(connection, $"SELECT current_setting('{name}')") as string;
}
