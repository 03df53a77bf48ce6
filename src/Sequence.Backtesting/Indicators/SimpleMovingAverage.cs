namespace Sequence.Backtesting;

/// <summary>
/// Simple moving average of the closes, SMA[t] = (C[t - n + 1] + ... + C[t]) / n, from the n-th bar on. The running sum is
/// taken anew every n bars, so that rounding does not add up.
/// </summary>
/// <param name="lookBack">Bars averaged, n; at least 1.</param>
public sealed class SimpleMovingAverage(int lookBack) : Indicator
{
    private readonly double[] _closes = new double[LookBack.Require(lookBack)];
    private double _sum;
    private int _oldest;
    private bool _isFull;

    /// <inheritdoc />
    protected override double Next(in Bar bar)
    {
        _sum += bar.Close - _closes[_oldest];
        _closes[_oldest] = bar.Close;
        if (++_oldest == _closes.Length)
        {
            _oldest = 0;
            _isFull = true;
            _sum = 0;
            foreach (var close in _closes)
            {
                _sum += close;
            }
        }

        return _isFull ? _sum / _closes.Length : double.NaN;
    }
}
