namespace Sequence.Backtesting;

/// <summary>
/// Simple moving average of the closes, SMA[t] = (C[t - n + 1] + ... + C[t]) / n, from the n-th bar on. The running sum keeps
/// what rounding loses, so that it does not drift.
/// </summary>
/// <param name="lookBack">Bars averaged, n; at least 1.</param>
public sealed class SimpleMovingAverage(int lookBack) : Indicator
{
    private readonly double[] _closes = new double[LookBack.Require(lookBack)];
    private RunningSum _sum;
    private int _oldest;
    private int _count;

    /// <inheritdoc />
    protected override double Next(in Bar bar)
    {
        if (_count == _closes.Length)
        {
            _sum.Add(-_closes[_oldest]);
        }
        else
        {
            _count++;
        }

        _closes[_oldest] = bar.Close;
        _oldest = _oldest + 1 == _closes.Length ? 0 : _oldest + 1;
        _sum.Add(bar.Close);
        return _count == _closes.Length ? _sum.Value / _count : double.NaN;
    }
}
