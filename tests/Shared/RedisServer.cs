using StackExchange.Redis;

namespace Sequence.Tests;

/// <summary>A Redis server from the installed program. It syncs what it is told once a second to a file, as a cluster's should.</summary>
internal sealed class RedisServer : ServerProcess
{
    private readonly string _program;
    private readonly string _password = Guid.NewGuid().ToString("N");

    private RedisServer(string program) => _program = program;

    public string Connection => $"127.0.0.1:{Port},password={_password}";

    protected override string[] Command =>
    [
        _program, "--port", $"{Port}", "--bind", "127.0.0.1", "--dir", Folder, "--appendonly", "yes", "--save", string.Empty,
        "--requirepass", _password,
    ];

    protected override string EndSignal => "TERM";

    /// <summary>Starts one; null when Redis is not installed.</summary>
    public static async Task<RedisServer?> CreateAsync()
    {
        if (Find("redis-server") is not { } program)
        {
            return null;
        }

        var server = new RedisServer(program);
        await server.StartAsync();
        return server;
    }

    protected override async Task<bool> AnswersAsync()
    {
        try
        {
            await using var connection = await ConnectionMultiplexer.ConnectAsync($"{Connection},connectTimeout=1000");
            return connection.IsConnected;
        }
        catch (RedisConnectionException)
        {
            return false;
        }
    }
}
