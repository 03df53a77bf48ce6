using Sequence.Daemon.Engine;
using Sequence.Daemon.Jobs;
using Sequence.Daemon.Registry;
using Sequence.Daemon.Storage;
using Sequence.Reporting;

namespace Sequence.Daemon.Dashboard;

/// <summary>One series: its panels, one below the other.</summary>
internal sealed class SeriesDetailPage(
    IObservationStore store, IGrainFactory grains, ModelRegistry models, JobQueue queue, WatchOptions watching, TimeProvider clock)
{
    private const int MostForecasts = 200;
    private const int FewestForecasts = 20;

    // Each step of a forecast costs a look into the store.
    private const int MostSteps = 10_000;
    private const int ShortestHistory = 60;
    private const int LongestHistory = 500;

    public async Task<string> ShowAsync(string id, CancellationToken cancellationToken) => DashboardShell.Page(
        id, string.Empty, await PanelsAsync(id, cancellationToken), $"/series/{id}/events", $"{DashboardEndpoints.Root}/series/{id}/panels");

    public async Task<string> PanelsAsync(string id, CancellationToken cancellationToken)
    {
        var history = await ReadAsync(id, cancellationToken);
        var page = new HtmlReport(id);
        ForecastPanel.Add(page, history);
        WatchPanel.Add(page, history);
        OneStepPanel.Add(page, history);
        CoveragePanel.Add(page, history);
        StatePanel.Add(page, history);
        ModelPanel.Add(page, history);
        return page.ToFragment() + JobsPanel.Html(history);
    }

    private async Task<SeriesHistory> ReadAsync(string id, CancellationToken cancellationToken)
    {
        var series = (SeriesName.IsValid(id) ? await store.FindAsync(id, cancellationToken) : null)
            ?? throw new DaemonException(DaemonFault.NotFound, "There is no such series.");
        var grain = grains.GetGrain<ISeriesGrain>(id);
        var (status, statusFault) = await Readings.TryAsync(grain.StatusAsync);
        var (watch, watchFault) = await Readings.TryAsync(grain.WatchAsync);
        var (newest, newestFault) = await Readings.TryAsync(() => store.ReadNewestAsync(
            id, Math.Clamp(4 * series.Horizon, ShortestHistory, LongestHistory), cancellationToken));
        var (forecasts, forecastsFault) = await Readings.TryAsync(() => store.ReadForecastsAsync(
            id, null, Math.Clamp(MostSteps / series.Horizon, FewestForecasts, MostForecasts), cancellationToken));
        var history = new SeriesHistory(series, newest ?? [], forecasts ?? [], watching, clock.GetUtcNow())
        {
            HistoryFault = newestFault ?? forecastsFault,
            Status = status,
            StatusFault = statusFault,
            Watch = watch,
            WatchFault = watchFault,
        };
        if (history.ModelName is not { } name)
        {
            return history;
        }

        var (model, modelFault) = await Readings.TryAsync(() => models.DescribeAsync(name, cancellationToken));
        var (jobs, jobsFault) = await Readings.TryAsync(() => queue.ListAsync(cancellationToken));
        return history with
        {
            Model = model,
            ModelFault = modelFault,
            Jobs = jobs is null ? null : [.. jobs.Where(job => string.Equals(job.Model, name, StringComparison.Ordinal)).Reverse()],
            JobsFault = jobsFault,
        };
    }
}
