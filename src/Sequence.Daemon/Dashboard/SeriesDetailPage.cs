using Sequence.Daemon.Engine;
using Sequence.Daemon.Storage;
using Sequence.Reporting;

namespace Sequence.Daemon.Dashboard;

/// <summary>One series: its panels, one below the other.</summary>
internal sealed class SeriesDetailPage(IObservationStore store, IGrainFactory grains)
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
        OneStepPanel.Add(page, history);
        CoveragePanel.Add(page, history);
        StatePanel.Add(page, history);
        return page.ToFragment();
    }

    private async Task<SeriesHistory> ReadAsync(string id, CancellationToken cancellationToken)
    {
        var series = (SeriesName.IsValid(id) ? await store.FindAsync(id, cancellationToken) : null)
            ?? throw new DaemonException(DaemonFault.NotFound, "There is no such series.");
        SeriesStatus? status = null;
        string? fault = null;
        try
        {
            status = await grains.GetGrain<ISeriesGrain>(id).StatusAsync();
        }
        catch (Exception error) when (error is DaemonException or TimeoutException or OrleansException)
        {
            fault = error.Message;
        }

        return new SeriesHistory(
            series,
            status,
            fault,
            await store.ReadNewestAsync(id, Math.Clamp(4 * series.Horizon, ShortestHistory, LongestHistory), cancellationToken),
            await store.ReadForecastsAsync(id, null, Math.Clamp(MostSteps / series.Horizon, FewestForecasts, MostForecasts), cancellationToken));
    }
}
