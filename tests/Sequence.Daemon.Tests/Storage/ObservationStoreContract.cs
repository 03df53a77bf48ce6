using CsCheck;
using Sequence.Daemon.Storage;
using Sequence.Data;
using Sequence.Forecasting;

namespace Sequence.Daemon.Tests.Storage;

/// <summary>What every store promises; one class for each store inherits these tests.</summary>
public abstract class ObservationStoreContract
{
    private static readonly DateTimeOffset First = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ManualClock _clock = new();
    private int _samples;

    [TestMethod]
    public async Task Append_ThenReopened_KeepsEveryBit()
    {
        double[] values = [0.1, 0.0, double.Epsilon, double.MaxValue, -1e-300, 12345678901234567];
        await using (var store = await CreateAsync())
        {
            await store.AppendAsync("a", [.. values.Select((value, day) => Day(day, value))]);
        }

        await using var reopened = Open(_clock);
        var stored = await ReadAsync(reopened);
        CollectionAssert.AreEqual(
            values.Select(BitConverter.DoubleToInt64Bits).ToArray(),
            stored.Select(one => BitConverter.DoubleToInt64Bits(one.Value)).ToArray());
        CollectionAssert.AreEqual(Enumerable.Range(0, 6).Select(day => First.AddDays(day)).ToArray(), stored.Select(one => one.EventTime).ToArray());
    }

    [TestMethod]
    public async Task Append_SentTwice_StoresOnce()
    {
        await using var store = await CreateAsync();
        Measurement[] batch = [Day(0, 1), Day(1, 2, 17)];
        CollectionAssert.AreEqual(new[] { AppendOutcome.Added, AppendOutcome.Added }, await store.AppendAsync("a", batch));
        CollectionAssert.AreEqual(new[] { AppendOutcome.Duplicate, AppendOutcome.Duplicate }, await store.AppendAsync("a", batch));
        Assert.HasCount(2, await ReadAsync(store));
    }

    [TestMethod]
    public async Task Append_OfACorrection_KeepsWhatWasKnownBefore()
    {
        await using var store = await CreateAsync();
        await store.AppendAsync("a", [Day(0, 1), Day(1, 2)]);
        var before = _clock.Now;
        _clock.Now += TimeSpan.FromHours(1);
        CollectionAssert.AreEqual(new[] { AppendOutcome.Revised }, await store.AppendAsync("a", [Day(0, 5)]));
        var latest = await ReadAsync(store);
        CollectionAssert.AreEqual(new[] { 5.0, 2 }, latest.Select(one => one.Value).ToArray());
        CollectionAssert.AreEqual(new[] { 1, 0 }, latest.Select(one => one.Revision).ToArray());
        Assert.AreEqual(_clock.Now, latest[0].KnownAt);
        var then = await ReadAsync(store, new ObservationQuery { KnownAt = before, Limit = 9 });
        CollectionAssert.AreEqual(new[] { 1.0, 2 }, then.Select(one => one.Value).ToArray());
        Assert.IsEmpty(await ReadAsync(store, new ObservationQuery { KnownAt = before.AddTicks(-1), Limit = 9 }));
    }

    [TestMethod]
    public async Task Append_OfAnOldValueAgain_RevertsACorrectionOnlyUnderANewNumber()
    {
        await using var store = await CreateAsync();
        await store.AppendAsync("a", [Day(0, 1)]);
        await store.AppendAsync("a", [Day(0, 5)]);
        CollectionAssert.AreEqual(new[] { AppendOutcome.Duplicate }, await store.AppendAsync("a", [Day(0, 1)]));
        Assert.AreEqual(5, (await ReadAsync(store))[0].Value);
        CollectionAssert.AreEqual(new[] { AppendOutcome.Revised }, await store.AppendAsync("a", [Day(0, 1, 3)]));
        Assert.AreEqual(1, (await ReadAsync(store))[0].Value);
    }

    [TestMethod]
    public async Task Append_OfANumberThatIsTaken_StoresNothingOfTheBatch()
    {
        await using var store = await CreateAsync();
        await store.AppendAsync("a", [Day(0, 1, 4)]);
        var refusal = await Assert.ThrowsExactlyAsync<DaemonException>(() => store.AppendAsync("a", [Day(1, 2), Day(2, 3, 4)]));
        Assert.AreEqual(DaemonFault.Conflict, refusal.Fault);
        Assert.Contains("Number 4", refusal.Message);
        Assert.HasCount(1, await ReadAsync(store));
        CollectionAssert.AreEqual(new[] { AppendOutcome.Added }, await store.AppendAsync("a", [Day(1, 2)]));
    }

