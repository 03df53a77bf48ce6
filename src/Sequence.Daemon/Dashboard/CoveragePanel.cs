using Sequence.Reporting;

namespace Sequence.Daemon.Dashboard;

/// <summary>How the coverage of the intervals went; how it stands is said by <see cref="WatchPanel"/>.</summary>
internal static class CoveragePanel
{
    private const int Window = 50;

    public static void Add(HtmlReport page, SeriesHistory history)
    {
        List<ChartLayer> layers = [];
        foreach (var (place, level) in history.Series.Levels.Index())
        {
            var covered = history.OneSteps.Where(one => one.Covered(level) is not null).ToArray();
            if (covered.Length < Window)
            {
                continue;
            }

            var times = Chart.Seconds(covered.Select(one => one.Time));
            layers.Add(new LineLayer(
                $"{DashboardText.Level(level)} interval", times,
                SeriesHistory.Rolling([.. covered.Select(one => one.Covered(level)!.Value ? 100.0 : 0.0)], Window))
            { Color = place });
            layers.Add(new LineLayer(string.Empty, [times[0], times[^1]], [level, level]) { Color = place, IsDashed = true });
        }

        if (layers.Count > 0)
        {
            page.AddChart(new Chart(
                "Coverage of the last 50, one step ahead",
                "The share of outcomes inside their intervals over the 50 forecasts up to each time; the dashed lines are what was promised.",
                layers)
            {
                Axis = ChartAxis.Time,
                VerticalLabel = "%",
            });
        }
    }
}
