namespace Sequence.Backtesting;

/// <summary>What a backtest came to.</summary>
/// <param name="Strategy">Name of the strategy.</param>
/// <param name="Equity">Worth of the account at every bar's close.</param>
/// <param name="Trades">Closed trades in the order they were closed.</param>
/// <param name="OpenTrades">Trades open at the end, as they would be if closed at the last close for nothing.</param>
/// <param name="Fills">Every fill in order.</param>
/// <param name="Events">Rejections, margin calls and the like, in order.</param>
/// <param name="Ledger">Where the money went.</param>
/// <param name="WarmUpBar">Index of the bar at which every indicator first had a value.</param>
public sealed record BacktestResult(
    string Strategy,
    EquityCurve Equity,
    IReadOnlyList<ClosedTrade> Trades,
    IReadOnlyList<ClosedTrade> OpenTrades,
    IReadOnlyList<Fill> Fills,
    IReadOnlyList<BacktestEvent> Events,
    Ledger Ledger,
    int WarmUpBar);
