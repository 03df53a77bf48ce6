using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Sequence.Daemon.Engine;

namespace Sequence.Daemon.Tests.Clustering;

/// <summary>Several daemons that share their series through real servers.</summary>
[TestClass]
public sealed class ClusterTests : IDisposable
{
    private const int SeriesCount = 12;

    private readonly TemporaryFolder _folder = new();
    private int _nodes;

    [TestMethod]
    public async Task Nodes_OfACluster_ServeEachSeriesAsOne()
    {
        var cluster = await ClusterAsync();
        await using var first = await StartAsync(cluster);
        await using var second = await StartAsync(cluster);
        RunningDaemon[] nodes = [first, second];
        for (var series = 0; series < SeriesCount; series++)
        {
            await nodes[series % 2].PutAsync($"s{series}", """{"frequency":"D","model":"drift"}""");
        }

        for (var day = 0; day < 4; day++)
        {
            for (var series = 0; series < SeriesCount; series++)
            {
                await nodes[(series + day) % 2].PostAsync($"s{series}", Days.Array([(day, series + day)]));
            }
        }

        for (var series = 0; series < SeriesCount; series++)
        {
            var views = await Task.WhenAll(nodes.Select(node => node.GetAsync($"/series/s{series}")));
            var hashes = views.Select(view => view.GetProperty("state").GetProperty("stateHash").GetString()).Distinct().ToArray();
            Assert.HasCount(1, hashes);
        }

        // Each holds some of the series, and an error crosses from one to the other as what it is.
        var held = await Task.WhenAll(nodes.Select(node => node.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics()));
        Assert.HasCount(2, held[0].Where(one => one.GrainType.Contains(nameof(SeriesGrain), StringComparison.Ordinal) && one.ActivationCount > 0).ToArray());
        foreach (var node in nodes)
        {
            Assert.Contains("no series", (await node.SendAsync(HttpMethod.Get, "/series/none/forecast")).Refused(HttpStatusCode.NotFound));
            Assert.AreEqual("ready", (await node.SendAsync(HttpMethod.Get, "/health/ready")).Body);
        }
    }

    [TestMethod]
    public async Task Node_AskedToStop_HandsItsSeriesOverAtOnce()
    {
        var cluster = await ClusterAsync();
        await using var stays = await StartAsync(cluster);
        await using (var leaves = await StartAsync(cluster))
        {
            for (var series = 0; series < SeriesCount; series++)
            {
                await leaves.PutAsync($"s{series}", """{"frequency":"D","model":"drift"}""");
                await leaves.PostAsync($"s{series}", Days.Array([(0, 1), (1, series)]));
            }

            Assert.IsTrue(await leaves.StopAsync());
        }

        for (var series = 0; series < SeriesCount; series++)
        {
            var receipt = await stays.PostAsync($"s{series}", Days.Array([(1, series), (2, 3)]));
            Assert.AreEqual((1, 1), (receipt.GetProperty("added").GetInt32(), receipt.GetProperty("duplicates").GetInt32()));
        }
    }

    [TestMethod]
    public async Task Champion_MovedAtOneNode_MovesAtTheOtherAndRollsBackThere()
    {
        var cluster = await ClusterAsync();
        await using var first = await StartAsync(cluster);
        await using var second = await StartAsync(cluster);
        RunningDaemon[] nodes = [first, second];
        var (old, next) = (await first.UploadAsync("m", 3), await second.UploadAsync("m", 4));
        (await first.AliasAsync("m", "champion", old)).Json();
        var prices = Days.Prices(200);
        for (var series = 0; series < SeriesCount; series++)
        {
            await nodes[series % 2].PutAsync($"s{series}", """{"frequency":"D","model":"model:m"}""");
            await nodes[(series + 1) % 2].PostAsync($"s{series}", Days.Array(prices, 0, 100));
        }

        var day = 100;
        await ServedAsync(old);
        (await second.AliasAsync("m", "champion", next)).Json();
        await ServedAsync(next);
        (await first.SendAsync(HttpMethod.Post, "/models/m/rollback")).Json();
        await ServedAsync(old);

        // Whichever node holds a series, its observations are taken in all the while.
        Task ServedAsync(string version) => Until.TrueAsync(async () =>
        {
            var served = true;
            for (var series = 0; series < SeriesCount; series++)
            {
                await nodes[series % 2].PostAsync($"s{series}", Days.Array(prices, day, 1));
                served &= string.Equals(await nodes[(series + 1) % 2].ForecastVersionAsync($"s{series}"), version, StringComparison.Ordinal);
            }

            day = Math.Min(day + 1, prices.Length - 1);
            return served;
        });
    }

