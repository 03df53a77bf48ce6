using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Sequence.Daemon.Events;
using Sequence.Daemon.Storage;
using Sequence.Forecasting;

namespace Sequence.Daemon.Tests.Events;

[TestClass]
public sealed class ForecastEventsTests : IDisposable
{
    private const string Daily = """{"frequency":"D","model":"persistence","horizon":2}""";

    private readonly TemporaryFolder _folder = new();
    private readonly double[] _prices = Days.Prices(100);

    [TestMethod]
    public async Task OneSeries_EachAppend_IsToldOnceWithItsNumber()
    {
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        await daemon.PutAsync("a", Daily);
        await daemon.PostAsync("a", Days.Array(_prices, 0, 10));
        await HistoryAsync(daemon, 1);
        await using var events = await EventReader.OpenAsync(daemon.Client, "/series/a/events");
        for (var day = 10; day < 15; day++)
        {
            var receipt = await daemon.PostAsync("a", Days.Array(_prices, day, 1));
            var (id, data) = await events.ForecastAsync();
            var newest = (await HistoryAsync(daemon, day - 8))[0];
            Assert.AreEqual(newest.GetProperty("number").GetInt64().ToString(CultureInfo.InvariantCulture), id);
            Assert.AreEqual("a", data.GetProperty("series").GetString());
            Assert.AreEqual(receipt.GetProperty("stateHash").GetString(), data.GetProperty("stateHash").GetString());
            Assert.AreEqual(Days.First.AddDays(day), data.GetProperty("origin").GetDateTimeOffset());
            Assert.AreEqual(newest.GetProperty("mean").GetRawText(), data.GetProperty("mean").GetRawText());
        }
    }

    [TestMethod]
    public async Task OneSeries_LastEventId_GoesOnAfterIt()
    {
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        await daemon.PutAsync("a", Daily);
        await daemon.PutAsync("b", Daily);
        for (var day = 0; day < 6; day++)
        {
            await daemon.PostAsync("a", Days.Array(_prices, day, 1));
            await daemon.PostAsync("b", Days.Array(_prices, day, 1));
        }

        var history = await HistoryAsync(daemon, 6);
        await using var events = await EventReader.OpenAsync(
            daemon.Client, "/series/a/events", history[3].GetProperty("number").GetRawText());
        foreach (var missed in history[..3].Reverse())
        {
            Assert.AreEqual(missed.GetProperty("number").GetRawText(), (await events.ForecastAsync()).Id);
        }

        await daemon.PostAsync("a", Days.Array(_prices, 6, 1));
        Assert.AreEqual(Days.First.AddDays(6), (await events.ForecastAsync()).Data.GetProperty("origin").GetDateTimeOffset());
    }

    [TestMethod]
    public async Task OneSeries_LastEventIdFarBack_GoesOnWithTheNewestThousand()
    {
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        await daemon.PutAsync("a", Daily);
        var store = daemon.Services.GetRequiredService<IObservationStore>();
        await Task.WhenAll(Enumerable.Range(0, ForecastStream.LongestResume + 5).Select(day => store.RecordAsync(
            new IssuedForecast("m", "h", new Forecast("a", Days.First.AddDays(day), [Days.First.AddDays(day + 1)], [day], []), []))));
        var numbers = (await HistoryAsync(daemon, ForecastStream.LongestResume)).Select(one => one.GetProperty("number").GetRawText()).Reverse().ToArray();
        await using var events = await EventReader.OpenAsync(daemon.Client, "/series/a/events", "1");
        foreach (var number in numbers)
        {
            Assert.AreEqual(number, (await events.ForecastAsync()).Id);
        }
    }

