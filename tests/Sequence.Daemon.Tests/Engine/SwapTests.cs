using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Sequence.Daemon.Engine;
using Sequence.Daemon.Registry;
using Sequence.Daemon.Storage;
using Sequence.Data;
using Sequence.Streaming;

namespace Sequence.Daemon.Tests.Engine;

/// <summary>Series of a registered model while its aliases move.</summary>
[TestClass]
public sealed class SwapTests : IDisposable
{
    private const string Series = """{"frequency":"D","model":"model:m","levels":[80]}""";

    private readonly TemporaryFolder _folder = new();
    private readonly double[] _prices = Days.Prices(600);

    [TestMethod]
    public async Task Swap_WhileClientsAppend_FailsNothingAndLeavesTheStateOfAReplay()
    {
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        var (first, second) = (await daemon.UploadAsync("m", 3), await daemon.UploadAsync("m", 4));
        (await daemon.AliasAsync("m", "champion", first)).Json();
        string[] ids = ["a", "b", "late"];
        foreach (var id in ids)
        {
            await daemon.PutAsync(id, Series);
            await daemon.PostAsync(id, Days.Array(_prices, 20, 200));
        }

        using var stop = new CancellationTokenSource();
        var sent = new int[ids.Length];
        var load = ids.Select((id, index) => Task.Run(async () =>
        {
            for (var day = 220; !stop.IsCancellationRequested && day < 600; day++)
            {
                // Answers with a refusal throw.
                await daemon.PostAsync(id, Days.Array(_prices, day, 1));
                sent[index] = day + 1;
                if (id == "late" && day % 7 == 0)
                {
                    // A value before the first, and the first corrected.
                    await daemon.PostAsync(id, Days.Array([(20 - (day / 31), 90 + (day % 5)), (20, 100 + day)]));
                }

                Assert.Contains(await daemon.ForecastVersionAsync(id), (string[])[first, second]);
            }
        })).ToArray();
        foreach (var version in (string[])[second, first, second, first, second])
        {
            (await daemon.AliasAsync("m", "champion", version)).Json();
            foreach (var id in ids)
            {
                await daemon.UntilAsync($"/series/{id}/forecast", forecast => forecast.GetProperty("modelVersion").GetString() == version);
            }
        }

        await stop.CancelAsync();
        await Task.WhenAll(load);
        foreach (var id in ids)
        {
            Assert.AreEqual(await ReplayAsync(daemon, id, second), await HashAsync(daemon, id));
            Assert.AreEqual(second, (await daemon.GetAsync($"/series/{id}/watch")).GetProperty("modelVersion").GetString());
        }
    }

    [TestMethod]
    public async Task Series_NotInMemoryWhenTheChampionMoves_AnswersAndThenMoves()
    {
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        var (first, second) = (await daemon.UploadAsync("m", 3), await daemon.UploadAsync("m", 4));
        (await daemon.AliasAsync("m", "champion", first)).Json();
        await daemon.PutAsync("a", Series);
        await daemon.PostAsync("a", Days.Array(_prices, 0, 100));
        await SleepAsync(daemon);
        (await daemon.AliasAsync("m", "champion", second)).Json();

        // The first answer waits no more than a moment for a replay: it may be of the snapshot that was stored.
        Assert.Contains(await daemon.ForecastVersionAsync("a"), (string[])[first, second]);
        await daemon.UntilAsync("/series/a/forecast", forecast => forecast.GetProperty("modelVersion").GetString() == second);
        Assert.AreEqual(await ReplayAsync(daemon, "a", second), await HashAsync(daemon, "a"));
        (await daemon.SendAsync(HttpMethod.Post, "/models/m/rollback")).Json();
        await daemon.UntilAsync("/series/a/forecast", forecast => forecast.GetProperty("modelVersion").GetString() == first);
        Assert.AreEqual(await ReplayAsync(daemon, "a", first), await HashAsync(daemon, "a"));
    }

