using Sequence.Data;

namespace Sequence.Backtesting;

/// <summary>
/// Runs a strategy over a market in one pass over its bars. After every bar, orders placed earlier have been filled by the
/// profile's rules, the account is valued at the close, and the strategy decides with what is known up to it.
/// </summary>
public static class Backtest
{
    /// <summary>Runs a strategy.</summary>
    /// <param name="market">Bars.</param>
    /// <param name="strategy">What to trade.</param>
    /// <param name="options">Account and rules; null takes the defaults.</param>
    /// <param name="cancellationToken">Stops between bars.</param>
    /// <exception cref="ConfigurationException">An option cannot be used.</exception>
    /// <exception cref="DataFormatException">The market has fewer bars than the strategy needs before its first decision.</exception>
    /// <exception cref="StrategyException">The strategy threw; bar, time and the result so far are in it.</exception>
    public static BacktestResult Run(
        Market market, Strategy strategy, BacktestOptions? options = null, CancellationToken cancellationToken = default) =>
        Run(market, strategy, options, null, cancellationToken);

    /// <summary>Runs a strategy and tells every decision to a listener.</summary>
    internal static BacktestResult Run(
        Market market,
        Strategy strategy,
        BacktestOptions? options,
        Action<Decision>? decided,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(market);
        ArgumentNullException.ThrowIfNull(strategy);
        options ??= new BacktestOptions();
        options.Validate(market);
        return new BacktestRun(market, strategy, options, decided).Run(cancellationToken);
    }
}
