using Microsoft.Extensions.Logging.Abstractions;
using Sequence.Daemon.Storage;
using Sequence.Daemon.Storage.Sqlite;
using Sequence.Daemon.Watching;
using Sequence.Data;
using Sequence.Forecasting;
using Sequence.Numerics;

namespace Sequence.Daemon.Tests.Watching;

[TestClass]
public sealed class WatchServiceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new();

    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(24)]
    [DataRow(48)]
    [DataRow(100)]
    public async Task Watch_RestoredBeforeEveryAppend_SaysWhatOneSaysThatNeverLeftMemory(int horizon)
    {
        // The noise doubles on the way, and some days are missing: of coverage and of errors there is something to find.
        var options = new WatchOptions { Window = 30, Gamma = 0.05, Errors = new PageHinkley { Tolerance = 0.1, Threshold = 20 } };
        var stride = (horizon + 15) / 16;
        var days = (options.Window * stride) + horizon + 60;
        var random = new CounterRandom(31);
        var definition = new SeriesDefinition("a", new Frequency(FrequencyUnit.Day), "mean", horizon, [50, 90]);
        await using var store = SqliteObservationStore.Open(_folder.File("store.db"), _clock);
        await store.CreateAsync(definition);
        var service = Service(store, options);
        var resident = new SeriesWatch(definition, "m", options, _clock);
        DateTimeOffset? last = null;
        for (var day = 0; day < days; day++)
        {
            var value = random.NextGaussian() * (day < days / 2 ? 1 : 3);
            if (day % 11 == 5)
            {
                continue;
            }

            var restored = await service.RestoreAsync(definition, "m", last);
            last = Days.First.AddDays(day);
            await store.AppendAsync("a", [new Measurement(last.Value, value)]);
            resident.Observe(last.Value, value);
            restored.Observe(last.Value, value);
            CollectionAssert.AreEqual(resident.EffectiveLevels, restored.EffectiveLevels, $"day {day}");
            var forecast = Make(last.Value, horizon, resident.EffectiveLevels);
            resident.Issue(forecast, 99);
            await store.RecordAsync(new IssuedForecast("m", $"hash {day}", forecast, restored.Issue(forecast, 99)));
            await service.SaveAsync(restored, "a");
        }

        var (expected, actual) = (resident.Report([], null), (await service.RestoreAsync(definition, "m", last)).Report([], null));
        Assert.AreEqual(expected.OneStep, actual.OneStep);
        Assert.AreEqual(expected.AllSteps, actual.AllSteps);
        CollectionAssert.AreEqual(expected.Levels, actual.Levels);
        Assert.AreEqual(expected.ErrorDrift, actual.ErrorDrift);
        CollectionAssert.AreEqual(expected.Findings, actual.Findings);
        Assert.IsNotEmpty(expected.Findings);
        Assert.AreNotEqual(CoverageVerdict.Unknown, expected.Levels[0].Verdict);
        Assert.AreNotEqual(90, expected.Levels[1].Effective);
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(48, 30)]
    [DataRow(100, 200)]
    public async Task Watch_AfterACrash_GoesOnFromWhatWasStoredLastAndTheForecastsSince(int horizon, int lost)
    {
        // As if the process had ended without a word some days after its last storing.
        var options = new WatchOptions { Window = 40, Gamma = 0.05 };
        var random = new CounterRandom(32);
        var definition = new SeriesDefinition("a", new Frequency(FrequencyUnit.Day), "mean", horizon, [50, 90]);
        await using var store = SqliteObservationStore.Open(_folder.File("store.db"), _clock);
        await store.CreateAsync(definition);
        var service = Service(store, options);
        var watch = await service.RestoreAsync(definition, "m", null);
        for (var day = 0; day < 300 + lost; day++)
        {
            var (time, value) = (Days.First.AddDays(day), random.NextGaussian());
            await store.AppendAsync("a", [new Measurement(time, value)]);
            watch.Observe(time, value);
            var forecast = Make(time, horizon, watch.EffectiveLevels);
            await store.RecordAsync(new IssuedForecast("m", $"hash {day}", forecast, watch.Issue(forecast, 99)));
            if (day == 299)
            {
                await service.SaveAsync(watch, "a");
            }
        }

        var (expected, actual) = (
            watch.Report([], null), (await service.RestoreAsync(definition, "m", Days.First.AddDays(299 + lost))).Report([], null));
        Assert.AreEqual(expected.OneStep, actual.OneStep);
        Assert.AreEqual(expected.AllSteps, actual.AllSteps);
        CollectionAssert.AreEqual(expected.Levels, actual.Levels);
        Assert.AreEqual(expected.ErrorDrift, actual.ErrorDrift);
    }

    [TestMethod]
    public async Task Watch_StoredTooLongAgo_BeginsFromTheLastForecasts()
    {
        var options = new WatchOptions { Window = 30 };
        var definition = new SeriesDefinition("a", new Frequency(FrequencyUnit.Day), "mean", 1000, [90]);
        await using var store = SqliteObservationStore.Open(_folder.File("store.db"), _clock);
        await store.CreateAsync(definition);
        var service = Service(store, options);
        var watch = await service.RestoreAsync(definition, "m", null);
        for (var day = 0; day < 110; day++)
        {
            var time = Days.First.AddDays(day);
            await store.AppendAsync("a", [new Measurement(time, 0)]);
            watch.Observe(time, 0);
            var forecast = Make(time, 1000, [50, 90]);
            await store.RecordAsync(new IssuedForecast("m", $"hash {day}", forecast, watch.Issue(forecast, null)));
            if (day == 3)
            {
                await service.SaveAsync(watch, "a");
            }
        }

        // Of 1,000 steps no more than 100 forecasts are read to go on.
        var restored = await service.RestoreAsync(definition, "m", Days.First.AddDays(109));
        Assert.AreEqual(29, restored.Report([], null).OneStep.Steps);
    }

    [TestMethod]
    public void Watch_ThatIsDamaged_IsNotRead()
    {
        var definition = new SeriesDefinition("a", new Frequency(FrequencyUnit.Day), "mean", 3, [50, 90]);
        var watch = new SeriesWatch(definition, "m", new WatchOptions(), _clock);
        for (var day = 0; day < 40; day++)
        {
            watch.Observe(Days.First.AddDays(day), day % 5);
            watch.Issue(Make(Days.First.AddDays(day), 3, watch.EffectiveLevels), 99);
        }

        var body = watch.Write()!;
        Assert.IsTrue(IsRead(body, "m", 39));
        Assert.IsFalse(IsRead(body, "n", 39), "of another version of the model");
        Assert.IsFalse(IsRead(body, "m", 38), "of a time that is still to come");
        for (var place = 0; place < body.Length; place++)
        {
            Assert.IsFalse(IsRead(body[..place], "m", 39), $"cut at {place}");
            body[place] ^= 0x10;
            Assert.IsFalse(IsRead(body, "m", 39), $"another byte at {place}");
            body[place] ^= 0x10;
        }

        bool IsRead(byte[] bytes, string version, int last) =>
            SeriesWatch.Read(bytes, definition, version, new WatchOptions(), _clock, Days.First.AddDays(last)) is not null;
    }

    public void Dispose() => _folder.Dispose();

    private static Forecast Make(DateTimeOffset origin, int horizon, double[] effective)
    {
        var mean = new double[horizon];
        return new Forecast(
            "a",
            origin,
            [.. Enumerable.Range(1, horizon).Select(step => origin.AddDays(step))],
            mean,
            [.. effective.Select((level, index) => new PredictionInterval(
                index == 0 ? 50 : 90, Array.ConvertAll(mean, _ => -level / 60), Array.ConvertAll(mean, _ => level / 60)))]);
    }

    private WatchService Service(SqliteObservationStore store, WatchOptions options) =>
        new(store, store, new DriftLog(store), options, _clock, NullLogger<WatchService>.Instance);
}
