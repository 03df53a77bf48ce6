using Sequence.Backtesting;

namespace Sequence.Reporting;

/// <summary>The numbers of the strategy beside those of its benchmarks.</summary>
internal sealed class HeadlineSection
{
    private readonly Measures _measures;
    private readonly PerformanceSummary _summary;
    private readonly (string Name, PerformanceSummary Summary)[] _benchmarks;
    private readonly Ledger _ledger;

    public HeadlineSection(PerformanceOptions options, IReadOnlyList<BenchmarkCurve> curves, PerformanceSummary summary, Ledger ledger)
    {
        _summary = summary;
        _ledger = ledger;
        _measures = new Measures(options, summary.PeriodsPerYear, options.Benchmark is null ? curves[0].Name : "the benchmark");
        var alike = options with
        {
            PeriodsPerYear = double.IsNaN(summary.PeriodsPerYear) ? null : summary.PeriodsPerYear,
            Benchmark = options.Benchmark ?? curves[0].Equity,
        };
        _benchmarks = [.. curves.Select(curve => (curve.Name, PerformanceSummary.Of(curve.Equity, [], alike)))];
    }

    public void AddTiles(HtmlReport report) => report.AddTiles(
        [
            Tile(_measures.TotalReturn), Tile(_measures.Growth), Tile(_measures.Sharpe), Tile(_measures.MaxDrawdown), Tile(_measures.Volatility),
            new ReportTile(
                "Final worth",
                NumberColumn.Format(_summary.FinalEquity, "#,0.00"),
                "Cash and positions at the last close.",
                $"from {NumberColumn.Format(_summary.InitialEquity, "#,0.00")}"),
            new ReportTile(
                "Costs",
                NumberColumn.Format(CostSection.Total(_ledger), "#,0.00"),
                "Commissions, spread, slippage, borrowing and interest over the run, in cash; the part below shows each.",
                CostSection.Gross(_ledger) > 0
                    ? $"{NumberColumn.Format(CostSection.Total(_ledger) / CostSection.Gross(_ledger), "0.0%")} of the gross profit"
                    : "there was no gross profit"),
            new ReportTile(
                "Trades",
                NumberColumn.Format(_summary.Trades, "#,0"),
                $"Trades closed. {_measures.WinRate.Name}: {_measures.WinRate.Definition}",
                _summary.Trades > 0 ? $"{_measures.WinRate.Text(_summary)} with profit" : null),
        ]);

    public void AddTables(HtmlReport report)
    {
        report.AddHeading("Beside buying and holding").AddTable(RiskTable());
        report.AddHeading("Trading").AddTable(TradingTable());
        report.AddFolded(
            "How these numbers are defined",
            [.. _measures.Risk.Concat(_measures.Trading).Select(measure => new ReportFact(measure.Name, measure.Definition))]);
    }

    private ReportTile Tile(Measure measure) => new(
        measure.Name,
        measure.Text(_summary),
        double.IsFinite(measure.Value(_summary)) ? measure.Definition : $"{measure.Definition} Undefined here: {measure.Undefined}",
        $"{_benchmarks[0].Name} {measure.Text(_benchmarks[0].Summary)}");

    private ReportTable RiskTable()
    {
        PerformanceSummary[] summaries = [_summary, .. _benchmarks.Select(benchmark => benchmark.Summary)];
        var rows = _measures.Risk.Select(measure => new ReportRow([Name(measure), .. summaries.Select(summary => Value(measure, summary))]));
        return new ReportTable(
            ["Measure", "strategy", .. _benchmarks.Select(benchmark => benchmark.Name)], [.. rows], $"Sharpe ratio: {_measures.Sharpe.Definition} {Missing(_measures.Risk, summaries)}".TrimEnd());
    }

    private ReportTable TradingTable() => new(
        ["Measure", "strategy"],
        [.. _measures.Trading.Select(measure => new ReportRow([Name(measure), Value(measure, _summary)]))],
        Missing(_measures.Trading, [_summary]));

    private static ReportCell Name(Measure measure) => new(measure.Name) { Title = measure.Definition };

    private static ReportCell Value(Measure measure, PerformanceSummary summary)
    {
        var value = measure.Value(summary);
        return new ReportCell(value) { Format = measure.Format, Title = double.IsFinite(value) ? null : $"Undefined: {measure.Undefined}" };
    }

    /// <summary>Why there are dashes, for those who cannot point at them.</summary>
    private static string? Missing(IReadOnlyList<Measure> measures, PerformanceSummary[] summaries)
    {
        var reasons = measures.Where(measure => summaries.Any(summary => !double.IsFinite(measure.Value(summary))))
            .Select(measure => $"{measure.Name}: {measure.Undefined}").ToArray();
        return reasons.Length == 0 ? null : $"\u2013 is undefined or unbounded. {string.Join(' ', reasons)}";
    }
}
