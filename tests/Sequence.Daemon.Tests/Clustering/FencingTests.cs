using System.Text.Json;

namespace Sequence.Daemon.Tests.Clustering;

/// <summary>
/// A cluster that changes may for a moment have two activations of one series. Here two daemons that do not know of each other
/// share one database, so that each has one all the time.
/// </summary>
[TestClass]
public sealed class FencingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [TestMethod]
    public async Task Append_AfterOnesThatAnotherActivationStored_ForecastsFromAll()
    {
        var cluster = new ClusterOptions { PostgresConnection = await Servers.SchemaAsync() };
        await using var one = await StartAsync("one", cluster);
        await using var other = await StartAsync("other", cluster);
        await one.PutAsync("a", """{"frequency":"D","model":"checkpoint:stack"}""");
        (int, double)[] days = [.. Enumerable.Range(0, 40).Select(day => (day, 100 + Math.Sin(day)))];
        await one.PostAsync("a", Days.Array(days[..30]));
        await other.PostAsync("a", Days.Array(days[30..33]));
        await one.PostAsync("a", Days.Array(days[33..36]));

        // A late one, and a correction, of which the other learns only by its next append.
        await other.PostAsync("a", Days.Array([(12, 7.0)]));
        await one.PostAsync("a", Days.Array(days[37..40]));
        await other.PostAsync("a", Days.Array([days[36]]));
        var last = await one.PostAsync("a", Days.Array([(40, 99)]));

        await using var fresh = await StartAsync("fresh", cluster);
        var state = (await fresh.GetAsync("/series/a")).GetProperty("state");
        Assert.AreEqual(state.GetProperty("stateHash").GetString(), Hash(last));
        var stored = (await fresh.GetAsync("/series/a/observations?limit=100")).GetProperty("observations");
        Assert.AreEqual(41, stored.GetArrayLength());
        Assert.AreEqual(7.0, stored[12].GetProperty("value").GetDouble());
    }

    [TestMethod]
    public async Task Append_OfTheSameByTwoActivationsAtOnce_StoresEachOnce()
    {
        var cluster = new ClusterOptions { PostgresConnection = await Servers.SchemaAsync() };
        await using var one = await StartAsync("one", cluster);
        await using var other = await StartAsync("other", cluster);
        await one.PutAsync("a", """{"frequency":"D","model":"checkpoint:stack"}""");
        JsonElement[] last = [];
        for (var day = 0; day < 60; day += 3)
        {
            var batch = Days.Array([(day, day), (day + 1, day), (day + 2, day)]);
            last = await Task.WhenAll(one.PostAsync("a", batch), other.PostAsync("a", batch));
            Assert.AreEqual(3, last.Sum(receipt => receipt.GetProperty("added").GetInt32()));
            Assert.AreEqual(3, last.Sum(receipt => receipt.GetProperty("duplicates").GetInt32()));
            Assert.AreEqual(Hash(last[0]), Hash(last[1]));
        }
    }

    public void Dispose() => _folder.Dispose();

    private static string Hash(JsonElement receipt) => receipt.GetProperty("stateHash").GetString()!;

    private Task<RunningDaemon> StartAsync(string name, ClusterOptions cluster)
    {
        var folder = _folder.File(name);
        SmallCheckpoints.WriteStack(folder, "stack");
        return RunningDaemon.StartAsync(folder, change: options => options with { Cluster = cluster });
    }
}
