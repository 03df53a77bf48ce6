using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sequence.Daemon.Engine;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Tests.Engine;

[TestClass]
public sealed class ForecastScheduleTests : IDisposable
{
    private const string EveryMinute = """{"frequency":"D","model":"drift","horizon":2,"forecastEvery":"00:01:00"}""";

    private static readonly double[] Prices = Days.Prices(60);

    private readonly ManualClock _clock = new() { Now = new(2026, 6, 1, 12, 0, 30, TimeSpan.Zero) };
    private readonly TemporaryFolder _folder = new();

    [TestMethod]
    public async Task Series_WithASchedule_IsForecastFromTheNewestWhenItComesRound()
    {
        await using var daemon = await StartAsync();
        Assert.AreEqual("00:01:00", (await daemon.PutAsync("a", EveryMinute)).GetProperty("forecastEvery").GetString());
        await daemon.PutAsync("fence", EveryMinute);
        await AppendAsync(daemon, "a", 0, 30);
        await AppendAsync(daemon, "a", 30, 5);

        // It can be asked for at any time; none was issued.
        Assert.AreEqual(Days.First.AddDays(34), (await daemon.GetAsync("/series/a/forecast")).GetProperty("origin").GetDateTimeOffset());
        Assert.IsEmpty(await OriginsAsync(daemon, "a"));
        _clock.Now = new(2026, 6, 1, 12, 1, 0, TimeSpan.Zero);
        await Until.TrueAsync(async () => await OriginsAsync(daemon, "a") is [34]);

        await AppendAsync(daemon, "a", 35, 1);
        await AppendAsync(daemon, "a", 36, 1);
        _clock.Now = _clock.Now.AddSeconds(75);
        await Until.TrueAsync(async () => await OriginsAsync(daemon, "a") is [36, 34]);

        // Nothing new of it: what is new of another is issued, and no forecast of this one.
        await AppendAsync(daemon, "fence", 0, 10);
        _clock.Now = _clock.Now.AddHours(1);
        await Until.TrueAsync(async () => await OriginsAsync(daemon, "fence") is [9]);
        Assert.HasCount(2, await OriginsAsync(daemon, "a"));
    }

    [TestMethod]
    public async Task Schedule_ThatCameRoundWhileTheDaemonWasDown_IsMadeUpFor()
    {
        await using (var daemon = await StartAsync())
        {
            await daemon.PutAsync("a", EveryMinute);
            await AppendAsync(daemon, "a", 0, 20);
        }

        // The store's clock, which says when observations came, is years behind.
        _clock.Now = new(2100, 1, 1, 0, 0, 30, TimeSpan.Zero);
        await using var again = await StartAsync();

        // Nobody asked for the series: it comes back for its forecast alone.
        await Until.TrueAsync(async () => await OriginsAsync(again, "a") is [19]);
    }

    [TestMethod]
    public async Task Schedule_ThatHasNotComeRoundSince_IsWaitedFor()
    {
        await using (var daemon = await StartAsync())
        {
            await daemon.PutAsync("a", EveryMinute);
            await AppendAsync(daemon, "a", 0, 20);
        }

        await using var again = await StartAsync();
        var asked = again.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
        await Until.TrueAsync(async () => (await asked.GetSimpleGrainStatistics()).Any(one => one.GrainType.Contains(nameof(SeriesGrain), StringComparison.Ordinal)));
        await again.GetAsync("/series/a");
        Assert.IsEmpty(await OriginsAsync(again, "a"));
        _clock.Now = _clock.Now.AddMinutes(5);
        await Until.TrueAsync(async () => await OriginsAsync(again, "a") is [19]);
    }

    [TestMethod]
    public async Task Clock_SetBack_HoldsNoForecastUp()
    {
        await using var daemon = await StartAsync();
        await daemon.PutAsync("a", EveryMinute);
        await AppendAsync(daemon, "a", 0, 20);
        _clock.Now = _clock.Now.AddDays(-3);
        await Until.TrueAsync(async () => await OriginsAsync(daemon, "a") is [19]);
    }

    [TestMethod]
    public async Task Store_ThatWasAwayWhenItWasDue_HasItLater()
    {
        BreakableStore store = null!;
        await using var daemon = await StartAsync(services => store = BreakableStore.Replace(services));
        store.IsAway = false;
        await daemon.PutAsync("a", EveryMinute);
        await AppendAsync(daemon, "a", 0, 20);
        store.IsGone = true;
        _clock.Now = _clock.Now.AddMinutes(1);
        await Until.TrueAsync(() => store.RefusedWhileGone.Contains(nameof(IObservationStore.RecordAsync)));
        store.IsGone = false;
        Assert.IsEmpty(await OriginsAsync(daemon, "a"));
        await Until.TrueAsync(async () =>
        {
            _clock.Now = _clock.Now.AddMinutes(1);
            return await OriginsAsync(daemon, "a") is [19];
        });
    }

    [TestMethod]
    public async Task Period_ThatIsNone_IsRefused()
    {
        await using var daemon = await StartAsync();
        foreach (var (period, reason) in new[] { ("00:00:00.5", "00:00:01 to 366"), ("367.00:00:00", "00:00:01 to 366"), ("-00:01:00", "00:00:01 to 366"), ("hourly", "forecastEvery") })
        {
            var body = $$"""{"frequency":"D","model":"drift","forecastEvery":"{{period}}"}""";
            Assert.Contains(reason, (await daemon.SendAsync(HttpMethod.Put, "/series/a", body)).Refused(HttpStatusCode.BadRequest));
        }
    }

    [TestMethod]
    public async Task Series_OfAnotherSchedule_IsAnotherSeries()
    {
        await using var daemon = await StartAsync();
        await daemon.PutAsync("a", EveryMinute);
        Assert.AreEqual(HttpStatusCode.OK, (await daemon.SendAsync(HttpMethod.Put, "/series/a", EveryMinute)).Status);
        var other = EveryMinute.Replace("00:01", "00:02", StringComparison.Ordinal);
        Assert.Contains("forecasts every 00:01:00", (await daemon.SendAsync(HttpMethod.Put, "/series/a", other)).Refused(HttpStatusCode.Conflict));
    }

    public void Dispose() => _folder.Dispose();

    private static Task<JsonElement> AppendAsync(RunningDaemon daemon, string id, int from, int count) => daemon.PostAsync(id, Days.Array(Prices, from, count));

    /// <summary>Days of the origins of the forecasts issued, newest first.</summary>
    private static async Task<int[]> OriginsAsync(RunningDaemon daemon, string id) =>
    [
        .. (await daemon.GetAsync($"/series/{id}/forecasts")).GetProperty("forecasts").EnumerateArray()
            .Select(one => (one.GetProperty("origin").GetDateTimeOffset() - Days.First).Days),
    ];

    private Task<RunningDaemon> StartAsync(Action<IServiceCollection>? configure = null) => RunningDaemon.StartAsync(_folder.Path, services =>
    {
        services.Replace(ServiceDescriptor.Singleton(built => ActivatorUtilities.CreateInstance<ForecastSchedule>(built, (TimeProvider)_clock)));
        configure?.Invoke(services);
    });
}
