using Npgsql;

namespace Sequence.Tests;

/// <summary>A PostgreSQL server from the installed programs.</summary>
internal sealed class PostgresServer : ServerProcess
{
    // The server refuses to run as root; the distribution's package makes this user.
    private static readonly string[] AsUser = Environment.IsPrivilegedProcess
        ? ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"]
        : [];

    private readonly string _programs;
    private readonly bool _syncs;
    private readonly string _password = Guid.NewGuid().ToString("N");

    private PostgresServer(string programs, bool syncs)
    {
        _programs = programs;
        _syncs = syncs;
    }

    /// <summary>Connection to a database that each server has.</summary>
    public string Connection => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = "sequence",
        Password = _password,
        Database = "postgres",
    }.ConnectionString;

    protected override string[] Command =>
    [
        .. AsUser, Path.Combine(_programs, "postgres"), "-D", Data, "-p", $"{Port}", "-c", "listen_addresses=127.0.0.1",
        "-c", $"unix_socket_directories={Folder}", "-c", _syncs ? "fsync=on" : "fsync=off",
    ];

    protected override string EndSignal => "INT";

    private string Data => Path.Combine(Folder, "data");

    /// <summary>Makes and starts one; null when PostgreSQL is not installed.</summary>
    /// <param name="syncs">False is quicker, and may lose data when the machine stops.</param>
    public static async Task<PostgresServer?> CreateAsync(bool syncs)
    {
        var installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(folder => Path.Combine(folder, "bin")).ToArray()
            : [];
        if (Find("initdb", installed) is not { } initialise)
        {
            return null;
        }

        var server = new PostgresServer(Path.GetDirectoryName(initialise)!, syncs);
        var password = Path.Combine(server.Folder, "password");
        await File.WriteAllTextAsync(password, server._password);
        if (AsUser.Length > 0)
        {
            Run("chown", "-R", "postgres", server.Folder);
        }

        Run([.. AsUser, initialise, "-D", server.Data, "-U", "sequence", "--auth", "scram-sha-256", "--pwfile", password, "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]);
        await server.StartAsync();
        return server;
    }

    protected override async Task<bool> AnswersAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection($"{Connection};Pooling=false;Timeout=5");
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
