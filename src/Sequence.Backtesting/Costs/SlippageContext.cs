namespace Sequence.Backtesting;

/// <summary>A fill as a slippage model sees it.</summary>
/// <param name="Asset">Symbol of the asset.</param>
/// <param name="Price">Price before slippage.</param>
/// <param name="Size">Units: positive bought, negative sold.</param>
/// <param name="Volume">Units traded in the bar; NaN when not known.</param>
/// <param name="AverageVolume">Mean units a bar over the look-back before this bar; NaN before there is one.</param>
/// <param name="Volatility">Standard deviation of log returns a bar over the look-back before this bar; NaN before there is one.</param>
public readonly record struct SlippageContext(
    string Asset, double Price, double Size, double Volume, double AverageVolume, double Volatility);
