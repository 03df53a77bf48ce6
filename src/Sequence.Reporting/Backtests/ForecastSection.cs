using System.Globalization;
using Sequence.Forecasting;

namespace Sequence.Reporting;

/// <summary>Forecasts against what came.</summary>
internal static class ForecastSection
{
    private const int MostSteps = 10;

    public static void AddTo(HtmlReport report, ForecastTable table)
    {
        report.AddHeading("Forecast against outcome");
        ForecastRow[] known = [.. table.Rows.Where(row => double.IsFinite(row.Actual) && double.IsFinite(row.Mean) && double.IsFinite(row.AtOrigin))];
        if (known.Length == 0)
        {
            report.AddParagraph("No forecast can be compared: what came is not known.");
            return;
        }

        var step = known.Min(row => row.Step);
        ForecastRow[] first = [.. known.Where(row => row.Step == step && row.AtOrigin != 0)];
        var ahead = step == 1 ? "one step" : $"{step} steps";
        report.AddChart(new Chart(
            $"Change forecast and change that came, {ahead} ahead",
            "Each dot is a forecast: to the right what was forecast, upwards what came, in per cent of the value at the origin. A perfect forecaster's dots lie on the diagonal.",
            [
                new PointLayer("a forecast", [.. first.Select(Forecast)], [.. first.Select(Outcome)]) { Color = 0 },
                Diagonal(first),
            ])
        {
            HorizontalLabel = "forecast change, %",
            VerticalLabel = "change that came, %",
            IncludesZero = true,
        });
        var series = known.Select(row => row.SeriesId).Distinct(StringComparer.Ordinal).Count();
        var steps = known.GroupBy(row => row.Step).OrderBy(group => group.Key).ToArray();
        report.AddTable(new ReportTable(
            ["steps", "forecasts", "error", "persistence", "ratio", "direction"],
            [.. steps.Take(MostSteps).Select(group => Row(group.Key, [.. group]))],
            (series > 1 ? string.Create(CultureInfo.InvariantCulture, $"Over {series:#,0} series, each in its own units. ") : string.Empty) +
            (steps.Length > MostSteps ? string.Create(CultureInfo.InvariantCulture, $"The first {MostSteps} of {steps.Length} steps. ") : string.Empty) +
            "Error is the mean absolute error, beside that of persistence, which forecasts the value at the origin; a ratio below 1 beats it. " +
            "Direction is the share, among outcomes that moved, whose forecast lay on the same side of the value at the origin."));
    }

    private static double Forecast(ForecastRow row) => 100 * ((row.Mean / row.AtOrigin) - 1);

    private static double Outcome(ForecastRow row) => 100 * ((row.Actual / row.AtOrigin) - 1);

    private static LineLayer Diagonal(ForecastRow[] rows)
    {
        var ends = rows.Length == 0 ? [] : new[] { rows.Min(Forecast), rows.Max(Forecast) };
        return new LineLayer("forecast = outcome", ends, ends) { Color = 6, IsDashed = true };
    }

    private static ReportRow Row(int step, ForecastRow[] rows)
    {
        var error = rows.Average(row => Math.Abs(row.Actual - row.Mean));
        var persistence = rows.Average(row => Math.Abs(row.Actual - row.AtOrigin));
        ForecastRow[] moved = [.. rows.Where(row => row.Actual != row.AtOrigin)];
        var right = moved.Count(row => Math.Sign(row.Mean - row.AtOrigin) == Math.Sign(row.Actual - row.AtOrigin));
        return new ReportRow(
        [
            new ReportCell(step),
            new ReportCell(rows.Length),
            new ReportCell(error),
            new ReportCell(persistence),
            new ReportCell(error / persistence) { Format = "0.000", Title = persistence > 0 ? null : "Nothing moved." },
            new ReportCell(right / (double)moved.Length) { Format = "0.0%", Title = moved.Length > 0 ? null : "Nothing moved." },
        ]);
    }
}
