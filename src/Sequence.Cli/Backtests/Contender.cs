using Sequence.Backtesting;

namespace Sequence.Cli.Backtests;

/// <summary>A strategy that was run, with its statistics.</summary>
internal sealed record Contender(string Name, BacktestResult Result, PerformanceSummary Summary)
{
    /// <summary>What trading cost, in cash.</summary>
    public double Costs => CostsOf(Result.Ledger);

    public static Contender Run(
        Market market, Strategy strategy, BacktestOptions options, PerformanceOptions statistics, CancellationToken cancellationToken)
    {
        var result = Backtest.Run(market, strategy, options, cancellationToken);
        return new Contender(strategy.Name, result, PerformanceSummary.Of(result.Equity, result.Trades, statistics));
    }

    /// <summary>Commissions, spread, slippage, borrowing and financing together.</summary>
    public static double CostsOf(Ledger ledger) =>
        ledger.Commissions + ledger.Spread + ledger.Slippage + ledger.Borrow + ledger.Financing;
}
