using System.Globalization;
using Sequence.Backtesting;

namespace Sequence.Reporting;

/// <summary>Worth, drawdown and rolling Sharpe ratio over one time axis, and the worst drawdowns.</summary>
internal sealed class EquitySection(EquityCurve equity, IReadOnlyList<BenchmarkCurve> curves, double periodsPerYear)
{
    private const double LogarithmicFrom = 5;
    private const int WorstDrawdowns = 5;
    private const int FewestWindows = 3;

    private readonly double[] _times = Chart.Seconds(equity.Times.ToArray());

    public void AddTo(HtmlReport report)
    {
        report.AddHeading("Worth, drawdown and rolling Sharpe ratio");
        List<Chart> charts = [WorthChart(), DrawdownChart()];
        if (RollingChart() is { } rolling)
        {
            charts.Add(rolling);
        }

        report.AddCharts(charts);
        AddEpisodes(report);
    }

    /// <summary>Whether the values lie so far apart that only a logarithmic axis shows all of them.</summary>
    internal static bool IsWide(IEnumerable<double> values)
    {
        var (low, high) = (double.PositiveInfinity, 0.0);
        foreach (var value in values)
        {
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }

        return low > 0 && high / low >= LogarithmicFrom;
    }

    private Chart WorthChart()
    {
        var own = equity.Values.ToArray();
        var layers = new List<ChartLayer>();
        foreach (var curve in curves)
        {
            layers.Add(Line(curve.Name, Chart.Seconds(curve.Equity.Times.ToArray()), Scaled(curve.Equity, own[0])) with
            {
                IsDashed = true,
                Color = layers.Count == 0 ? 6 : layers.Count,
            });
        }

        layers.Add(Line("strategy", _times, own));
        var isLogarithmic = IsWide(layers.Cast<LineLayer>().SelectMany(layer => layer.Y));
        return new Chart(
            isLogarithmic ? "Worth, logarithmic" : "Worth",
            $"Worth of the strategy at each bar's close, beside {string.Join(", ", curves.Select(curve => curve.Name))}.",
            layers)
        {
            Axis = ChartAxis.Time,
            VerticalLabel = "cash",
            IsLogarithmic = isLogarithmic,
        };
    }

    private static LineLayer Line(string name, double[] times, double[] values)
    {
        var (x, y) = Thinning.Of(times, values);
        return new LineLayer(name, x, y) { Color = 0 };
    }

    /// <summary>A benchmark's worth as if it had started with the strategy's.</summary>
    private static double[] Scaled(EquityCurve curve, double start)
    {
        var values = curve.Values.ToArray();
        var scale = values[0] > 0 ? start / values[0] : 1;
        return Array.ConvertAll(values, value => value * scale);
    }

    private Chart DrawdownChart()
    {
        var drawdown = Array.ConvertAll(DrawdownStatistics.Series(equity.Values.Span), depth => 100 * depth);
        var held = Array.ConvertAll(DrawdownStatistics.Series(curves[0].Equity.Values.Span), depth => 100 * depth);
        var own = Line(string.Empty, _times, drawdown);
        return new Chart(
            "Drawdown",
            "How far worth lies below its highest so far, in per cent, at closes.",
            [
                new BandLayer("strategy", own.X, own.Y, new double[own.Y.Length]) { Color = 0 },
                own,
                Line(curves[0].Name, Chart.Seconds(curves[0].Equity.Times.ToArray()), held) with { Color = 6, IsDashed = true },
            ])
        {
            Axis = ChartAxis.Time,
            VerticalLabel = "%",
            IncludesZero = true,
        };
    }

    private Chart? RollingChart()
    {
        var returns = equity.Returns();
        var window = double.IsNaN(periodsPerYear) ? 0 : (int)Math.Clamp(Math.Round(periodsPerYear / 2), 2, int.MaxValue);
        window = Math.Min(window, returns.Length / FewestWindows);
        if (window < 2)
        {
            return null;
        }

        return new Chart(
            string.Create(CultureInfo.InvariantCulture, $"Rolling Sharpe ratio over {window:#,0} bars"),
            string.Create(
                CultureInfo.InvariantCulture,
                $"Mean over standard deviation of the last {window} returns, times the root of {periodsPerYear:0.##} bars a year, at a rate of zero."),
            [Line("strategy", _times[1..], RollingStatistics.Sharpe(returns, window, periodsPerYear))])
        {
            Axis = ChartAxis.Time,
            VerticalLabel = "a year (MeanOverStd)",
            IncludesZero = true,
        };
    }

    private void AddEpisodes(HtmlReport report)
    {
        var episodes = DrawdownStatistics.Episodes(equity);
        if (episodes.Count == 0)
        {
            return;
        }

        var rows = episodes.OrderBy(episode => episode.Depth).Take(WorstDrawdowns).Select(episode => new ReportRow(
        [
            new ReportCell(ReportTime.Text(episode.PeakTime)),
            new ReportCell(ReportTime.Text(episode.TroughTime)),
            new ReportCell(episode.Recovered ? ReportTime.Text(episode.EndTime) : "not by the end"),
            new ReportCell(episode.Depth) { Format = "0.00%" },
            new ReportCell(episode.Duration.TotalDays) { Format = "#,0.#" },
            new ReportCell(episode.EndBar - episode.PeakBar),
        ]));
        report.AddHeading("Worst drawdowns").AddTable(new ReportTable(
            ["peak", "trough", "recovered", "depth", "days", "bars"],
            [.. rows],
            string.Create(CultureInfo.InvariantCulture, $"The deepest of {episodes.Count:#,0} stretches below a peak, at closes.")));
    }
}
