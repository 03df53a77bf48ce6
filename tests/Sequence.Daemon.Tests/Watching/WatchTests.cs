using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sequence.Daemon.Watching;

namespace Sequence.Daemon.Tests.Watching;

[TestClass]
public sealed class WatchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly double[] _prices = Days.Prices(300);

    [TestMethod]
    public async Task Levels_Adapted_AreStoredWithTheForecastAndGoOnAfterARestart()
    {
        SmallCheckpoints.WriteStack(_folder.Path, "m");
        string before;
        await using (var daemon = await RunningDaemon.StartAsync(_folder.Path))
        {
            await daemon.PutAsync("a", """{"frequency":"D","model":"checkpoint:m","horizon":2,"levels":[50]}""");
            await daemon.PostAsync("a", Days.Array(_prices, 0, 60));
            for (var day = 60; day < 90; day++)
            {
                await daemon.PostAsync("a", Days.Array(_prices, day, 1));
            }

            var current = await daemon.GetAsync("/series/a/forecast");
            var report = await daemon.GetAsync("/series/a/watch");
            before = report.GetProperty("levels").GetRawText();
            var effective = report.GetProperty("levels")[0].GetProperty("effective").GetDouble();
            Assert.AreNotEqual(50, effective, 1);
            Assert.AreEqual(30, report.GetProperty("oneStep").GetProperty("steps").GetInt32());
            Assert.AreEqual(28 * 2 + 2, report.GetProperty("allSteps").GetProperty("steps").GetInt32());

            // Of 40 scores 0.1 s, 0.2 s, .. at step s, the ceil(41 e / 100)-th with the effective level e.
            var rank = Math.Clamp((int)Math.Ceiling(0.41 * effective), 1, 40);
            Assert.AreEqual(
                current.GetProperty("mean")[1].GetDouble() + (0.2 * rank),
                current.GetProperty("intervals")[0].GetProperty("upper")[1].GetDouble(),
                1e-9);
            var unwatched = (await daemon.GetAsync("/series/a/forecast?levels=40")).GetProperty("intervals")[0];
            Assert.AreEqual(current.GetProperty("mean")[0].GetDouble() + 1.7, unwatched.GetProperty("upper")[0].GetDouble(), 1e-9, "ceil(16.4) = 17");

            // 40 scores tell no more than their highest: 100 * 40 / 41.
            Assert.Contains(
                "reach 97.56 %", (await daemon.SendAsync(HttpMethod.Get, "/series/a/forecast?levels=99.9")).Refused(HttpStatusCode.Conflict));
            var issued = await NewestAsync(daemon, Days.First.AddDays(89));
            Assert.AreEqual(effective, issued.GetProperty("effectiveLevels")[0].GetProperty("effective").GetDouble());
            Assert.AreEqual(50, issued.GetProperty("effectiveLevels")[0].GetProperty("level").GetDouble());
            Assert.IsFalse(issued.GetProperty("effectiveLevels")[0].GetProperty("isWidest").GetBoolean());
        }

        await using var restarted = await RunningDaemon.StartAsync(_folder.Path);
        Assert.AreEqual(before, (await restarted.GetAsync("/series/a/watch")).GetProperty("levels").GetRawText());
        await restarted.PostAsync("a", Days.Array([(30, 200.0)]));
        Assert.AreEqual(before, (await restarted.GetAsync("/series/a/watch")).GetProperty("levels").GetRawText(), "A late correction of what no forecast was of.");
    }

    [TestMethod]
    public async Task Level_BeyondTheCalibration_IsTheWidestThereIsAndSaysSo()
    {
        SmallCheckpoints.WriteStack(_folder.Path, "m");
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        await daemon.PutAsync("a", """{"frequency":"D","model":"checkpoint:m","levels":[90]}""");
        await daemon.PostAsync("a", Days.Array(_prices, 0, 60));

        // Steps of 50, that intervals of at most 4 hardly ever cover.
        for (var day = 60; day < 72; day++)
        {
            await daemon.PostAsync("a", Days.Array([(day, 100 + (50 * (day % 2)))]));
        }

        var level = (await daemon.GetAsync("/series/a/watch")).GetProperty("levels")[0];
        Assert.IsTrue(level.GetProperty("isWidest").GetBoolean());
        Assert.IsGreaterThan(100.0 * 40 / 41, level.GetProperty("effective").GetDouble(), "What 40 scores can give.");
        var forecast = await daemon.GetAsync("/series/a/forecast");
        Assert.AreEqual(4, forecast.GetProperty("intervals")[0].GetProperty("upper")[0].GetDouble() - forecast.GetProperty("mean")[0].GetDouble(), 1e-9);
        Assert.AreEqual(90, forecast.GetProperty("intervals")[0].GetProperty("level").GetDouble());
        Assert.IsTrue((await NewestAsync(daemon, Days.First.AddDays(71))).GetProperty("effectiveLevels")[0].GetProperty("isWidest").GetBoolean());
    }

    [TestMethod]
    public async Task Drift_OfInputs_IsToldOnceAndKeptOverARestart()
    {
        var random = new Numerics.CounterRandom(4);
        double[] values = [.. Enumerable.Range(0, 500).Select(day => random.NextGaussian() + (day < 250 ? 0 : 5))];
        List<DriftFinding> told = [];
        JsonElement before;
        await using (var daemon = await StartAsync())
        {
            daemon.Services.GetRequiredService<DriftLog>().Listen(finding =>
            {
                lock (told)
                {
                    told.Add(finding);
                }
            });
            await daemon.PutAsync("quiet", """{"frequency":"D","model":"mean"}""");
            await daemon.PutAsync("a", """{"frequency":"D","model":"mean"}""");
            await daemon.PostAsync("quiet", Days.Array(values, 0, 250));
            Assert.AreEqual(0, (await daemon.GetAsync("/watch")).GetProperty("series").GetArrayLength());
            await daemon.PostAsync("a", Days.Array(values, 0, 250));
            await daemon.PostAsync("a", Days.Array(values, 250, 100));
            await Until.TrueAsync(() =>
            {
                lock (told)
                {
                    return told.Count > 0;
                }
            });
            await daemon.PostAsync("a", Days.Array(values, 350, 100));
            var found = Assert.ContainsSingle(told);
            Assert.AreEqual(DriftKind.Inputs, found.Kind);
            Assert.AreEqual("a", found.Series);
            Assert.AreEqual(Days.First.AddDays(349), found.At);
            before = (await daemon.GetAsync("/watch")).GetProperty("series");
            Assert.AreEqual("a", Assert.ContainsSingle(before.EnumerateArray()).GetProperty("id").GetString());
            Assert.AreEqual("inputs", before[0].GetProperty("findings")[0].GetProperty("kind").GetString());
        }

        await using var restarted = await StartAsync();
        Assert.AreEqual(before.GetRawText(), (await restarted.GetAsync("/watch?limit=5")).GetProperty("series").GetRawText());
        await restarted.PostAsync("a", Days.Array(values, 450, 50));
        var report = await restarted.GetAsync("/series/a/watch");
        Assert.IsGreaterThan(0.25, report.GetProperty("inputs").GetProperty("populationStability").GetDouble());
        Assert.AreEqual(before[0].GetProperty("findings").GetRawText(), report.GetProperty("findings").GetRawText());
        Assert.AreEqual(0, (await restarted.GetAsync("/watch?after=a")).GetProperty("series").GetArrayLength());
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task Drift_OfInputs_OfASeriesThatIsRestoredAtEachAppend_IsFound(bool byLateValues)
    {
        // A late value restores a series in memory, and one that leaves memory is restored at its next append.
        var random = new Numerics.CounterRandom(4);
        double[] values = [.. Enumerable.Range(0, 600).Select(day => random.NextGaussian() + (day < 250 ? 0 : 5))];
        await using var daemon = await StartAsync();
        var memory = daemon.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
        var drift = daemon.Services.GetRequiredService<DriftLog>();
        await daemon.PutAsync("a", """{"frequency":"D","model":"mean"}""");
        await daemon.PostAsync("a", Days.Array(values, 0, 250));
        for (var day = 250; day < 590; day += 10)
        {
            if ((await drift.OfAsync("a")).Count > 0)
            {
                return;
            }

            await daemon.PostAsync("a", Days.Array(values, day + (byLateValues ? 1 : 0), byLateValues ? 9 : 10));
            if (byLateValues)
            {
                await daemon.PostAsync("a", Days.Array(values, day, 1));
            }
            else
            {
                await memory.ForceActivationCollection(TimeSpan.Zero);
            }
        }

        await Until.TrueAsync(async () => (await drift.OfAsync("a")).Count > 0);
    }

    [TestMethod]
    [DataRow(1e25, 1)]
    [DataRow(1e160, 1)]
    [DataRow(1.7e308, 1)]
    [DataRow(1.7e308, 3)]
    public async Task Watch_OfValuesAtTheEndOfTheRange_IsAnswered(double largest, int horizon)
    {
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        await daemon.PutAsync("a", $$"""{"frequency":"D","model":"persistence","horizon":{{horizon}},"levels":[80]}""");
        for (var day = 0; day < 6; day++)
        {
            await daemon.PostAsync("a", Days.Array([(day, day % 2 == 0 ? largest : -largest)]));
        }

        await daemon.PostAsync("a", Days.Array([.. Enumerable.Range(6, 300).Select(day => (day, day % 7 == 0 ? largest : day % 3))]));
        await daemon.PostAsync("a", Days.Array([(306, 1.0)]));
        var report = await daemon.GetAsync("/series/a/watch");
        Assert.IsGreaterThan(3, report.GetProperty("oneStep").GetProperty("steps").GetInt32());
        var root = report.GetProperty("oneStep").GetProperty("rootMeanSquaredError");
        Assert.AreEqual(largest < 1e38, root.ValueKind == JsonValueKind.Number, root.ToString());
        await daemon.GetAsync("/watch");
    }

    [TestMethod]
    public async Task Watch_OnBadRequests_IsRefused()
    {
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        Assert.Contains("no series", (await daemon.SendAsync(HttpMethod.Get, "/series/none/watch")).Refused(HttpStatusCode.NotFound));
        Assert.Contains("1 to 128", (await daemon.SendAsync(HttpMethod.Get, "/series/-/watch")).Refused(HttpStatusCode.BadRequest));
        Assert.Contains("1 to 1000", (await daemon.SendAsync(HttpMethod.Get, "/watch?limit=0")).Refused(HttpStatusCode.BadRequest));
        await daemon.PutAsync("a", """{"frequency":"D","model":"mean","levels":[]}""");
        var empty = await daemon.GetAsync("/series/a/watch");
        Assert.AreEqual(JsonValueKind.Null, empty.GetProperty("lastEventTime").ValueKind);
        Assert.AreEqual(JsonValueKind.Null, empty.GetProperty("inputs").ValueKind);
        var document = (await daemon.GetAsync("/openapi/v1.json")).GetProperty("paths");
        Assert.IsTrue(document.TryGetProperty("/watch", out _) && document.TryGetProperty("/series/{id}/watch", out _));
    }

    [TestMethod]
    public void Options_ThatCannotBeUsed_AreAllNamed()
    {
        var options = new DaemonOptions
        {
            DataDir = _folder.Path,
            Watch = new WatchOptions
            {
                Window = 29,
                Gamma = double.NaN,
                Confidence = 1,
                InputStability = 0,
                InputPValue = 0,
                ReferenceRows = 1,
                InputsEvery = 0,
                InputsPause = TimeSpan.FromSeconds(-1),
                Errors = new Forecasting.PageHinkley { Threshold = 0 },
            },
        };
        var message = Assert.ThrowsExactly<ConfigurationException>(options.Validate).Message;
        foreach (var name in typeof(WatchOptions).GetProperties().Where(property => property.CanWrite))
        {
            Assert.Contains($"Watch.{name.Name}", message);
        }
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<JsonElement> NewestAsync(RunningDaemon daemon, DateTimeOffset origin)
    {
        var newest = default(JsonElement);
        await Until.TrueAsync(async () =>
        {
            newest = (await daemon.GetAsync("/series/a/forecasts?limit=1")).GetProperty("forecasts")[0];
            return newest.GetProperty("origin").GetDateTimeOffset() == origin;
        });
        return newest;
    }

    private Task<RunningDaemon> StartAsync() => RunningDaemon.StartAsync(
        _folder.Path, services => services.Replace(ServiceDescriptor.Singleton(new WatchOptions { InputsPause = TimeSpan.Zero })));
}
