using Sequence.Backtesting;
using Sequence.Cli.Backtests;
using Sequence.Data;
using Sequence.Forecasting;
using Sequence.Reporting;

namespace Sequence.Cli.Quickstart;

/// <summary>
/// Trades on the forecasts that a quickstart was judged by: long while the first model expects the next row higher, otherwise
/// flat, beside buy-and-hold; 10,000 of cash, any fraction of a unit, 10 basis points a side.
/// </summary>
internal static class QuickstartBacktest
{
    /// <summary>Folder of its files within that of the quickstart.</summary>
    public const string FolderName = "backtest";

    private const double CostRate = 0.001;

    private static readonly BacktestOptions Account = new() { Commission = Commission.Rate(CostRate), LotSize = 0 };

    /// <summary>Runs it; null for a series that cannot be prices.</summary>
    public static TradingOutcome? Run(TimeSeries series, ForecastTable table, CancellationToken cancellationToken)
    {
        if (series.Values.Span.IndexOfAnyExceptInRange(double.Epsilon, double.MaxValue) >= 0)
        {
            return null;
        }

        var forecasts = table.OfStep(1);
        var times = series.Timestamps.Span;
        var start = times.BinarySearch(forecasts.Rows.Min(row => row.Origin));
        var end = times.BinarySearch(forecasts.Rows.Max(row => row.Origin));
        var market = new Market(BarSeries.FromPrices(series).Slice(start, Math.Min(end + 2, times.Length) - start));
        var held = Contender.Run(market, ControlStrategies.BuyAndHold(), Account, new PerformanceOptions(), cancellationToken);
        var own = Contender.Run(
            market,
            ForecastStrategies.LongFlat(ForecastSource.FromTable(forecasts)),
            Account,
            new PerformanceOptions { Benchmark = held.Result.Equity },
            cancellationToken);
        return new TradingOutcome(market, own, held, null, forecasts, null, null, null);
    }

    /// <summary>Writes its tear sheet and tables.</summary>
    /// <returns>Path of the tear sheet.</returns>
    public static async Task<string> WriteAsync(string folder, string model, TradingOutcome outcome, CancellationToken cancellationToken)
    {
        await BacktestFiles.WriteAsync(
            folder, outcome.Strategy.Result, outcome.Strategy.Summary, BacktestSettings.Describe(Account), cancellationToken);
        return await new BacktestReport
        {
            Result = outcome.Strategy.Result,
            Market = outcome.Market,
            Title = $"Long or flat on the forecasts of {model}",
            Options = Account,
            Benchmarks = [new BenchmarkCurve(BacktestReport.BuyAndHold, outcome.BuyAndHold.Result.Equity)],
            Forecasts = outcome.Forecasts,
            LookAhead =
            [
                "this run was not searched for it. The model was fitted once, on the rows before the first origin, and every forecast was made from the rows up " +
                "to its origin.",
            ],
        }.WriteAsync(folder, cancellationToken);
    }
}
