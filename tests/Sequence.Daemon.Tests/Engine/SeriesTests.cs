using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Sequence.Data;
using Sequence.Forecasting;
using Sequence.Streaming;

namespace Sequence.Daemon.Tests.Engine;

[TestClass]
public sealed class SeriesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly double[] _prices = Days.Prices(400);

    [TestMethod]
    [DataRow("stack")]
    [DataRow("window")]
    public async Task Forecast_OfACheckpoint_IsThatOfItsRunOverAllObservations(string kind)
    {
        var directory = kind == "stack" ? SmallCheckpoints.WriteStack(_folder.Path, "m") : SmallCheckpoints.WriteWindow(_folder.Path, "m");
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        await daemon.PutAsync("a", """{"frequency":"D","model":"checkpoint:m","horizon":2,"levels":[80]}""");
        await daemon.PostAsync("a", Days.Array(_prices, 0, 100));
        await daemon.PostAsync("a", Days.Array(_prices, 100, 1));
        var forecast = await daemon.GetAsync("/series/a/forecast");

        var model = StreamingModel.Open(directory);
        var running = model.Start();
        foreach (var price in _prices[..101])
        {
            running.Observe(price);
        }

        var expected = running.Forecast();
        CollectionAssert.AreEqual(expected[..2], Numbers(forecast, "mean"));
        Assert.AreEqual(model.Manifest.Sha256, forecast.GetProperty("modelVersion").GetString());
        Assert.AreEqual(Days.First.AddDays(100), forecast.GetProperty("origin").GetDateTimeOffset());
        Assert.AreEqual(Days.First.AddDays(102), forecast.GetProperty("timestamps")[1].GetDateTimeOffset());

        // Of 40 scores 0.1 s, 0.2 s, .. at step s, the ceil(41 * 0.8) = 33rd.
        var interval = forecast.GetProperty("intervals").EnumerateArray().Single();
        CollectionAssert.AreEqual(new[] { expected[0] + (0.1 * 1 * 33), expected[1] + (0.1 * 2 * 33) }, Numbers(interval, "upper"));
        CollectionAssert.AreEqual(expected, Numbers(await daemon.GetAsync("/series/a/forecast?horizon=3&levels="), "mean"));
        var refusal = await daemon.SendAsync(HttpMethod.Get, "/series/a/forecast?horizon=4");
        Assert.Contains("at most 3", refusal.Refused(HttpStatusCode.Conflict));
    }

    [TestMethod]
    public async Task Forecast_OfABaseline_IsThatOfAFitOnTheNewestRows()
    {
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        await daemon.PutAsync("a", """{"frequency":"D","model":"theta","horizon":3,"levels":[95,80]}""");
        await daemon.PostAsync("a", Days.Array(_prices, 0, 300));
        var forecast = await daemon.GetAsync("/series/a/forecast");
        var history = new TimeSeries(
            "a", new Frequency(FrequencyUnit.Day), Enumerable.Range(0, 300).Select(day => Days.First.AddDays(day)).ToArray(), _prices.AsMemory(0, 300));
        var expected = new ConformalForecaster(BaselineCatalogue.Create("theta", history.Frequency), new ConformalOptions { Horizon = 3 })
            .Fit(history).Forecast(history, 3, [80, 95]);
        CollectionAssert.AreEqual(expected.Mean, Numbers(forecast, "mean"));
        CollectionAssert.AreEqual(expected.Intervals[1].Lower, Numbers(forecast.GetProperty("intervals")[1], "lower"));
    }

    [TestMethod]
    [DataRow("checkpoint:m")]
    [DataRow("seasonal-naive")]
    public async Task State_HoweverItCameAbout_IsThatOfAReplay(string model)
    {
        SmallCheckpoints.WriteStack(_folder.Path, "m");
        string[] hashes;
        await using (var daemon = await RunningDaemon.StartAsync(_folder.Path))
        {
            foreach (var id in (string[])["once", "one-by-one", "late", "corrected"])
            {
                await daemon.PutAsync(id, $$"""{"frequency":"D","model":"{{model}}"}""");
            }

            await daemon.PostAsync("once", Days.Array(_prices, 0, 30));
            for (var day = 0; day < 30; day++)
            {
                await daemon.PostAsync("one-by-one", Days.Array(_prices, day, 1));
            }

            await daemon.PostAsync("late", Days.Array(_prices, 10, 20));
            await daemon.PostAsync("late", Days.Array(_prices, 0, 10));
            await daemon.PostAsync("corrected", Days.Array([.. _prices.Take(30).Select((price, day) => (day, day == 12 ? 1 : price))]));
            var wrong = await HashAsync(daemon, "corrected");
            var receipt = await daemon.PostAsync("corrected", Days.Array([(12, _prices[12])]));
            Assert.AreEqual(1, receipt.GetProperty("revised").GetInt32());
            Assert.AreNotEqual(wrong, receipt.GetProperty("stateHash").GetString());
            hashes = await Task.WhenAll(((string[])["once", "one-by-one", "late", "corrected"]).Select(id => HashAsync(daemon, id)));
        }

        Assert.AreEqual(1, hashes.Distinct().Count(), string.Join(' ', hashes));
        await using var restarted = await RunningDaemon.StartAsync(_folder.Path);
        Assert.AreEqual(hashes[0], await HashAsync(restarted, "corrected"));
    }

    [TestMethod]
    public async Task Series_LeftIdle_LeavesMemoryAndComesBackTheSame()
    {
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        await daemon.PutAsync("a", """{"frequency":"D","model":"drift"}""");
        var before = (await daemon.PostAsync("a", Days.Array(_prices, 0, 30))).GetProperty("stateHash").GetString();
        var management = daemon.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
        Assert.AreEqual(1, await SeriesInMemoryAsync(management));
        await management.ForceActivationCollection(TimeSpan.Zero);
        Assert.AreEqual(0, await SeriesInMemoryAsync(management));
        Assert.AreEqual(before, await HashAsync(daemon, "a"));
        var duplicates = await daemon.PostAsync("a", Days.Array(_prices, 0, 30));
        Assert.AreEqual(30, duplicates.GetProperty("duplicates").GetInt32());
        Assert.AreEqual(before, duplicates.GetProperty("stateHash").GetString());
    }

    [TestMethod]
    public async Task Observation_ThatTheModelRefuses_IsKeptAndReported()
    {
        SmallCheckpoints.WriteStack(_folder.Path, "m");
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        await daemon.PutAsync("a", """{"frequency":"D","model":"checkpoint:m"}""");
        await daemon.PostAsync("a", Days.Array(_prices, 0, 20));
        await daemon.PostAsync("a", Days.Array([(20, -1.0)]));
        var state = (await daemon.GetAsync("/series/a")).GetProperty("state");
        Assert.AreEqual(1, state.GetProperty("refused").GetInt32());
        Assert.Contains("2020-01-21", state.GetProperty("lastRefusal").GetString()!);
        Assert.AreEqual(21, (await daemon.GetAsync("/series/a/observations")).GetProperty("observations").GetArrayLength());
        await daemon.PostAsync("a", Days.Array([(20, _prices[20])]));
        Assert.AreEqual(0, (await daemon.GetAsync("/series/a")).GetProperty("state").GetProperty("refused").GetInt32());
    }

    [TestMethod]
    public async Task Forecasts_Issued_AreKeptWithTheirOutcomes()
    {
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        await daemon.PutAsync("a", """{"frequency":"D","model":"persistence","horizon":2,"levels":[]}""");
        var first = await daemon.PostAsync("a", Days.Array([(0, 5.0)]));
        await daemon.PostAsync("a", Days.Array([(1, 6.0)]));
        JsonElement[] history;
        do
        {
            history = [.. (await daemon.GetAsync("/series/a/forecasts")).GetProperty("forecasts").EnumerateArray()];
        }
        while (history.Length < 2);

        Assert.AreEqual(first.GetProperty("stateHash").GetString(), history[1].GetProperty("stateHash").GetString());
        CollectionAssert.AreEqual(new[] { 5.0, 5 }, Numbers(history[1], "mean"));
        Assert.AreEqual("[6,null]", history[1].GetProperty("outcomes").GetRawText());
        Assert.AreEqual("[null,null]", history[0].GetProperty("outcomes").GetRawText());
    }

    [TestMethod]
    public async Task Series_OfACheckpointThatIsGone_IsUnavailableAndTheOthersServe()
    {
        var directory = SmallCheckpoints.WriteStack(_folder.Path, "m");
        await using (var daemon = await RunningDaemon.StartAsync(_folder.Path))
        {
            await daemon.PutAsync("a", """{"frequency":"D","model":"checkpoint:m"}""");
            await daemon.PutAsync("b", """{"frequency":"D","model":"mean"}""");
        }

        var weights = Path.Combine(directory, "weights.safetensors");
        var bytes = await File.ReadAllBytesAsync(weights);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(weights, bytes);
        await using var restarted = await RunningDaemon.StartAsync(_folder.Path);
        var refusal = await restarted.SendAsync(HttpMethod.Post, "/series/a/observations", Days.Array(_prices, 0, 3));
        Assert.Contains("cannot be used", refusal.Refused(HttpStatusCode.ServiceUnavailable));
        await restarted.PostAsync("b", Days.Array(_prices, 0, 3));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<string> HashAsync(RunningDaemon daemon, string id) =>
        (await daemon.GetAsync($"/series/{id}")).GetProperty("state").GetProperty("stateHash").GetString()!;

    private static async Task<int> SeriesInMemoryAsync(IManagementGrain management) =>
        (await management.GetSimpleGrainStatistics()).Where(one => one.GrainType.Contains("SeriesGrain")).Sum(one => one.ActivationCount);

    private static double[] Numbers(JsonElement element, string name) =>
        [.. element.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];
}