    [TestMethod]
    public async Task Versions_OfASeriesThatSleepsBetweenItsObservations_AreScoredAndMoveLikeOthers()
    {
        const int Asleep = 30;
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        var (first, second) = (await daemon.UploadAsync("m", 3), await daemon.UploadAsync("m", 4));
        (await daemon.AliasAsync("m", "champion", first)).Json();
        (await daemon.AliasAsync("m", "challenger", second)).Json();
        await daemon.PutAsync("a", Series);
        await daemon.PostAsync("a", Days.Array(_prices, 0, 50));
        for (var day = 50; day < 50 + Asleep; day++)
        {
            await SleepAsync(daemon);
            await daemon.PostAsync("a", Days.Array(_prices, day, 1));
        }

        await SleepAsync(daemon);
        var (champion, challenger) = (Errors(first), Errors(second));
        var pairs = (await PairsAsync(daemon, first, second)).Where(pair => pair.Time >= Days.First.AddDays(50)).ToArray();

        // On a machine that is busy a wake may not have had them ready in time.
        Assert.IsGreaterThan(Asleep / 2, pairs.Length);
        foreach (var pair in pairs)
        {
            var day = (int)(pair.Time - Days.First).TotalDays;
            Assert.AreEqual(champion[day], pair.Champion, 1e-12);
            Assert.AreEqual(challenger[day], pair.Other, 1e-12);
        }

        // Appends alone bring it over, each of which finds it asleep.
        (await daemon.AliasAsync("m", "champion", second)).Json();
        var next = 50 + Asleep;
        await Until.TrueAsync(async () =>
        {
            await SleepAsync(daemon);
            await daemon.PostAsync("a", Days.Array(_prices, next++, 1));
            return (await daemon.GetAsync("/series/a/forecasts?limit=1")).GetProperty("forecasts")[0].GetProperty("modelVersion").GetString() == second;
        });
        Assert.AreEqual(await ReplayAsync(daemon, "a", second), await HashAsync(daemon, "a"));
    }

    [TestMethod]
    public async Task Challenger_OfASeries_IsScoredFromTheSameOriginsAndSoAfterARestart()
    {
        string first;
        string second;
        await using (var daemon = await RunningDaemon.StartAsync(_folder.Path))
        {
            (first, second) = (await daemon.UploadAsync("m", 3), await daemon.UploadAsync("m", 4));
            (await daemon.AliasAsync("m", "champion", first)).Json();
            (await daemon.AliasAsync("m", "challenger", second)).Json();
            await daemon.PutAsync("a", Series);
            await daemon.PostAsync("a", Days.Array(_prices, 0, 50));
            for (var day = 50; day < 150; day++)
            {
                await daemon.PostAsync("a", Days.Array(_prices, day, 1));
                Assert.AreEqual(first, await daemon.ForecastVersionAsync("a"));
            }
        }

        int before;
        await using (var restarted = await RunningDaemon.StartAsync(_folder.Path))
        {
            var pairs = await PairsAsync(restarted, first, second);
            before = pairs.Count;
            Assert.IsGreaterThan(30, before);
            var (champion, challenger) = (Errors(first), Errors(second));
            foreach (var pair in pairs)
            {
                var day = (int)(pair.Time - Days.First).TotalDays;
                Assert.AreEqual(champion[day], pair.Champion, 1e-12);
                Assert.AreEqual(challenger[day], pair.Other, 1e-12);
            }

            await restarted.GetAsync("/series/a");
            for (var day = 150; day < 250; day++)
            {
                await restarted.PostAsync("a", Days.Array(_prices, day, 1));
            }

            var view = await restarted.GetAsync("/models/m");
            Assert.IsTrue(view.GetProperty("scores").GetProperty("challenger").TryGetProperty("reason", out _));
        }

        await using var last = await RunningDaemon.StartAsync(_folder.Path);
        Assert.IsGreaterThan(before + 30, (await PairsAsync(last, first, second)).Count);
    }

