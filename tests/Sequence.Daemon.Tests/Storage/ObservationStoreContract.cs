using CsCheck;
using Sequence.Daemon.Storage;
using Sequence.Data;
using Sequence.Forecasting;

namespace Sequence.Daemon.Tests.Storage;

/// <summary>What every store promises; one class for each store inherits these tests.</summary>
public abstract partial class ObservationStoreContract
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
        CollectionAssert.AreEqual(new[] { AppendOutcome.Added, AppendOutcome.Added }, (await store.AppendAsync("a", batch)).Outcomes);
        CollectionAssert.AreEqual(new[] { AppendOutcome.Duplicate, AppendOutcome.Duplicate }, (await store.AppendAsync("a", batch)).Outcomes);
        Assert.HasCount(2, await ReadAsync(store));
    }

    [TestMethod]
    public async Task Append_OfACorrection_KeepsWhatWasKnownBefore()
    {
        await using var store = await CreateAsync();
        await store.AppendAsync("a", [Day(0, 1), Day(1, 2)]);
        var before = _clock.Now;
        _clock.Now += TimeSpan.FromHours(1);
        CollectionAssert.AreEqual(new[] { AppendOutcome.Revised }, (await store.AppendAsync("a", [Day(0, 5)])).Outcomes);
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
        CollectionAssert.AreEqual(new[] { AppendOutcome.Duplicate }, (await store.AppendAsync("a", [Day(0, 1)])).Outcomes);
        Assert.AreEqual(5, (await ReadAsync(store))[0].Value);
        CollectionAssert.AreEqual(new[] { AppendOutcome.Revised }, (await store.AppendAsync("a", [Day(0, 1, 3)])).Outcomes);
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
        CollectionAssert.AreEqual(new[] { AppendOutcome.Added }, (await store.AppendAsync("a", [Day(1, 2)])).Outcomes);
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
                        outcomes = (await store.AppendAsync(id, batch)).Outcomes;
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
    public async Task Create_OfASchedule_IsKeptToTheTick()
    {
        var series = Series("a") with { ForecastEvery = TimeSpan.FromTicks(10_000_001) };
        await using (var store = Open(_clock))
        {
            Assert.IsTrue(await store.CreateAsync(series));
            Assert.IsFalse(await store.CreateAsync(series));
            await Assert.ThrowsExactlyAsync<DaemonException>(() => store.CreateAsync(Series("a")));
        }

        await using var reopened = Open(_clock);
        Assert.AreEqual(series, await reopened.FindAsync("a"));
        Assert.AreEqual(series, (await reopened.ListAsync(null, 10)).Single());
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
        Assert.IsTrue(await store.RecordAsync(older));
        Assert.IsTrue(await store.RecordAsync(newer));
        Assert.IsFalse(await store.RecordAsync(newer));
        var atOnce = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.RecordAsync(older)));
        Assert.IsFalse(atOnce.Any(isNew => isNew));
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
        CollectionAssert.AreEqual(newer.EffectiveLevels, history[0].Issued.EffectiveLevels);
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

    [TestMethod]
    public async Task Count_OfTheSeries_IsThatOfThoseCreated()
    {
        await using (var store = Open(_clock))
        {
            Assert.AreEqual(0, await store.CountAsync());
            await Task.WhenAll(Enumerable.Range(0, 20).Select(one => store.CreateAsync(Series($"s{one % 10}"))));
            await Assert.ThrowsExactlyAsync<DaemonException>(() => store.CreateAsync(Series("s1") with { Horizon = 9 }));
            Assert.AreEqual(10, await store.CountAsync());
        }

        await using var reopened = Open(_clock);
        await reopened.CreateAsync(Series("another"));
        Assert.AreEqual(11, await reopened.CountAsync());
    }

    [TestMethod]
    public async Task Append_SaysWhenTheSeriesWasChanged()
    {
        await using var store = await CreateAsync();
        var first = await store.AppendAsync("a", [Day(0, 1)]);
        Assert.AreEqual(DateTimeOffset.MinValue, first.KnownBefore);
        var second = await store.AppendAsync("a", [Day(1, 1)]);
        Assert.AreEqual(first.KnownAt, second.KnownBefore);
        Assert.IsGreaterThan(first.KnownAt, second.KnownAt);
        Assert.AreEqual(second.KnownAt, (await ReadAsync(store))[1].KnownAt);
        var again = await store.AppendAsync("a", [Day(1, 1)]);
        Assert.AreEqual((second.KnownAt, second.KnownAt), (again.KnownBefore, again.KnownAt));
    }

    [TestMethod]
    public async Task Snapshot_Saved_IsFoundByItsEventTime()
    {
        DateTimeOffset known;
        await using (var store = await CreateAsync())
        {
            known = (await store.AppendAsync("a", [.. Enumerable.Range(0, 9).Select(day => Day(day, day))])).KnownAt;
            await store.SaveAsync(new StateSnapshot("a", "m", First.AddDays(3), known, [3]));
            await store.SaveAsync(new StateSnapshot("a", "m", First.AddDays(8), known, [8]));
            await store.SaveAsync(new StateSnapshot("a", "m", First.AddDays(8), known, [8, 8]));
            await store.SaveAsync(new StateSnapshot("a", "other", First.AddDays(5), known, [5]));
        }

        await using var reopened = Open(_clock);
        var newest = await reopened.FindSnapshotAsync("a", "m");
        Assert.AreEqual((First.AddDays(8), known), (newest!.LastEventTime, newest.KnownAt));
        CollectionAssert.AreEqual(new byte[] { 8, 8 }, newest.Body);
        CollectionAssert.AreEqual(new byte[] { 3 }, (await reopened.FindSnapshotAsync("a", "m", First.AddDays(8)))!.Body);
        Assert.IsNull(await reopened.FindSnapshotAsync("a", "m", First.AddDays(3)));
        Assert.IsNull(await reopened.FindSnapshotAsync("a", "none"));
        Assert.IsNull(await reopened.FindSnapshotAsync("b", "m"));
    }

    [TestMethod]
    public async Task Snapshot_ThatALateValueContradicts_IsGoneAndNotTaken()
    {
        await using var store = await CreateAsync();
        var known = (await store.AppendAsync("a", [.. Enumerable.Range(0, 9).Select(day => Day(day, day))])).KnownAt;
        foreach (var day in new[] { 2, 4, 6 })
        {
            await store.SaveAsync(new StateSnapshot("a", "m", First.AddDays(day), known, [(byte)day]));
        }

        var corrected = (await store.AppendAsync("a", [Day(4, 40), Day(9, 9)])).KnownAt;
        CollectionAssert.AreEqual(new byte[] { 2 }, (await store.FindSnapshotAsync("a", "m"))!.Body);
        await store.SaveAsync(new StateSnapshot("a", "m", First.AddDays(6), known, [6]));
        CollectionAssert.AreEqual(new byte[] { 2 }, (await store.FindSnapshotAsync("a", "m"))!.Body);
        await store.SaveAsync(new StateSnapshot("a", "m", First.AddDays(9), corrected, [9]));
        CollectionAssert.AreEqual(new byte[] { 9 }, (await store.FindSnapshotAsync("a", "m"))!.Body);
    }

    [TestMethod]
    public async Task Snapshot_SavedAfterMany_ThinsThemOut()
    {
        await using var store = await CreateAsync();
        var known = (await store.AppendAsync("a", [.. Enumerable.Range(0, 9).Select(day => Day(day, day))])).KnownAt;
        for (var day = 1; day < 9; day++)
        {
            await store.SaveAsync(new StateSnapshot("a", "m", First.AddDays(day), known, [(byte)day]));
            await store.SaveAsync(new StateSnapshot("a", "other", First.AddDays(1), known, [1]));
        }

        List<int> kept = [];
        while (await store.FindSnapshotAsync("a", "m", kept.Count == 0 ? null : First.AddDays(kept[^1])) is { } found)
        {
            kept.Add(found.Body[0]);
        }

        CollectionAssert.AreEqual(new[] { 8, 7, 6, 5, 3, 1 }, kept);
        Assert.IsNotNull(await store.FindSnapshotAsync("a", "other"));
    }

    [TestMethod]
    public async Task KnownAt_OfASeries_IsWhenItLastStoredSomething()
    {
        await using var store = await CreateAsync();
        Assert.AreEqual(DateTimeOffset.MinValue, await store.KnownAtAsync("a"));
        var known = (await store.AppendAsync("a", [Day(0, 1)])).KnownAt;
        await store.AppendAsync("a", [Day(0, 1)]);
        Assert.AreEqual(known, await store.KnownAtAsync("a"));
        Assert.AreEqual(DaemonFault.NotFound, (await Assert.ThrowsExactlyAsync<DaemonException>(() => store.KnownAtAsync("none"))).Fault);
    }

    [TestMethod]
    public async Task Document_PutByRevision_OnlyByWhoKnowsIt()
    {
        await using (var store = await CreateAsync())
        {
            var documents = (IDocumentStore)store;
            Assert.IsNull(await documents.FindAsync("k", "x"));
            Assert.IsNull(await documents.PutAsync("k", "x", 1, [1]));
            Assert.AreEqual(1, await documents.PutAsync("k", "x", 0, [1]));
            Assert.IsNull(await documents.PutAsync("k", "x", 0, [2]));
            Assert.AreEqual(2, await documents.PutAsync("k", "x", 1, [2]));
            Assert.IsNull(await documents.PutAsync("k", "x", 1, [3]));
            Assert.AreEqual(1, await documents.PutAsync("k", "y", 0, []));
            Assert.AreEqual(1, await documents.PutAsync("k", "Z", 0, [9]));
            Assert.AreEqual(1, await documents.PutAsync("other", "x", 0, [7]));
        }

        await using var reopened = Open(_clock);
        var stored = (IDocumentStore)reopened;
        var found = await stored.FindAsync("k", "x");
        Assert.AreEqual(("k", "x", 2L), (found!.Kind, found.Key, found.Revision));
        CollectionAssert.AreEqual(new byte[] { 2 }, found.Body);
        CollectionAssert.AreEqual(new[] { "Z", "x", "y" }, (await stored.ListAsync("k", null, 9)).Select(one => one.Key).ToArray());
        CollectionAssert.AreEqual(new[] { "x" }, (await stored.ListAsync("k", "Z", 1)).Select(one => one.Key).ToArray());
        Assert.IsFalse(await stored.DeleteAsync("k", "x", 1));
        Assert.IsTrue(await stored.DeleteAsync("k", "x", 2));
        Assert.IsFalse(await stored.DeleteAsync("k", "x", 2));
        Assert.IsNull(await stored.FindAsync("k", "x"));
        Assert.IsNotNull(await stored.FindAsync("other", "x"));
    }

    [TestMethod]
    public async Task Document_PutByMany_IsPutByOne()
    {
        await using var store = await CreateAsync();
        var documents = (IDocumentStore)store;
        var put = await Task.WhenAll(Enumerable.Range(0, 40).Select(one => Task.Run(() => documents.PutAsync("k", "x", 0, [(byte)one]))));
        Assert.AreEqual(1, put.Count(revision => revision is not null));
        Assert.AreEqual(Array.FindIndex(put, revision => revision is not null), (await documents.FindAsync("k", "x"))!.Body[0]);
    }

    [TestMethod]
    public async Task Replace_OfADocument_HoldsWhateverWasThere()
    {
        await using var store = await CreateAsync();
        var documents = (IDocumentStore)store;
        foreach (var (revision, body) in new (long?, byte)[] { (null, 1), (0, 2), (null, 3), (99, 4) })
        {
            var stored = await documents.ReplaceAsync("k", "x", revision, [body]);
            var found = (await documents.FindAsync("k", "x"))!;
            Assert.AreEqual((stored, body), (found.Revision, found.Body.Single()));
        }
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

    private protected static IssuedForecast Issued(int day, string hash) => new(
        "m@1",
        hash,
        new Forecast(
            "a", First.AddDays(day), [First.AddDays(day + 1), First.AddDays(day + 2)], [1 / 3.0, day], [new PredictionInterval(80, [0, 0], [1 / 7.0, 1])]),
        [new EffectiveLevel(80, 80 + (1 / 3.0), day == 1)]);

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
