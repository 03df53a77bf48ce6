using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Engine;

/// <summary>
/// Issues the forecasts of series that have a schedule: at each whole multiple of their period since midnight, Monday 1 January of the year 1,
/// UTC, one from the newest observation, where there is one that no forecast was issued from. Series that left memory meanwhile come
/// back for it. What was due while no daemon ran, or on a node that is gone, is made up for. Thread-safe.
/// </summary>
internal sealed partial class ForecastSchedule(
    IObservationStore store, IGrainFactory grains, IClusterMembershipService nodes, TimeProvider clock, ILogger<ForecastSchedule> log)
    : BackgroundService
{
    private const int AtOnce = 8;
    private const int Page = 1000;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Turn> _waiting = new(StringComparer.Ordinal);

    /// <summary>Has a forecast of a series issued when its schedule comes round next.</summary>
    public void Add(SeriesDefinition series)
    {
        var now = clock.GetUtcNow();
        _waiting.TryAdd(series.Id, new Turn(Round(now, series.ForecastEvery) + series.ForecastEvery, series.ForecastEvery, false));
    }

    /// <summary>Has the forecast of a series issued soon, because it could not be when it was due.</summary>
    public void AddAgain(SeriesDefinition series) => Retry(series.Id, new Turn(default, series.ForecastEvery, false));

    /// <summary>Takes a series back whose forecast is being issued.</summary>
    public void Remove(string id) => _waiting.TryRemove(id, out _);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        MembershipVersion? seen = null;
        using var timer = new PeriodicTimer(Tick, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (nodes.CurrentSnapshot.Version is var version && version != seen && await TryMakeUpAsync(stoppingToken))
                {
                    seen = version;
                }

                await Parallel.ForEachAsync(
                    TakeDue(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken }, IssueAsync);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The daemon stops.
        }
    }

    /// <summary>The last time at which a schedule came round.</summary>
    private static DateTimeOffset Round(DateTimeOffset now, TimeSpan every) => now.AddTicks(-(now.UtcTicks % every.Ticks));

    /// <summary>
    /// Looks at every series with a schedule: which of them wait was known only to the process before, or to the node that is gone.
    /// </summary>
    /// <returns>False when the store does not answer, which its health says.</returns>
    private async Task<bool> TryMakeUpAsync(CancellationToken stoppingToken)
    {
        try
        {
            IReadOnlyList<SeriesDefinition> page = [];
            do
            {
                page = await store.ListAsync(page.Count == 0 ? null : page[^1].Id, Page, stoppingToken);
                foreach (var series in page.Where(one => one.ForecastEvery > TimeSpan.Zero))
                {
                    _waiting.TryAdd(series.Id, new Turn(clock.GetUtcNow(), series.ForecastEvery, true));
                }
            }
            while (page.Count == Page);
            return true;
        }
        catch (DaemonException)
        {
            return false;
        }
    }

    private List<KeyValuePair<string, Turn>> TakeDue()
    {
        var now = clock.GetUtcNow();

        // One that is due further off than its period was reckoned before the clock was set back.
        var due = _waiting.Where(one => one.Value.Due <= now || one.Value.Due - now > one.Value.Every).ToList();
        due.ForEach(one => _waiting.TryRemove(one));
        return due;
    }

    private async ValueTask IssueAsync(KeyValuePair<string, Turn> due, CancellationToken stoppingToken)
    {
        var (id, turn) = due;
        try
        {
            await grains.GetGrain<ISeriesGrain>(id).IssueAsync(turn.MakesUp ? Round(clock.GetUtcNow(), turn.Every) : null);
        }
        catch (Exception error) when (!stoppingToken.IsCancellationRequested)
        {
            // Whatever it is may pass, and no series may keep the others waiting or end the daemon.
            Retry(id, turn);
            LogPostponed(id, error.Message);
        }
    }

    private void Retry(string id, Turn turn) =>
        _waiting.TryAdd(id, turn with { Due = clock.GetUtcNow() + (turn.Every < LongestPause ? turn.Every : LongestPause) });

    [LoggerMessage(LogLevel.Warning, "The scheduled forecast of series {Series} is tried again: {Reason}")]
    private partial void LogPostponed(string series, string reason);

    /// <param name="Due">When the series is asked for its forecast.</param>
    /// <param name="Every">Period of its schedule.</param>
    /// <param name="MakesUp">Whether only for what was due before.</param>
    private readonly record struct Turn(DateTimeOffset Due, TimeSpan Every, bool MakesUp);
}
