namespace Sequence.Backtesting;

/// <summary>
/// Average true range, in units of price:
/// <code>
/// ATR[t] = ((n - 1) ATR[t-1] + TR[t]) / n,  TR[t] = max(H[t], C[t-1]) - min(L[t], C[t-1])
/// </code>
/// from the n-th bar on. TR of the first bar is H - L, and the average starts as the plain one of the first n ranges.
/// Source: Wilder, New Concepts in Technical Trading Systems, 1978.
/// </summary>
/// <param name="lookBack">Ranges averaged, n; at least 1.</param>
public sealed class AverageTrueRange(int lookBack = 14) : Indicator
{
    private readonly int _lookBack = LookBack.Require(lookBack);
    private double _close = double.NaN;
    private double _average;
    private int _bars;

    /// <inheritdoc />
    protected override double Next(in Bar bar)
    {
        var range = double.IsNaN(_close) ? bar.High - bar.Low : Math.Max(bar.High, _close) - Math.Min(bar.Low, _close);
        _close = bar.Close;
        _bars = Math.Min(_bars + 1, _lookBack);
        _average += (range - _average) / _bars;
        return _bars < _lookBack ? double.NaN : _average;
    }
}
