using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Tests.Storage;

/// <summary>What every store deletes, and what it must not.</summary>
public abstract partial class ObservationStoreContract
{
    [TestMethod]
    public async Task Forget_OfOldForecasts_DeletesThoseAndNothingElse()
    {
        DateTimeOffset third;
        await using (var store = await CreateAsync())
        {
            await store.CreateAsync(Series("b"));
            await store.AppendAsync("a", [Day(0, 1), Day(1, 2)]);
            await store.SaveAsync(new StateSnapshot("a", "m@1", First.AddDays(1), await store.KnownAtAsync("a"), [1]));
            await RecordDailyAsync(store, 5);
            third = (await store.ReadForecastsAsync("a", null, 9))[2].IssuedAt;
            Assert.AreEqual(0, await store.ForgetForecastsAsync(third.AddDays(-3), 100));
            Assert.AreEqual(4, await store.ForgetForecastsAsync(third, 100), "two of each series; what was issued at that very time stays");
            Assert.AreEqual(0, await store.ForgetForecastsAsync(third, 100));
        }

        await using var reopened = Open(_clock);
        foreach (var id in (string[])["a", "b"])
        {
            CollectionAssert.AreEqual(new[] { "h4", "h3", "h2" }, (await reopened.ReadForecastsAsync(id, null, 9)).Select(one => one.Issued.StateHash).ToArray());
        }

        Assert.AreEqual(third, (await reopened.ReadForecastsAsync("a", null, 9))[2].IssuedAt);
        Assert.HasCount(2, await ReadAsync(reopened));
        Assert.IsNotNull(await reopened.FindSnapshotAsync("a", "m@1"));
    }

    [TestMethod]
    public async Task Forget_OfMoreThanTheLimit_TakesTheOldestFirst()
    {
        await using var store = await CreateAsync();
        await RecordDailyAsync(store, 8);
        var last = (await store.ReadForecastsAsync("a", null, 1))[0].IssuedAt;
        Assert.AreEqual(3, await store.ForgetForecastsAsync(last, 3));
        CollectionAssert.AreEqual(
            new[] { "h7", "h6", "h5", "h4", "h3" }, (await store.ReadForecastsAsync("a", null, 9)).Select(one => one.Issued.StateHash).ToArray());
        Assert.AreEqual(3, await store.ForgetForecastsAsync(last, 3));
        Assert.AreEqual(1, await store.ForgetForecastsAsync(last, 3));
        Assert.AreEqual(0, await store.ForgetForecastsAsync(last, 3));
        Assert.AreEqual("h7", (await store.ReadForecastsAsync("a", null, 9)).Single().Issued.StateHash);
    }

    [TestMethod]
    public async Task Forecasts_ReadInPagesWhileOldOnesGo_AreEachGivenOnce()
    {
        await using var store = await CreateAsync();
        await RecordDailyAsync(store, 9);
        var page = await store.ReadForecastsAsync("a", null, 3);
        await store.ForgetForecastsAsync(page[0].IssuedAt.AddDays(-4), 100);
        CollectionAssert.AreEqual(new[] { "h8", "h7", "h6" }, page.Select(one => one.Issued.StateHash).ToArray());
        page = await store.ReadForecastsAsync("a", page[^1].Number, 3);
        CollectionAssert.AreEqual(new[] { "h5", "h4" }, page.Select(one => one.Issued.StateHash).ToArray());
        Assert.IsEmpty(await store.ReadForecastsAsync("a", page[^1].Number, 3));
    }

    /// <summary>Who follows the forecasts of a series by number would miss one that got the number of another.</summary>
    [TestMethod]
    public async Task Forget_OfAll_GivesNoNumberTwice()
    {
        long number;
        await using (var store = await CreateAsync())
        {
            await RecordDailyAsync(store, 3);
            number = (await store.ReadForecastsAsync("a", null, 1))[0].Number;
            Assert.AreEqual(3, await store.ForgetForecastsAsync(DateTimeOffset.MaxValue, 100));
            Assert.IsEmpty(await store.ReadForecastsAsync("a", null, 9));
        }

        await using var reopened = Open(_clock);
        Assert.IsTrue(await reopened.RecordAsync(Issued(2, "h2")));
        Assert.IsGreaterThan(number, (await reopened.ReadForecastsAsync("a", null, 9)).Single().Number);
    }

    [TestMethod]
    public async Task Forget_WithTheClockSetBack_DeletesNothing()
    {
        await using var store = await CreateAsync();
        await store.AppendAsync("a", [Day(0, 1)]);
        await RecordDailyAsync(store, 3);
        _clock.Now -= TimeSpan.FromDays(400);
        await store.RecordAsync(Issued(7, "after"));
        Assert.AreEqual(0, await store.ForgetForecastsAsync(_clock.Now.AddDays(-1), 100));
        _clock.Now += TimeSpan.FromDays(400);
        Assert.AreEqual(0, await store.ForgetForecastsAsync(_clock.Now.AddDays(-4), 100), "Its time of issue is not before that of what it was made from.");
        Assert.HasCount(4, await store.ReadForecastsAsync("a", null, 9));
    }

