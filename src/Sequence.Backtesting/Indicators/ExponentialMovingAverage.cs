namespace Sequence.Backtesting;

/// <summary>
/// Exponential moving average of the closes,
/// <code>
/// EMA[t] = EMA[t-1] + alpha (C[t] - EMA[t-1]),  alpha = 2 / (n + 1)
/// </code>
/// from the n-th bar on. It starts, as in TA-Lib and most charts, with the simple average of the first n closes.
/// </summary>
/// <param name="lookBack">Span of the average in bars, n; at least 1.</param>
public sealed class ExponentialMovingAverage(int lookBack) : Indicator
{
    private readonly int _lookBack = LookBack.Require(lookBack);
    private RunningSum _seed;
    private int _count;

    /// <inheritdoc />
    protected override double Next(in Bar bar)
    {
        if (_count == _lookBack)
        {
            return Value + (2.0 / (_lookBack + 1) * (bar.Close - Value));
        }

        _seed.Add(bar.Close);
        return ++_count == _lookBack ? _seed.Value / _lookBack : double.NaN;
    }
}