    [TestMethod]
    public async Task Append_ToNoSeries_IsRefusedAndHurtsNoOther()
    {
        await using var store = await CreateAsync();
        var good = Enumerable.Range(0, 20).Select(day => store.AppendAsync("a", [Day(day, day)])).ToArray();
        var refusal = await Assert.ThrowsExactlyAsync<DaemonException>(() => store.AppendAsync("none", [Day(0, 1)]));
        Assert.AreEqual(DaemonFault.NotFound, refusal.Fault);
        await Task.WhenAll(good);
        Assert.HasCount(20, await ReadAsync(store));
    }

    [TestMethod]
    public async Task Append_WithTheClockSetBack_StillOrdersWhatWasKnown()
    {
        await using var store = await CreateAsync();
        await store.AppendAsync("a", [Day(0, 1)]);
        var first = (await ReadAsync(store))[0].KnownAt;
        _clock.Now -= TimeSpan.FromDays(1);
        await store.AppendAsync("a", [Day(0, 2)]);
        var second = (await ReadAsync(store))[0].KnownAt;
        Assert.IsGreaterThan(first, second);
        Assert.AreEqual(1, (await ReadAsync(store, new ObservationQuery { KnownAt = first, Limit = 9 }))[0].Value);
        await store.DisposeAsync();
        await using var reopened = Open(_clock);
        await reopened.AppendAsync("a", [Day(0, 3)]);
        Assert.IsGreaterThan(second, (await ReadAsync(reopened))[0].KnownAt);
    }

    [TestMethod]
    public async Task Append_FromManyAtOnce_StoresEachOnce()
    {
        await using var store = await CreateAsync();
        await Task.WhenAll(Enumerable.Range(0, 400).Select(day => Task.Run(() => store.AppendAsync("a", [Day(day % 200, day % 200)]))));
        var stored = await ReadAsync(store);
        CollectionAssert.AreEqual(Enumerable.Range(0, 200).Select(day => (double)day).ToArray(), stored.Select(one => one.Value).ToArray());
        Assert.IsTrue(stored.All(one => one.Revision == 0));
    }

    [TestMethod]
    public Task Append_OfAnything_AgreesWithAListOfRevisions() => Gen.Select(Gen.Int[0, 4], Gen.Int[0, 2], Gen.Int[-3, 6])
        .Select((day, value, number) => Day(day, value, number < 0 ? null : number))
        .Array[1, 6].Array[1, 5]
        .SampleAsync(
            async batches =>
            {
                var id = $"s{Interlocked.Increment(ref _samples)}";
                await using var store = await CreateAsync(id);
                List<Measurement> log = [];
                foreach (var batch in batches)
                {
                    var (expected, grown) = Slow(log, batch);
                    AppendOutcome[]? outcomes;
                    try
                    {
                        outcomes = await store.AppendAsync(id, batch);
                    }
                    catch (DaemonException)
                    {
                        outcomes = null;
                    }

                    CollectionAssert.AreEqual(expected, outcomes);
                    log = grown;
                }

                CollectionAssert.AreEqual(
                    log.GroupBy(one => one.EventTime).OrderBy(one => one.Key).Select(one => (one.Key, one.Last().Value, one.Count() - 1)).ToArray(),
                    (await ReadAsync(store, id: id)).Select(one => (one.EventTime, one.Value, one.Revision)).ToArray());
            },
            iter: 40,
            threads: 1);

    [TestMethod]
    public async Task Read_InPages_GivesEveryEventTimeOnce()
    {
        await using var store = await CreateAsync();
        await store.AppendAsync("a", [.. Enumerable.Range(0, 7).Select(day => Day(day, day))]);
        await store.AppendAsync("a", [Day(2, 20), Day(3, 30)]);
        var page = await ReadAsync(store, new ObservationQuery { Limit = 3 });
        CollectionAssert.AreEqual(new[] { 0.0, 1, 20 }, page.Select(one => one.Value).ToArray());
        page = await ReadAsync(store, new ObservationQuery { After = page[^1].EventTime, Limit = 3 });
        CollectionAssert.AreEqual(new[] { 30.0, 4, 5 }, page.Select(one => one.Value).ToArray());
        var newest = await store.ReadNewestAsync("a", 5);
        CollectionAssert.AreEqual(new[] { 20.0, 30, 4, 5, 6 }, newest.Select(one => one.Value).ToArray());
        Assert.HasCount(7, await store.ReadNewestAsync("a", 99));
    }

    [TestMethod]
    public async Task Create_Twice_IsTheSameOrRefused()
    {
        await using var store = await CreateAsync();
        Assert.IsFalse(await store.CreateAsync(Series("a")));
        var refusal = await Assert.ThrowsExactlyAsync<DaemonException>(() => store.CreateAsync(Series("a") with { Levels = [50] }));
        Assert.AreEqual(DaemonFault.Conflict, refusal.Fault);
        Assert.AreEqual(Series("a"), await store.FindAsync("a"));
        Assert.IsNull(await store.FindAsync("A"));
    }

