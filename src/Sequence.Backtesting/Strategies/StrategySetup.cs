namespace Sequence.Backtesting;

/// <summary>What a strategy is given before the first bar.</summary>
public sealed class StrategySetup
{
    private readonly List<(Indicator Indicator, int Asset)> _indicators = [];

    internal StrategySetup(Market market) => Market = market;

    /// <summary>
    /// The whole market of the run. What is computed here from it must use, for every bar, only bars up to it: the look-ahead
    /// guard runs the strategy on markets cut short to see whether that holds.
    /// </summary>
    public Market Market { get; }

    /// <summary>Bars of the market before the first decision, in addition to what indicators need.</summary>
    /// <value>Default: 0.</value>
    public int WarmUp { get; set; }

    internal (Indicator Indicator, int Asset)[] Indicators => [.. _indicators];

    /// <summary>
    /// Has an indicator follow an asset. The first decision waits until every indicator has a value.
    /// </summary>
    /// <param name="indicator">A new one; it belongs to this run.</param>
    /// <param name="asset">Symbol of the asset; null for the first.</param>
    /// <returns>The indicator.</returns>
    /// <exception cref="OrderException">There is no such asset.</exception>
    public TIndicator Use<TIndicator>(TIndicator indicator, string? asset = null)
        where TIndicator : Indicator
    {
        ArgumentNullException.ThrowIfNull(indicator);
        _indicators.Add((indicator, asset is null ? 0 : Market.IndexOf(asset)));
        return indicator;
    }
}
