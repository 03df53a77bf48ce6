using Sequence.Reporting;

namespace Sequence.Daemon.Dashboard;

/// <summary>The forecasts one step ahead against what came, and how far off they were in the course of time.</summary>
internal static class OneStepPanel
{
    private const int OutcomeColor = 0;
    private const int ForecastColor = 1;
    private const int ErrorColor = 2;
    private const int Window = 20;

    public static void Add(HtmlReport page, SeriesHistory history)
    {
        page.AddHeading("One step ahead");
        var steps = history.OneSteps;
        if (steps.Count == 0)
        {
            page.AddParagraph(history.HistoryFault ?? "No forecast has an outcome yet.");
            return;
        }

        var times = Chart.Seconds(steps.Select(one => one.Time));
        List<ChartLayer> layers = [];
        if (history.Series.Levels is [.., var widest])
        {
            double End(OneStepForecast one, bool isUpper) =>
                one.Intervals.FirstOrDefault(interval => interval.Level == widest) is { } found ? (isUpper ? found.Upper : found.Lower)[0] : double.NaN;
            layers.Add(new BandLayer(
                $"{DashboardText.Level(widest)} interval", times, [.. steps.Select(one => End(one, isUpper: false))], [.. steps.Select(one => End(one, isUpper: true))])
            {
                Color = ForecastColor,
            });
        }

        layers.Add(new LineLayer("outcomes", times, [.. steps.Select(one => one.Outcome)]) { Color = OutcomeColor });
        layers.Add(new LineLayer("forecasts", times, [.. steps.Select(one => one.Mean)]) { Color = ForecastColor, IsDashed = true });
        page.AddChart(new Chart(
            "Forecasts one step ahead against outcomes", $"The last {steps.Count} forecasts and their outcomes.", layers)
        { Axis = ChartAxis.Time });
        if (steps.Count >= Window)
        {
            page.AddChart(new Chart(
                "Mean absolute error of the last 20",
                "The mean absolute error one step ahead over the 20 forecasts up to each time; lower is better.",
                [new LineLayer("mean absolute error", times, SeriesHistory.Rolling([.. steps.Select(one => one.Error)], Window)) { Color = ErrorColor }])
            {
                Axis = ChartAxis.Time,
                IncludesZero = true,
            });
        }
    }
}