    [TestMethod]
    public async Task Redis_GoneAndBack_IsSaidAndNothingStops()
    {
        await using var redis = await Servers.OwnRedisAsync();
        var cluster = (await ClusterAsync()) with { RedisConnection = redis.Connection };
        await using var first = await StartAsync(cluster);
        await using var second = await StartAsync(cluster);
        await first.PutAsync("a", """{"frequency":"D","model":"drift"}""");
        await redis.StopAsync("KILL");
        await ReadyAsync(first, "degraded: Redis");
        await first.PostAsync("a", Days.Array([(0, 1)]));
        await second.PostAsync("a", Days.Array([(1, 1)]));
        await redis.StartAsync();
        await ReadyAsync(first, "ready");
        await using var third = await StartAsync(cluster);
        Assert.AreEqual(1, (await third.PostAsync("a", Days.Array([(2, 1)]))).GetProperty("added").GetInt32());
    }

    [TestMethod]
    public async Task Postgres_GoneAndBack_IsUnavailableMeanwhile()
    {
        await using var postgres = await Servers.OwnPostgresAsync();
        await using var node = await StartAsync(new ClusterOptions { PostgresConnection = postgres.Connection });
        await node.PutAsync("a", """{"frequency":"D","model":"drift"}""");
        await node.PostAsync("a", Days.Array([(0, 1)]));
        await postgres.StopAsync("QUIT");
        var append = await node.SendAsync(HttpMethod.Post, "/series/a/observations", Days.Array([(1, 1)]));
        Assert.Contains("store", append.Refused(HttpStatusCode.ServiceUnavailable));
        (await node.SendAsync(HttpMethod.Get, "/series/a/observations")).Refused(HttpStatusCode.ServiceUnavailable);
        (await node.SendAsync(HttpMethod.Get, "/health/ready")).Refused(HttpStatusCode.ServiceUnavailable);
        await postgres.StartAsync();
        Assert.AreEqual("ready", (await node.SendAsync(HttpMethod.Get, "/health/ready")).Body);
        var receipt = await node.PostAsync("a", Days.Array([(0, 1), (1, 1)]));
        Assert.AreEqual((1, 1), (receipt.GetProperty("added").GetInt32(), receipt.GetProperty("duplicates").GetInt32()));
    }

    [TestMethod]
    public async Task Start_WithoutItsRedis_SaysWhichAndNoPassword()
    {
        var cluster = (await ClusterAsync()) with { RedisConnection = "127.0.0.1:1,password=secret" };
        var refusal = await Assert.ThrowsExactlyAsync<ServerUnavailableException>(() => StartAsync(cluster));
        Assert.Contains("127.0.0.1:1", refusal.Message);
        Assert.DoesNotContain("secret", refusal.ToString());
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<ClusterOptions> ClusterAsync() => new()
    {
        PostgresConnection = await Servers.SchemaAsync(),
        RedisConnection = await Servers.RedisAsync(),
        ClusterId = Guid.NewGuid().ToString("N"),
        SiloPort = 0,
    };

    private static async Task ReadyAsync(RunningDaemon node, string expected)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        string answer;
        do
        {
            answer = (await node.SendAsync(HttpMethod.Get, "/health/ready")).Body;
        }
        while (!answer.StartsWith(expected, StringComparison.Ordinal) && !limit.IsCancellationRequested);

        Assert.StartsWith(expected, answer);
    }

    private Task<RunningDaemon> StartAsync(ClusterOptions cluster) =>
        RunningDaemon.StartAsync(
            _folder.File($"node-{_nodes++}"),
            change: options => options with { Cluster = cluster, Registry = options.Registry with { PollEvery = TimeSpan.FromMilliseconds(200) } });
}
