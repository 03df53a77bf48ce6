namespace Sequence.Backtesting;

/// <summary>One fill of an order.</summary>
/// <param name="Asset">Symbol of the asset.</param>
/// <param name="Bar">Index of the market's bar it was filled in.</param>
/// <param name="Time">Time of that bar.</param>
/// <param name="Size">Units: positive bought, negative sold.</param>
/// <param name="Price">Price, spread and slippage included.</param>
/// <param name="Commission">In cash.</param>
/// <param name="DecisionBar">Index of the bar after whose close the order was placed.</param>
/// <param name="Tag">Name of the order; null without.</param>
public sealed record Fill(
    string Asset, int Bar, DateTimeOffset Time, double Size, double Price, double Commission, int DecisionBar, string? Tag);
