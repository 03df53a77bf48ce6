using System.Globalization;
using Sequence.Backtesting;
using Sequence.Forecasting;

namespace Sequence.Reporting;

/// <summary>
/// The tear sheet of a backtest, one page: headline numbers with their definitions, worth and drawdown beside buying and holding, rolling Sharpe
/// ratio, monthly returns, trades on price, forecasts against outcomes, where the money went, drawdowns, trades, events, a sweep, and
/// how it was run. Parts without content are left out; what is undefined is a dash with its reason. A line keeps what a column of
/// pixels shows, so that the page stays small for any number of bars.
/// </summary>
public sealed record BacktestReport
{
    /// <summary>File name of the page.</summary>
    public const string FileName = "index.html";

    /// <summary>
    /// Name of the benchmark that is always there: equal cash for every asset, spent at its first close without costs and left alone,
    /// dividends kept as cash. A curve of this name in <see cref="Benchmarks"/> takes its place.
    /// </summary>
    public const string BuyAndHold = "buy-and-hold";

    /// <summary>The run.</summary>
    public required BacktestResult Result { get; init; }

    /// <summary>What it ran over.</summary>
    public required Market Market { get; init; }

    /// <summary>Title of the page; null takes the name of the strategy.</summary>
    public string? Title { get; init; }

    /// <summary>Conventions of the statistics, for the strategy and its benchmarks alike.</summary>
    /// <value>Default: those of <see cref="PerformanceOptions"/>; alpha and beta are against <see cref="BuyAndHold"/> unless it names a benchmark.</value>
    public PerformanceOptions Performance { get; init; } = new();

    /// <summary>Account and rules, to be shown; null leaves them out.</summary>
    public BacktestOptions? Options { get; init; }

    /// <summary>Further curves to hold the strategy against.</summary>
    public IReadOnlyList<BenchmarkCurve> Benchmarks { get; init; } = [];

    /// <summary>The forecasts the strategy traded on, to be held against what came; null without.</summary>
    public ForecastTable? Forecasts { get; init; }

    /// <summary>What a sweep over two parameters came to; null without.</summary>
    public SweepSurface? Sweep { get; init; }

    /// <summary>What a search for looking ahead found, a sentence each; empty says on the page that there was none.</summary>
    public IReadOnlyList<string> LookAhead { get; init; } = [];

    /// <summary>Notes of the author, a paragraph each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>How the run is made again: command, data, seed, versions, time.</summary>
    public IReadOnlyList<ReportFact> Provenance { get; init; } = [];

    /// <summary>Writes the page as <see cref="FileName"/> into a folder, whole or not at all.</summary>
    /// <returns>Full path of the page.</returns>
    /// <exception cref="ConfigurationException">The statistics' options cannot be used, or benchmarks share a name.</exception>
    /// <exception cref="ArgumentException">A sweep has more or fewer values than its parameters.</exception>
    /// <exception cref="SequenceException">The file cannot be written.</exception>
    public async Task<string> WriteAsync(string directory, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var path = Path.GetFullPath(Path.Combine(directory, FileName));
        await ToHtmlReport().WriteAsync(path, cancellationToken);
        return path;
    }

    /// <summary>The page, to which more can be added.</summary>
    /// <exception cref="ConfigurationException">The statistics' options cannot be used, or benchmarks share a name.</exception>
    /// <exception cref="ArgumentException">A sweep has more or fewer values than its parameters.</exception>
    public HtmlReport ToHtmlReport()
    {
        var curves = Curves();
        var summary = PerformanceSummary.Of(
            Result.Equity, Result.Trades, Performance with { Benchmark = Performance.Benchmark ?? curves[0].Equity });
        var report = new HtmlReport(Title ?? Result.Strategy, Subtitle());
        var headline = new HeadlineSection(Performance, curves, summary, Result.Ledger);
        headline.AddTiles(report);
        foreach (var sentence in LookAhead.DefaultIfEmpty("this run was not searched for it."))
        {
            report.AddNote($"Looking ahead: {sentence}");
        }

        new EquitySection(Result.Equity, curves, summary.PeriodsPerYear).AddTo(report);
        MonthlySection.AddTo(report, Result.Equity);
        headline.AddTables(report);
        CostSection.AddTo(report, Result.Ledger);
        new TradeSection(Result, Market).AddTo(report);
        if (Forecasts is { Rows.Count: > 0 })
        {
            ForecastSection.AddTo(report, Forecasts);
        }

        if (Sweep is { } sweep)
        {
            AddSweep(report, sweep);
        }

        EventSection.AddTo(report, Result.Events);
        AddNotes(report);
        return report;
    }

