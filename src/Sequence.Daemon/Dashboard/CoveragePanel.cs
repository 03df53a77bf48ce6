using Sequence.Daemon.Storage;
using Sequence.Reporting;

namespace Sequence.Daemon.Dashboard;

/// <summary>How often the intervals held what they promised.</summary>
internal static class CoveragePanel
{
    private const int Window = 50;

    public static void Add(HtmlReport page, SeriesHistory history)
    {
        page.AddHeading("Coverage of the intervals");
        var levels = history.Series.Levels;
        var rows = levels.Select(level => Row(history, level)).OfType<ReportRow>().ToArray();
        if (rows.Length == 0)
        {
            page.AddParagraph("No interval has an outcome yet.");
            return;
        }

        page.AddTable(new ReportTable(
            ["Promised", "One step", "Of", "All steps", "Of"],
            rows,
            "Shares of outcomes inside their intervals. Steps of one forecast go together, so those of all steps vary more than their number says."));
        List<ChartLayer> layers = [];
        foreach (var (place, level) in levels.Index())
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

    private static ReportRow? Row(SeriesHistory history, double level)
    {
        var first = history.OneSteps.Select(one => one.Covered(level)).OfType<bool>().ToArray();
        if (first.Length == 0)
        {
            return null;
        }

        var all = history.Forecasts.SelectMany(record => Covered(record, level)).ToArray();
        return new ReportRow(
        [
            new ReportCell(DashboardText.Level(level)),
            new ReportCell(first.Average(Share)) { Format = "0.0%" },
            new ReportCell(first.Length) { Format = "#,0" },
            new ReportCell(all.Average(Share)) { Format = "0.0%" },
            new ReportCell(all.Length) { Format = "#,0" },
        ]);
    }

    private static double Share(bool isCovered) => isCovered ? 1 : 0;

    private static IEnumerable<bool> Covered(ForecastRecord record, double level) =>
        record.Issued.Forecast.Intervals.FirstOrDefault(one => one.Level == level) is { } interval
            ? record.Outcomes.Index().Where(one => one.Item is not null)
                .Select(one => one.Item >= interval.Lower[one.Index] && one.Item <= interval.Upper[one.Index])
            : [];
}
