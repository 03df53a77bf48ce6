using Sequence.Backtesting;

namespace Sequence.Cli.Backtests;

/// <summary>What strategies of random entries came to that trade as much as another one.</summary>
/// <param name="Draws">How many there were.</param>
/// <param name="Turnover">Expected turnover of each a bar, bought plus sold as a share of the account.</param>
/// <param name="Exposure">Expected share of bars each is in the market.</param>
/// <param name="MeanReturn">Mean of their total returns, a fraction.</param>
/// <param name="LowReturn">Fifth percentile of them.</param>
/// <param name="HighReturn">Ninety-fifth percentile of them.</param>
/// <param name="MeanSharpe">Mean of those Sharpe ratios that are defined.</param>
/// <param name="MeanCosts">Mean of their costs, in cash.</param>
/// <param name="ShareBeaten">Share of them with a lower total return than the strategy.</param>
internal sealed record RandomEntryDraws(
    int Draws,
    double Turnover,
    double Exposure,
    double MeanReturn,
    double LowReturn,
    double HighReturn,
    double MeanSharpe,
    double MeanCosts,
    double ShareBeaten)
{
    /// <summary>Runs them; null when the strategy traded nothing, so that there is nothing to match.</summary>
    public static RandomEntryDraws? Run(
        Market market,
        BacktestOptions options,
        PerformanceOptions statistics,
        BacktestResult strategy,
        int draws,
        ulong seed,
        IProgress<double> progress,
        CancellationToken cancellationToken)
    {
        var equity = strategy.Equity;
        ClosedTrade[] trades = [.. strategy.Trades, .. strategy.OpenTrades];
        var worth = equity.Values.ToArray().Average();
        var turnover = Math.Min(strategy.Ledger.Traded / worth / equity.Length, 0.98);
        if (!(turnover > 0))
        {
            return null;
        }

        var exposure = Math.Clamp(ActivityStatistics.TimeInMarket(trades, equity.Length), Math.Max(turnover / 2, 0.01), Math.Min(1 - (turnover / 2), 0.99));

        // The clamp rounds, and so may the rest of the bars.
        turnover = Math.Min(turnover, 2 * Math.Min(exposure, 1 - exposure));
        var allowShort = options.AllowShort && trades.Any(trade => trade.Size < 0);
        var summaries = new (double Return, double Sharpe, double Costs)[draws];
        var done = 0;
        Parallel.For(
            0,
            draws,
            new ParallelOptions { CancellationToken = cancellationToken },
            draw =>
            {
                var result = Backtest.Run(
                    market, ControlStrategies.RandomEntries(turnover, seed + (ulong)draw, exposure, allowShort), options, cancellationToken);
                var summary = PerformanceSummary.Of(result.Equity, result.Trades, statistics);
                summaries[draw] = (summary.TotalReturn, summary.Sharpe, Contender.CostsOf(result.Ledger));
                progress.Report((double)Interlocked.Increment(ref done) / draws);
            });
        double[] returns = [.. summaries.Select(one => one.Return).Order()];
        var own = (equity.Values.Span[^1] / equity.Values.Span[0]) - 1;
        return new RandomEntryDraws(
            draws,
            turnover,
            exposure,
            returns.Average(),
            returns[(int)(0.05 * (draws - 1))],
            returns[(int)Math.Ceiling(0.95 * (draws - 1))],
            summaries.Select(one => one.Sharpe).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average(),
            summaries.Average(one => one.Costs),
            (double)returns.Count(value => value < own) / draws);
    }
}