    private static void AddSweep(HtmlReport report, SweepSurface sweep)
    {
        report.AddHeading("Sweep").AddHeatMap(new HeatMap(
            $"{sweep.Measure} by {sweep.RowParameter} and {sweep.ColumnParameter}",
            $"One cell for each pair of {sweep.RowParameter} and {sweep.ColumnParameter}; the best is framed.",
            sweep.RowValues,
            sweep.ColumnValues,
            sweep.Values)
        {
            VerticalLabel = sweep.RowParameter,
            HorizontalLabel = sweep.ColumnParameter,
        });
        double[] known = [.. sweep.Values.Cast<double>().Where(double.IsFinite)];
        if (known.Length > 0)
        {
            var numbers = new NumberColumn(known, significantDigits: 3);
            report.AddNote(string.Create(
                CultureInfo.InvariantCulture,
                $"{known.Length:#,0} pairs from {numbers.Format(known.Min())} to {numbers.Format(known.Max())}; the best, framed, is the luckiest of them too. {sweep.Note}")
                .TrimEnd());
        }
    }

    /// <summary>Buying and holding first, then the others.</summary>
    private List<BenchmarkCurve> Curves()
    {
        var twice = Benchmarks.CountBy(curve => curve.Name, StringComparer.Ordinal).Where(pair => pair.Value > 1).Select(pair => pair.Key).ToArray();
        ConfigurationException.ThrowIfAny([.. twice.Select(name => $"Two benchmarks are called '{name}'; give each its own name.")]);
        var held = Benchmarks.FirstOrDefault(curve => curve.Name == BuyAndHold)
            ?? new BenchmarkCurve(BuyAndHold, HeldAssets.Curve(Market, Result.Equity.Values.Span[0]));
        return [held, .. Benchmarks.Where(curve => curve.Name != BuyAndHold)];
    }

    private string Subtitle()
    {
        var times = Result.Equity.Times.Span;
        var assets = Market.Assets.Count <= 4
            ? string.Join(", ", Market.Assets.Select(asset => asset.Asset))
            : string.Create(CultureInfo.InvariantCulture, $"{Market.Assets.Count:#,0} assets");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{assets}; {times.Length:#,0} bars from {ReportTime.Text(times[0])} to {ReportTime.Text(times[^1])} UTC; " +
            $"{Result.Equity.Values.Span[0]:#,0.##} cash at the start.");
    }

    private void AddNotes(HtmlReport report)
    {
        List<ReportFact> run = [];
        if (Options is { } options)
        {
            run.AddRange(BacktestSettings.Describe(options, Performance).Select(setting => new ReportFact(setting.Key, setting.Value)));
        }

        run.Add(new ReportFact("first decision", string.Create(CultureInfo.InvariantCulture, $"after bar {Result.WarmUpBar:#,0}, counted from 0")));
        run.AddRange(Provenance);
        report.AddHeading("How this was run").AddFacts(run).AddHeading("Notes");
        foreach (var note in Notes)
        {
            report.AddParagraph(note);
        }

        if (Benchmarks.All(curve => curve.Name != BuyAndHold))
        {
            report.AddNote(
                $"\u201C{BuyAndHold}\u201D: equal cash for every asset, spent at its first close in any fraction of a unit and without costs, then left alone; " +
                "dividends are kept as cash.");
        }

        report.AddNote("Past results, simulated ones above all, say little about later ones.");
    }
}