    [TestMethod]
    public async Task OneSeries_NothingNew_AsksForOneForecastAHeartbeat()
    {
        BreakableStore? store = null;
        await using var daemon = await StartAsync(new EventOptions { Heartbeat = TimeSpan.FromMilliseconds(100) }, services => store = BreakableStore.Replace(services));
        store!.IsAway = false;
        await daemon.PutAsync("a", Daily);
        for (var day = 0; day < 20; day++)
        {
            await daemon.PostAsync("a", Days.Array(_prices, day, 1));
        }

        await HistoryAsync(daemon, 20);
        store.ForecastsAsked.Clear();
        await using var events = await EventReader.OpenAsync(daemon.Client, "/series/a/events");
        for (var heartbeat = 0; heartbeat < 4; heartbeat++)
        {
            Assert.AreEqual("heartbeat", (await events.NextAsync())?.EventType);
        }

        Assert.IsTrue(store.ForecastsAsked.All(asked => asked == 1), string.Join(' ', store.ForecastsAsked));
        await daemon.PostAsync("a", Days.Array(_prices, 20, 1));
        Assert.AreEqual(Days.First.AddDays(20), (await events.ForecastAsync()).Data.GetProperty("origin").GetDateTimeOffset());
        Assert.IsTrue(store.ForecastsAsked.All(asked => asked <= 2), string.Join(' ', store.ForecastsAsked));
    }

    [TestMethod]
    [DataRow("/series/a/events", "x", HttpStatusCode.BadRequest)]
    [DataRow("/series/none/events", null, HttpStatusCode.NotFound)]
    [DataRow("/series/..a/events", null, HttpStatusCode.BadRequest)]
    [DataRow("/events?series=", null, HttpStatusCode.BadRequest)]
    [DataRow("/events?series=a,%20,b%2Fc", null, HttpStatusCode.BadRequest)]
    public async Task Events_WrongRequest_IsRefused(string path, string? lastEventId, HttpStatusCode status)
    {
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        await daemon.PutAsync("a", Daily);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Last-Event-ID", lastEventId ?? string.Empty);
        using var response = await daemon.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.AreEqual(status, response.StatusCode);
        Assert.AreEqual("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [TestMethod]
    public async Task SeveralSeries_OnlyThoseWanted_AreTold()
    {
        await using var daemon = await RunningDaemon.StartAsync(_folder.Path);
        foreach (var id in new[] { "a", "b", "c" })
        {
            await daemon.PutAsync(id, Daily);
        }

        await using var some = await EventReader.OpenAsync(daemon.Client, "/events?series=a,c");
        await using var all = await EventReader.OpenAsync(daemon.Client, "/events");
        foreach (var id in new[] { "b", "c", "a" })
        {
            await daemon.PostAsync(id, Days.Array(_prices, 0, 3));
        }

        HashSet<string> told = [(await TellAsync(some)), (await TellAsync(some))];
        Assert.IsTrue(told.SetEquals(["a", "c"]), string.Join(' ', told));
        HashSet<string> toldAll = [(await TellAsync(all)), (await TellAsync(all)), (await TellAsync(all))];
        Assert.IsTrue(toldAll.SetEquals(["a", "b", "c"]), string.Join(' ', toldAll));

        // A late value makes the state, and so the forecast, anew: told once more, not twice.
        await daemon.PostAsync("a", Days.Array([(1, 7.5)]));
        await daemon.PostAsync("c", Days.Array(_prices, 3, 1));
        Assert.AreEqual("a", await TellAsync(some));
        Assert.AreEqual("c", await TellAsync(some));

        static async Task<string> TellAsync(EventReader reader) => (await reader.ForecastAsync()).Data.GetProperty("series").GetString()!;
    }

    [TestMethod]
    public async Task Events_NothingHappens_HeartbeatsCome()
    {
        await using var daemon = await StartAsync(new EventOptions { Heartbeat = TimeSpan.FromMilliseconds(100) });
        await daemon.PutAsync("a", Daily);
        await using var one = await EventReader.OpenAsync(daemon.Client, "/series/a/events");
        await using var all = await EventReader.OpenAsync(daemon.Client, "/events");
        foreach (var events in new[] { one, all, one, all })
        {
            Assert.AreEqual("heartbeat", (await events.NextAsync())?.EventType);
        }
    }

    [TestMethod]
    public async Task Events_MoreThanTheLimit_AreRefusedUntilOneLeaves()
    {
        await using var daemon = await StartAsync(new EventOptions { MostSubscribers = 1, Heartbeat = TimeSpan.FromMilliseconds(100) });
        var first = await EventReader.OpenAsync(daemon.Client, "/events");
        Assert.Contains("1 subscribers", (await daemon.SendAsync(HttpMethod.Get, "/events")).Refused(HttpStatusCode.ServiceUnavailable));
        await first.DisposeAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            using var response = await daemon.Client.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                break;
            }
        }
    }

