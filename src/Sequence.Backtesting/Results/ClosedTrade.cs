namespace Sequence.Backtesting;

/// <summary>A trade from its entry to its exit, or the part of one that was closed.</summary>
/// <param name="Asset">Symbol of the asset.</param>
/// <param name="Size">Units: positive when long, negative when short.</param>
/// <param name="EntryBar">Index of the bar the entry was filled in, on the market's timeline.</param>
/// <param name="ExitBar">Index of the bar the exit was filled in.</param>
/// <param name="EntryTime">Time of that bar.</param>
/// <param name="ExitTime">Time of that bar.</param>
/// <param name="EntryPrice">Price paid or received at the entry, costs other than commissions included.</param>
/// <param name="ExitPrice">Price paid or received at the exit, costs other than commissions included.</param>
/// <param name="StopLoss">Price of the stop-loss at the exit; null without one.</param>
/// <param name="TakeProfit">Price of the take-profit at the exit; null without one.</param>
/// <param name="Commission">Commissions of this part at entry and exit, in cash; negative when a rebate.</param>
/// <param name="ProfitLoss">size (exit - entry) - commission, in cash.</param>
/// <param name="Return">ProfitLoss / (|size| entry), a fraction.</param>
/// <param name="Tag">What the strategy called the order; null without.</param>
public sealed record ClosedTrade(
    string Asset,
    double Size,
    int EntryBar,
    int ExitBar,
    DateTimeOffset EntryTime,
    DateTimeOffset ExitTime,
    double EntryPrice,
    double ExitPrice,
    double? StopLoss,
    double? TakeProfit,
    double Commission,
    double ProfitLoss,
    double Return,
    string? Tag)
{
    /// <summary>From the entry's bar to the exit's.</summary>
    public TimeSpan Duration => ExitTime - EntryTime;
}
