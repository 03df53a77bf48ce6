namespace Sequence.Backtesting;

/// <summary>Forecasts as a strategy reads them: known, and not too old.</summary>
internal sealed class ForecastReader(ForecastSignals signals, int maximumAge)
{
    public bool HasProbabilities => signals.HasProbabilities;

    /// <summary>The newest forecast for an asset now, unless more bars than the maximum age have passed since its origin.</summary>
    public bool TryRead(StrategyContext context, AssetContext asset, out ForecastSignal signal)
    {
        if (!signals.TryGet(asset.Asset, context.Time, out signal))
        {
            return false;
        }

        // The bar that would make it too old is the one so many bars back: the origin must not lie before it.
        var times = asset.Times;
        var oldest = times.Length - 1 - maximumAge;
        return oldest < 0 || signal.Origin >= times[oldest];
    }
}