    [TestMethod]
    public async Task Forget_ByManyWhileOthersWrite_DeletesEachOnce()
    {
        await using var store = await CreateAsync();
        for (var day = 0; day < 100; day++)
        {
            await store.RecordAsync(Issued(day, $"h{day}"));
        }

        _clock.Now += TimeSpan.FromDays(30);
        var bound = _clock.Now.AddDays(-1);
        var writes = Enumerable.Range(0, 200).Select(day => Task.Run(async () =>
        {
            await store.AppendAsync("a", [Day(day, day)]);
            await store.RecordAsync(Issued(day, $"h{day}"));
        })).ToArray();
        var deleted = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var sum = 0;
            while (await store.ForgetForecastsAsync(bound, 7) is > 0 and var more)
            {
                sum += more;
            }

            return sum;
        })));
        await Task.WhenAll(writes);
        Assert.AreEqual(100, deleted.Sum());
        Assert.HasCount(200, await ReadAsync(store));
        Assert.IsTrue((await store.ReadForecastsAsync("a", null, 1000)).All(one => one.IssuedAt >= bound));
    }

    [TestMethod]
    public async Task Snapshot_OfAModelVersionTooMany_PutsOutTheOldest()
    {
        await using var store = await CreateAsync();
        await store.CreateAsync(Series("b"));
        await SaveAsync(store, "b", "v1", 0, [Day(0, 1)]);
        for (var version = 1; version <= 6; version++)
        {
            await SaveAsync(store, "a", $"v{version}", 2 * version, [Day(2 * version, 1)]);
            await SaveAsync(store, "a", $"v{version}", (2 * version) + 1, [Day((2 * version) + 1, 1)]);
        }

        CollectionAssert.AreEqual(new[] { "v3", "v4", "v5", "v6" }, await VersionsAsync(store, "a"));
        CollectionAssert.AreEqual(new byte[] { 7 }, (await store.FindSnapshotAsync("a", "v3"))!.Body);
        CollectionAssert.AreEqual(new byte[] { 6 }, (await store.FindSnapshotAsync("a", "v3", First.AddDays(7)))!.Body);
        CollectionAssert.AreEqual(new[] { "v1" }, await VersionsAsync(store, "b"));
    }

    [TestMethod]
    public async Task Snapshot_OfAVersionThatRunsAgain_StaysForWhatItKnows()
    {
        await using var store = await CreateAsync();
        for (var version = 1; version <= 4; version++)
        {
            await SaveAsync(store, "a", $"v{version}", version, [Day(version, version)]);
        }

        await SaveAsync(store, "a", "v1", 5, [Day(5, 5)]);
        await SaveAsync(store, "a", "v5", 6, [Day(6, 6)]);
        CollectionAssert.AreEqual(new[] { "v1", "v3", "v4", "v5" }, await VersionsAsync(store, "a"));
    }

    [TestMethod]
    public async Task Snapshot_OfAVersionThatKnowsLess_StaysWhenItIsTheOneSaved()
    {
        await using var store = await CreateAsync();
        var known = (await store.AppendAsync("a", [Day(0, 0)])).KnownAt;
        for (var version = 1; version <= 4; version++)
        {
            await SaveAsync(store, "a", $"v{version}", version, [Day(version, version)]);
        }

        await store.SaveAsync(new StateSnapshot("a", "v0", First, known, [0]));
        CollectionAssert.AreEqual(new[] { "v0", "v2", "v3", "v4" }, await VersionsAsync(store, "a"));
    }

    [TestMethod]
    public async Task Snapshot_OfFourVersionsAtOnce_KeepsAll()
    {
        await using var store = await CreateAsync();
        await SaveAsync(store, "a", "v1", 0, [Day(0, 0)]);
        await SaveAsync(store, "a", "v2", 1, [Day(1, 0)]);
        var known = (await store.AppendAsync("a", [Day(2, 2)])).KnownAt;
        await Task.WhenAll(Enumerable.Range(3, 4).Select(version =>
            Task.Run(() => store.SaveAsync(new StateSnapshot("a", $"v{version}", First.AddDays(2), known, [2])))));
        CollectionAssert.AreEqual(new[] { "v3", "v4", "v5", "v6" }, await VersionsAsync(store, "a"));
    }

    /// <summary>A forecast a day of every series there is.</summary>
    private async Task RecordDailyAsync(IObservationStore store, int days)
    {
        for (var day = 0; day < days; day++)
        {
            _clock.Now += TimeSpan.FromDays(1);
            foreach (var series in await store.ListAsync(null, 9))
            {
                var issued = Issued(day, $"h{day}");
                Assert.IsTrue(await store.RecordAsync(issued with { Forecast = issued.Forecast with { SeriesId = series.Id } }));
            }
        }
    }

    private static async Task SaveAsync(IObservationStore store, string id, string version, int day, Measurement[] batch)
    {
        var known = (await store.AppendAsync(id, batch)).KnownAt;
        await store.SaveAsync(new StateSnapshot(id, version, First.AddDays(day), known, [(byte)day]));
    }

    private static async Task<string[]> VersionsAsync(IObservationStore store, string id)
    {
        List<string> found = [];
        for (var version = 0; version <= 6; version++)
        {
            if (await store.FindSnapshotAsync(id, $"v{version}") is not null)
            {
                found.Add($"v{version}");
            }
        }

        return [.. found];
    }
}
