using System.Collections.Concurrent;
using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sequence.Daemon.Retention;
using Sequence.Daemon.Storage;
using Sequence.Daemon.Storage.Sqlite;
using Sequence.Data;
using Sequence.Forecasting;

namespace Sequence.Daemon.Tests.Retention;

[TestClass]
public sealed class RetentionServiceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TickingClock _clock = new();
    private readonly Lines _log = new();

    [TestMethod]
    public async Task Service_AtItsStartAndEachHour_DeletesWhatHasGrownOld()
    {
        await using var store = await CreateAsync();
        await RecordAsync(store, 0, 2_001);
        _clock.Now += TimeSpan.FromDays(7);
        await RecordAsync(store, 2_001, 1);
        _clock.Now += TimeSpan.FromDays(7);
        using var service = await StartAsync(store);
        Assert.StartsWith("2001 forecasts issued before 2026-06-05T12:00:00", await _log.NextAsync());
        Assert.AreEqual("2001", (await store.ReadForecastsAsync("a", null, 9)).Single().Issued.StateHash);
        Assert.AreEqual(TimeSpan.FromHours(1), await _clock.Period);

        // Nothing is old, and nothing is said of it; then the last one is.
        _clock.Tick();
        _clock.Now += TimeSpan.FromDays(4);
        _clock.Tick();
        Assert.StartsWith("1 forecasts", await _log.NextAsync());
        Assert.IsEmpty(await store.ReadForecastsAsync("a", null, 9));
        await service.StopAsync(default);
        Assert.IsTrue(service.ExecuteTask!.IsCompletedSuccessfully);
        Assert.IsTrue(_log.IsEmpty);
    }

    [TestMethod]
    public async Task Service_WithTheStoreAway_TriesAgainTheNextTime()
    {
        await using var store = await CreateAsync();
        await RecordAsync(store, 0, 3);
        _clock.Now += TimeSpan.FromDays(20);
        var services = new ServiceCollection();
        services.AddSingleton<IObservationStore>(store);
        var breakable = BreakableStore.Replace(services);
        breakable.IsGone = true;
        await using var provider = services.BuildServiceProvider();
        using var service = await StartAsync(provider.GetRequiredService<IObservationStore>());
        Assert.Contains("The store is gone.", await _log.NextAsync());
        breakable.IsGone = false;
        await _clock.Period;
        _clock.Tick();
        Assert.StartsWith("3 forecasts", await _log.NextAsync());
        await service.StopAsync(default);
        Assert.IsTrue(service.ExecuteTask!.IsCompletedSuccessfully);
    }

    [TestMethod]
    public async Task Service_OfNoAge_DeletesNothingAndEnds()
    {
        await using var store = await CreateAsync();
        await RecordAsync(store, 0, 3);
        _clock.Now += TimeSpan.FromDays(30_000);
        using var service = new RetentionService(store, new RetentionOptions(), _clock, _log);
        await service.StartAsync(default);
        await service.ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.HasCount(3, await store.ReadForecastsAsync("a", null, 9));
    }

    [TestMethod]
    public async Task Daemon_WithARetention_DeletesOldForecastsAndServesOn()
    {
        _clock.Now = new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await using (var store = await CreateAsync(_folder.File("store.db")))
        {
            await store.AppendAsync("a", [.. Days.Prices(50).Select((price, day) => new Measurement(Days.First.AddDays(day), price))]);
            await RecordAsync(store, 0, 5);
        }

        await using var daemon = await RunningDaemon.StartAsync(
            _folder.Path, change: options => options with { Retention = new RetentionOptions { Forecasts = TimeSpan.FromDays(1) } });
        await Until.TrueAsync(() => HasForecastsAsync(daemon, 0));
        Assert.AreEqual(50, (await daemon.GetAsync("/series/a/observations")).GetProperty("observations").GetArrayLength());

        // A series that comes back to memory issues its newest forecast, unless it is stored.
        await daemon.GetAsync("/series/a/forecast");
        await Until.TrueAsync(() => HasForecastsAsync(daemon, 1));
        await daemon.PostAsync("a", Days.Array(Days.Prices(51), 50, 1));
        await Until.TrueAsync(() => HasForecastsAsync(daemon, 2));
        Assert.AreEqual(HttpStatusCode.OK, (await daemon.SendAsync(HttpMethod.Get, "/health/ready")).Status);
        Assert.IsTrue(await daemon.StopAsync());
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private async Task<IObservationStore> CreateAsync(string? file = null)
    {
        var store = SqliteObservationStore.Open(file ?? _folder.File("alone.db"), _clock);
        await store.CreateAsync(new SeriesDefinition("a", new Frequency(FrequencyUnit.Day), "persistence", 1, [80]));
        return store;
    }

    private static async Task<bool> HasForecastsAsync(RunningDaemon daemon, int count) =>
        (await daemon.GetAsync("/series/a/forecasts")).GetProperty("forecasts").GetArrayLength() == count;

    private static Task<bool[]> RecordAsync(IObservationStore store, int first, int count) => Task.WhenAll(Enumerable.Range(first, count).Select(day =>
        store.RecordAsync(new IssuedForecast("m@1", $"{day}", new Forecast("a", Days.First.AddDays(day), [Days.First.AddDays(day + 1)], [1], []), []))));

    private async Task<RetentionService> StartAsync(IObservationStore store)
    {
        var service = new RetentionService(store, new RetentionOptions { Forecasts = TimeSpan.FromDays(10) }, _clock, _log);
        await service.StartAsync(default);
        return service;
    }

    /// <summary>A clock that stands where it is put, and whose timer ends when it is told to.</summary>
    private sealed class TickingClock : TimeProvider
    {
        private readonly TaskCompletionSource<TimeSpan> _period = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Action _tick = () => { };

        public DateTimeOffset Now { get; set; } = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

        public Task<TimeSpan> Period => _period.Task.WaitAsync(TimeSpan.FromSeconds(20));

        public void Tick() => _tick();

        public override DateTimeOffset GetUtcNow() => Now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _tick = () => callback(state);
            _period.TrySetResult(period);
            return System.CreateTimer(_ => { }, state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private sealed class Lines : ILogger<RetentionService>
    {
        private readonly BlockingCollection<string> _lines = [];

        public bool IsEmpty => _lines.Count == 0;

        public Task<string> NextAsync() => Task.Run(() =>
        {
            Assert.IsTrue(_lines.TryTake(out var line, TimeSpan.FromSeconds(20)), "Nothing was logged in time.");
            return line!;
        });

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Add(formatter(state, exception));
    }
}