    [TestMethod]
    public async Task Events_DaemonStops_EndCleanly()
    {
        var daemon = await RunningDaemon.StartAsync(_folder.Path);
        await daemon.PutAsync("a", Daily);
        await using var one = await EventReader.OpenAsync(daemon.Client, "/series/a/events");
        await using var all = await EventReader.OpenAsync(daemon.Client, "/events");
        var stop = daemon.StopAsync();
        Assert.IsNull(await one.NextAsync());
        Assert.IsNull(await all.NextAsync());
        Assert.IsTrue(await stop.WaitAsync(TimeSpan.FromSeconds(20)));
        await daemon.DisposeAsync();
    }

    [TestMethod]
    public async Task Events_ClientThatDoesNotRead_IsDroppedAndTheDaemonGoesOn()
    {
        await using var daemon = await StartAsync(new EventOptions { Backlog = 2 });
        using var response = await daemon.Client.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead);
        var feed = daemon.Services.GetRequiredService<ForecastFeed>();

        // Frames of about 4 MB, which no socket holds for one who does not read.
        var steps = 200_000;
        var large = new Forecast("a", Days.First, new DateTimeOffset[steps], new double[steps], []);
        for (var number = 0; number < 16; number++)
        {
            feed.Publish(new IssuedForecast("m", number.ToString(CultureInfo.InvariantCulture), large, []));
        }

        var stream = await response.Content.ReadAsStreamAsync();
        await Assert.ThrowsAsync<IOException>(() => stream.CopyToAsync(Stream.Null).WaitAsync(TimeSpan.FromSeconds(20)));
        await daemon.PutAsync("a", Daily);
        await daemon.PostAsync("a", Days.Array(_prices, 0, 3));
    }

    [TestMethod]
    public void Feed_ABacklogThatIsFull_DropsTheSubscriberOnceAndFreesItsPlace()
    {
        var feed = new ForecastFeed(new EventOptions { Backlog = 2, MostSubscribers = 1 });
        var drops = 0;
        using var slow = feed.Subscribe(new HashSet<string> { "a" }, () => drops++);
        Publish("b", 5);
        Publish("a", 2);
        Assert.AreEqual(0, drops);
        Publish("a", 3);
        Assert.AreEqual(1, drops);
        slow.Dispose();
        using var next = feed.Subscribe(null, () => drops++);
        Assert.ThrowsExactly<DaemonException>(() => feed.Subscribe(null, () => { }));

        void Publish(string series, int count)
        {
            for (var number = 0; number < count; number++)
            {
                feed.Publish(new IssuedForecast("m", "h", new Forecast(series, Days.First, [], [], []), []));
            }
        }
    }

    public void Dispose() => _folder.Dispose();

    private Task<RunningDaemon> StartAsync(EventOptions events, Action<IServiceCollection>? configure = null) =>
        RunningDaemon.StartAsync(_folder.Path, configure, options => options with { Events = events });

    /// <summary>The forecasts of series a, newest first, once there are as many: they are stored after the answer.</summary>
    private static async Task<JsonElement[]> HistoryAsync(RunningDaemon daemon, int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            patience.Token.ThrowIfCancellationRequested();
            var forecasts = (await daemon.GetAsync("/series/a/forecasts?limit=1000")).GetProperty("forecasts").EnumerateArray().ToArray();
            if (forecasts.Length >= count)
            {
                return forecasts;
            }
        }
    }
}