    [TestMethod]
    public async Task Challenger_ThatIsBetter_IsPromotedAndOneThatIsNotIsLookedAtOnce()
    {
        var options = new PromotionOptions { Window = 40, MinimumPairs = 20, Automatic = true, Every = TimeSpan.FromHours(1) };
        await using var daemon = await RunningDaemon.StartAsync(
            _folder.Path, change: plain => plain with { Registry = new RegistryOptions { Promotion = options } });
        var registry = daemon.Services.GetRequiredService<ModelRegistry>();
        var records = daemon.Services.GetRequiredService<ModelRecords>();
        var (first, second) = (await daemon.UploadAsync("m", 3), await daemon.UploadAsync("m", 4));
        (await daemon.AliasAsync("m", "champion", first)).Json();
        (await daemon.AliasAsync("m", "challenger", second)).Json();
        await ScoreAsync(daemon, first, second, 0, day => (1 + (day % 2), 2 - (day % 2)));
        await registry.PromoteAutomaticallyAsync(default);
        var record = await records.GetAsync("m");
        Assert.AreEqual(first, record[ModelAlias.Champion]);
        Assert.AreEqual(Days.First.AddDays(39), record.TestedThrough);
        var refusal = await daemon.SendAsync(HttpMethod.Post, "/models/m/promote", "{}");
        Assert.Contains("not promoted", refusal.Refused(HttpStatusCode.Conflict));

        // Better from here on; but a window is looked at when it is full, and not before.
        await ScoreAsync(daemon, first, second, 39, day => (3 + (day % 2), 1));
        await registry.PromoteAutomaticallyAsync(default);
        Assert.AreEqual(first, (await records.GetAsync("m"))[ModelAlias.Champion]);
        await ScoreAsync(daemon, first, second, 40, day => (3 + (day % 2), 1));
        await registry.PromoteAutomaticallyAsync(default);
        record = await records.GetAsync("m");
        Assert.AreEqual(second, record[ModelAlias.Champion]);
        Assert.IsNull(record[ModelAlias.Challenger]);
        Assert.AreEqual(first, record.Before.Single());

        // And back by force.
        (await daemon.AliasAsync("m", "challenger", first)).Json();
        (await daemon.SendAsync(HttpMethod.Post, "/models/m/promote", """{"force":true}""")).Json();
        Assert.AreEqual(first, (await records.GetAsync("m"))[ModelAlias.Champion]);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task ScoreAsync(RunningDaemon daemon, string champion, string other, int from, Func<int, (double Champion, double Other)> errors)
    {
        var board = daemon.Services.GetRequiredService<ScoreBoard>();
        var scores = new ShadowScores(champion, 40);
        for (var day = from; day < from + 40; day++)
        {
            var (one, two) = errors(day);
            scores.Add(new ScorePair(Days.First.AddDays(day), one, two));
        }

        Assert.IsNotNull(await board.PutAsync("m", other, "a", (await board.FindAsync("m", other, "a", 40))?.Revision ?? 0, scores));
    }

    private static async Task<IReadOnlyCollection<ScorePair>> PairsAsync(RunningDaemon daemon, string champion, string other) =>
        (await daemon.Services.GetRequiredService<ScoreBoard>().ReadAsync("m", other, champion, default)).Single();

    private static Task SleepAsync(RunningDaemon daemon) =>
        daemon.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);

    private static async Task<string> HashAsync(RunningDaemon daemon, string id) =>
        (await daemon.GetAsync($"/series/{id}")).GetProperty("state").GetProperty("stateHash").GetString()!;

    private string Directory(string version) => Path.Combine(_folder.Path, "models", ".versions", version);

    /// <summary>The error of each day's one-step forecast by a run of its own; NaN where there was none.</summary>
    private double[] Errors(string version)
    {
        var running = StreamingModel.Open(Directory(version)).Start();
        return [.. _prices.Select(price =>
        {
            var error = running.IsReady ? price - running.Forecast()[0] : double.NaN;
            running.Observe(price);
            return error;
        })];
    }

    private async Task<string> ReplayAsync(RunningDaemon daemon, string id, string version)
    {
        var state = new CheckpointState(
            new SeriesDefinition(id, new Frequency(FrequencyUnit.Day), "model:m", 1, [80]), LoadedCheckpoint.Open(Directory(version)));
        var stored = await daemon.Services.GetRequiredService<IObservationStore>().ReadAsync(id, new ObservationQuery { Limit = 10_000 });
        foreach (var observation in stored)
        {
            state.Observe(observation.EventTime, observation.Value);
        }

        return state.Hash();
    }
}
