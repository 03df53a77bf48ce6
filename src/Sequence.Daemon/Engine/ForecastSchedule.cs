using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Engine;

/// <summary>
/// Issues the forecasts of series that have a schedule: at each whole multiple of their period since midnight, 1 January of the year 1, UTC,
/// one from the newest observation, where there is one that no forecast was issued from. Series left memory meanwhile, or were
/// not asked since the daemon began, come back for it. Thread-safe.
/// </summary>
internal sealed partial class ForecastSchedule(IObservationStore store, IGrainFactory grains, TimeProvider clock, ILogger<ForecastSchedule> log)
    : BackgroundService
{
    private const int AtOnce = 8;
    private const int Page = 1000;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (DateTimeOffset Due, TimeSpan Every)> _waiting = new(StringComparer.Ordinal);

    /// <summary>Has a forecast of a series issued when its schedule comes round next.</summary>
    public void Add(SeriesDefinition series)
    {
        var now = clock.GetUtcNow();
        _waiting.TryAdd(series.Id, (now.AddTicks(series.ForecastEvery.Ticks - (now.UtcTicks % series.ForecastEvery.Ticks)), series.ForecastEvery));
    }

    /// <summary>Has the forecast of a series issued soon, because it could not be when it was due.</summary>
    public void AddAgain(SeriesDefinition series) => Retry(series.Id, series.ForecastEvery);

    /// <summary>Takes a series back whose forecast is being issued.</summary>
    public void Remove(string id) => _waiting.TryRemove(id, out _);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, clock);
        try
        {
            await AddAllAsync(timer, stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await Parallel.ForEachAsync(
                    TakeDue(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken }, IssueAsync);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The daemon stops.
        }
    }

    /// <summary>The process before may have ended between an append and the forecast that was due after it.</summary>
    private async Task AddAllAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        string? after = null;
        do
        {
            try
            {
                var page = await store.ListAsync(after, Page, stoppingToken);
                foreach (var series in page.Where(one => one.ForecastEvery > TimeSpan.Zero))
                {
                    Add(series);
                }

                after = page.Count < Page ? null : page[^1].Id;
            }
            catch (DaemonException)
            {
                // The store is away, which its health says; the same page again.
                after ??= string.Empty;
                await timer.WaitForNextTickAsync(stoppingToken);
            }
        }
        while (after is not null);
    }

    private List<KeyValuePair<string, (DateTimeOffset Due, TimeSpan Every)>> TakeDue()
    {
        var now = clock.GetUtcNow();

        // One that is due further off than its period was reckoned before the clock was set back.
        var due = _waiting.Where(one => one.Value.Due <= now || one.Value.Due - now > one.Value.Every).ToList();
        due.ForEach(one => _waiting.TryRemove(one));
        return due;
    }

    private void Retry(string id, TimeSpan every) =>
        _waiting.TryAdd(id, (clock.GetUtcNow() + (every < LongestPause ? every : LongestPause), every));

    private async ValueTask IssueAsync(KeyValuePair<string, (DateTimeOffset Due, TimeSpan Every)> due, CancellationToken stoppingToken)
    {
        try
        {
            await grains.GetGrain<ISeriesGrain>(due.Key).IssueAsync();
        }
        catch (Exception error) when (!stoppingToken.IsCancellationRequested)
        {
            // Whatever it is may pass, and no series may keep the others waiting or end the daemon.
            Retry(due.Key, due.Value.Every);
            LogPostponed(due.Key, error.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The scheduled forecast of series {Series} is tried again: {Reason}")]
    private partial void LogPostponed(string series, string reason);
}
