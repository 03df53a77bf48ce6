using System.Globalization;
using Sequence.Daemon.Storage;
using Sequence.Reporting;

namespace Sequence.Daemon.Dashboard;

/// <summary>The newest forecast as a fan, and the newest whose every outcome is known against these.</summary>
internal static class ForecastPanel
{
    private const int OutcomeColor = 0;
    private const int ForecastColor = 1;

    public static void Add(HtmlReport page, SeriesHistory history)
    {
        page.AddHeading("Forecast");
        if (history.HistoryFault is { } fault)
        {
            page.AddParagraph(fault);
            return;
        }

        if (history.Forecasts.Count == 0)
        {
            if (history.Newest.Count > 0)
            {
                page.AddChart(new Chart(
                    "Newest values", $"The last {history.Newest.Count} values.", [Outcomes(history)])
                { Axis = ChartAxis.Time });
            }

            page.AddParagraph(history.Newest.Count == 0
                ? "There are no observations yet."
                : "There is no forecast yet; the model needs more observations.");
            return;
        }

        var newest = history.Forecasts[0];
        page.AddChart(Fan("Newest forecast", newest, history));
        var steps = string.Create(CultureInfo.InvariantCulture, $"{newest.Issued.Forecast.Horizon}");
        page.AddNote(
            $"Made after {DashboardText.Time(newest.Issued.Forecast.Origin)} for {steps} step{(newest.Issued.Forecast.Horizon == 1 ? string.Empty : "s")}: next " +
            $"{DashboardText.Number(newest.Issued.Forecast.Mean[0])} for {DashboardText.Time(newest.Issued.Forecast.Timestamps[0])}. Times are UTC.");
        if (newest.Issued.Forecast.Horizon > 1 && history.Forecasts.FirstOrDefault(record => record.Outcomes.All(one => one is not null)) is { } past)
        {
            page.AddChart(Fan("Last forecast whose outcomes are all known", past, history));
        }
    }

    private static Chart Fan(string title, ForecastRecord record, SeriesHistory history)
    {
        var forecast = record.Issued.Forecast;

        // The fan opens at the last value it was made from, so that no gap is left between the two.
        var origin = history.Newest.Where(row => row.EventTime == forecast.Origin).Select(row => row.Value).ToArray();
        double[] times = Chart.Seconds(origin.Length > 0 ? [forecast.Origin, .. forecast.Timestamps] : forecast.Timestamps);
        List<ChartLayer> layers =
        [
            .. forecast.Intervals.OrderByDescending(one => one.Level).Select(one => new BandLayer(
                $"{DashboardText.Level(one.Level)} interval", times, [.. origin, .. one.Lower], [.. origin, .. one.Upper]) { Color = ForecastColor }),
            new LineLayer("forecast", times, [.. origin, .. forecast.Mean]) { Color = ForecastColor },
            Outcomes(history),
        ];
        return new Chart(
            title,
            $"The newest values of {history.Series.Id}, and a forecast of {forecast.Horizon} steps with {forecast.Intervals.Count} intervals.",
            layers)
        {
            Axis = ChartAxis.Time,
        };
    }

    private static LineLayer Outcomes(SeriesHistory history) =>
        new("outcomes", Chart.Seconds(history.Newest.Select(row => row.EventTime)), [.. history.Newest.Select(row => row.Value)]) { Color = OutcomeColor };
}
