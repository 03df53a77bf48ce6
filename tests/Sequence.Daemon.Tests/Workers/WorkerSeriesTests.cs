using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Sequence.Daemon.Workers;

namespace Sequence.Daemon.Tests.Workers;

[TestClass]
public sealed class WorkerSeriesTests
{
    private const int Days = 40;

    [TestMethod]
    public async Task Series_OfAWorker_IsForecastAsByThePlanAndOutlivesItsDeath()
    {
        using var folder = new TemporaryFolder();
        SmallCheckpoints.WriteWindow(folder.Path, "window");
        await using var daemon = await StartAsync(folder);
        var prices = Tests.Days.Prices(Days + 5);
        await daemon.PutAsync("plan", """{"frequency":"D","model":"checkpoint:window","horizon":3,"levels":[80]}""");
        await daemon.PutAsync("torch", """{"frequency":"D","model":"worker:window","horizon":3,"levels":[80]}""");
        foreach (var series in (string[])["plan", "torch"])
        {
            await daemon.PostAsync(series, Tests.Days.Array(prices, 0, Days));
        }

        var expected = await daemon.GetAsync("/series/plan/forecast");
        await Until.TrueAsync(async () => (await daemon.SendAsync(HttpMethod.Get, "/series/torch/forecast")).Status == HttpStatusCode.OK);
        AssertSame(expected, await daemon.GetAsync("/series/torch/forecast"));
        await Until.TrueAsync(async () =>
            (await daemon.GetAsync("/series/torch/forecasts")).GetProperty("forecasts").EnumerateArray().Any());
        StringAssert.Contains((await daemon.SendAsync(HttpMethod.Get, "/series/torch/forecast?horizon=9")).Refused(HttpStatusCode.Conflict), "3 steps");

        // Killed: its series answer 503 with a time to come again, take in observations all the same, and all others are as before.
        var model = daemon.Services.GetRequiredService<WorkerShelf>().Model("window");
        using (var worker = Process.GetProcessById(model.ProcessId))
        {
            worker.Kill();
        }

        await Until.TrueAsync(async () => (await daemon.SendAsync(HttpMethod.Get, "/series/torch/forecast")).Status == HttpStatusCode.ServiceUnavailable);
        using (var down = await daemon.Client.GetAsync("/series/torch/forecast"))
        {
            Assert.AreEqual(HttpStatusCode.ServiceUnavailable, down.StatusCode);
            Assert.IsNotNull(down.Headers.RetryAfter);
            Assert.Contains("being started again", await down.Content.ReadAsStringAsync());
        }

        foreach (var series in (string[])["plan", "torch"])
        {
            Assert.AreEqual(5, (await daemon.PostAsync(series, Tests.Days.Array(prices, Days, 5))).GetProperty("added").GetInt32());
        }

        expected = await daemon.GetAsync("/series/plan/forecast");
        await Until.TrueAsync(async () => (await daemon.SendAsync(HttpMethod.Get, "/series/torch/forecast")).Status == HttpStatusCode.OK);
        AssertSame(expected, await daemon.GetAsync("/series/torch/forecast"));
        Assert.AreEqual(2, model.Starts);
    }

    [TestMethod]
    public async Task Checkpoint_ThatIsReplacedWhileItIsServed_IsRefusedUntilTheOldIsBack()
    {
        using var folder = new TemporaryFolder();
        SmallCheckpoints.WriteWindow(folder.Path, "window");
        await using var daemon = await StartAsync(folder, pause: TimeSpan.FromMilliseconds(100));
        await daemon.PutAsync("a", """{"frequency":"D","model":"worker:window","horizon":3,"levels":[80]}""");
        await daemon.PostAsync("a", Tests.Days.Array(Tests.Days.Prices(Days), 0, Days));
        await Until.TrueAsync(async () => (await ForecastAsync()).Status == HttpStatusCode.OK);
        var before = (await ForecastAsync()).Json();

        // Nothing happens to a worker that has opened the old one; the next opens the new one.
        SmallCheckpoints.WriteWindow(folder.Path, "window", seed: 5);
        Assert.AreEqual(before.GetRawText(), (await ForecastAsync()).Json().GetRawText());
        using (var worker = Process.GetProcessById(daemon.Services.GetRequiredService<WorkerShelf>().Model("window").ProcessId))
        {
            worker.Kill();
        }

        await Until.TrueAsync(async () => await ForecastAsync() is { Status: HttpStatusCode.ServiceUnavailable } down
            && down.Refused(HttpStatusCode.ServiceUnavailable).Contains("The checkpoint was changed", StringComparison.Ordinal));
        SmallCheckpoints.WriteWindow(folder.Path, "window");
        await Until.TrueAsync(async () => (await ForecastAsync()).Status == HttpStatusCode.OK);
        Assert.AreEqual(before.GetRawText(), (await ForecastAsync()).Json().GetRawText());

        Task<RunningDaemon.Answer> ForecastAsync() => daemon.SendAsync(HttpMethod.Get, "/series/a/forecast");
    }

    [TestMethod]
    public async Task Series_OfAWorkerThatIsNotThere_IsRefused()
    {
        using var folder = new TemporaryFolder();
        SmallCheckpoints.WriteWindow(folder.Path, "window");
        await using var daemon = await StartAsync(folder);
        foreach (var (body, said) in new[]
        {
            ("""{"frequency":"D","model":"worker:none"}""", "none"),
            ("""{"frequency":"D","model":"worker:../window"}""", "no name of a checkpoint"),
            ("""{"frequency":"H","model":"worker:window"}""", "trained on D"),
            ("""{"frequency":"D","model":"worker:window","horizon":9}""", "forecasts 3 steps"),
        })
        {
            Assert.Contains(said, (await daemon.SendAsync(HttpMethod.Put, "/series/a", body)).Refused(HttpStatusCode.BadRequest));
        }
    }

    private static Task<RunningDaemon> StartAsync(TemporaryFolder folder, TimeSpan? pause = null) => RunningDaemon.StartAsync(folder.Path, change: options => options with
    {
        Workers = new WorkerOptions
        {
            Program = ["dotnet", Path.Combine(AppContext.BaseDirectory, "sequence.dll")],
            FirstPause = pause ?? TimeSpan.FromSeconds(1),
        },
    });

    private static void AssertSame(JsonElement expected, JsonElement actual)
    {
        Assert.AreEqual(expected.GetProperty("modelVersion").GetString(), actual.GetProperty("modelVersion").GetString());
        Assert.AreEqual(expected.GetProperty("origin").GetString(), actual.GetProperty("origin").GetString());
        Close(expected.GetProperty("mean"), actual.GetProperty("mean"));
        foreach (var end in (string[])["lower", "upper"])
        {
            Close(expected.GetProperty("intervals")[0].GetProperty(end), actual.GetProperty("intervals")[0].GetProperty(end));
        }

        static void Close(JsonElement one, JsonElement other)
        {
            foreach (var (left, right) in one.EnumerateArray().Zip(other.EnumerateArray(), (left, right) => (left.GetDouble(), right.GetDouble())))
            {
                Assert.AreEqual(left, right, 1e-4 * Math.Abs(left));
            }
        }
    }
}
