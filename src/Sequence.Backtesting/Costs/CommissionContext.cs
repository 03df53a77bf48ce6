namespace Sequence.Backtesting;

/// <summary>A fill as a commission sees it.</summary>
/// <param name="Asset">Symbol of the asset.</param>
/// <param name="Size">Units filled: positive bought, negative sold.</param>
/// <param name="Price">Price of the fill.</param>
/// <param name="TradedSoFar">Cash value of everything the account traded before this fill.</param>
/// <param name="IsFirstFill">Whether it is the first fill of its order.</param>
public readonly record struct CommissionContext(string Asset, double Size, double Price, double TradedSoFar, bool IsFirstFill);