    [TestMethod]
    public async Task List_InPages_IsOrdinal()
    {
        await using var store = await CreateAsync();
        foreach (var id in (string[])["b", "B", "a-2", "a.1"])
        {
            Assert.IsTrue(await store.CreateAsync(Series(id)));
        }

        var first = await store.ListAsync(null, 3);
        CollectionAssert.AreEqual(new[] { "B", "a", "a-2" }, first.Select(one => one.Id).ToArray());
        CollectionAssert.AreEqual(new[] { "a.1", "b" }, (await store.ListAsync("a-2", 3)).Select(one => one.Id).ToArray());
    }

    [TestMethod]
    public async Task Forecasts_Recorded_ComeBackWithTheirOutcomes()
    {
        await using var store = await CreateAsync();
        await store.AppendAsync("a", [Day(0, 1), Day(1, 2)]);
        var older = Issued(0, "h0");
        var newer = Issued(1, "h1");
        await store.RecordAsync(older);
        await store.RecordAsync(newer);
        await store.RecordAsync(newer);
        await store.AppendAsync("a", [Day(1, 2.5)]);
        var history = await store.ReadForecastsAsync("a", null, 9);
        Assert.HasCount(2, history);
        CollectionAssert.AreEqual(new double?[] { null, null }, history[0].Outcomes);
        CollectionAssert.AreEqual(new double?[] { 2.5, null }, history[1].Outcomes);
        Assert.AreEqual("h0", history[1].Issued.StateHash);
        Assert.AreEqual("m@1", history[1].Issued.ModelVersion);
        var forecast = history[1].Issued.Forecast;
        Assert.AreEqual(First, forecast.Origin);
        CollectionAssert.AreEqual(older.Forecast.Mean, forecast.Mean);
        CollectionAssert.AreEqual(older.Forecast.Timestamps, forecast.Timestamps);
        CollectionAssert.AreEqual(older.Forecast.Intervals[0].Upper, forecast.Intervals[0].Upper);
        Assert.AreEqual("h0", (await store.ReadForecastsAsync("a", history[0].Number, 9)).Single().Issued.StateHash);
    }

    [TestMethod]
    public async Task Append_AfterClosing_IsUnavailable()
    {
        var store = await CreateAsync();
        await store.DisposeAsync();
        var refusal = await Assert.ThrowsExactlyAsync<DaemonException>(() => store.AppendAsync("a", [Day(0, 1)]));
        Assert.AreEqual(DaemonFault.Unavailable, refusal.Fault);
        await store.Completion;
    }

    private protected static Measurement Day(int day, double value, long? number = null) => new(First.AddDays(day), value, number);

    private protected static SeriesDefinition Series(string id) => new(id, new Frequency(FrequencyUnit.Day), "persistence", 2, [80, 95]);

    /// <summary>Opens the store of this test, which the first time is empty.</summary>
    private protected abstract IObservationStore Open(TimeProvider clock);

    private protected async Task<IObservationStore> CreateAsync(string id = "a")
    {
        var store = Open(_clock);
        await store.CreateAsync(Series(id));
        return store;
    }

    private protected static Task<IReadOnlyList<Observation>> ReadAsync(IObservationStore store, ObservationQuery? query = null, string id = "a") =>
        store.ReadAsync(id, query ?? new ObservationQuery { Limit = 1000 });

    private static IssuedForecast Issued(int day, string hash) => new(
        "m@1",
        hash,
        new Forecast(
            "a", First.AddDays(day), [First.AddDays(day + 1), First.AddDays(day + 2)], [1 / 3.0, day], [new PredictionInterval(80, [0, 0], [1 / 7.0, 1])]));

    /// <summary>The rules as they are written down, over a plain list of what was accepted.</summary>
    private static (AppendOutcome[]? Outcomes, List<Measurement> Log) Slow(List<Measurement> log, Measurement[] batch)
    {
        List<Measurement> grown = [.. log];
        List<AppendOutcome> outcomes = [];
        foreach (var one in batch)
        {
            if (one.Sequence is not null && grown.Any(other => other.Sequence == one.Sequence))
            {
                if (!grown.Contains(one))
                {
                    return (null, log);
                }

                outcomes.Add(AppendOutcome.Duplicate);
            }
            else if (one.Sequence is null && grown.Any(other => other.EventTime == one.EventTime && other.Value.Equals(one.Value)))
            {
                outcomes.Add(AppendOutcome.Duplicate);
            }
            else
            {
                outcomes.Add(grown.Any(other => other.EventTime == one.EventTime) ? AppendOutcome.Revised : AppendOutcome.Added);
                grown.Add(one);
            }
        }

        return ([.. outcomes], grown);
    }
}
