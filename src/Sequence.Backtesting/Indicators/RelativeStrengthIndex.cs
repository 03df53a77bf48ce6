namespace Sequence.Backtesting;

/// <summary>
/// Relative strength index of the closes, between 0 and 100:
/// <code>
/// RSI[t] = 100 G[t] / (G[t] + L[t]),  G[t] = ((n - 1) G[t-1] + max(C[t] - C[t-1], 0)) / n,  L likewise of the falls
/// </code>
/// from bar n + 1 on, where G and L start as plain averages of the first n changes. Without any change it is 50.
/// Source: Wilder, New Concepts in Technical Trading Systems, 1978.
/// </summary>
/// <param name="lookBack">Changes averaged, n; at least 1.</param>
public sealed class RelativeStrengthIndex(int lookBack = 14) : Indicator
{
    private readonly int _lookBack = LookBack.Require(lookBack);
    private double _close = double.NaN;
    private double _gain;
    private double _loss;
    private int _changes;

    /// <inheritdoc />
    protected override double Next(in Bar bar)
    {
        var change = bar.Close - _close;
        _close = bar.Close;
        if (double.IsNaN(change))
        {
            return double.NaN;
        }

        // Until there are n changes the weight of the newest is one over their number, which is the plain average.
        _changes = Math.Min(_changes + 1, _lookBack);
        _gain += (Math.Max(change, 0) - _gain) / _changes;
        _loss += (Math.Max(-change, 0) - _loss) / _changes;
        return _changes < _lookBack ? double.NaN : _gain + _loss == 0 ? 50 : 100 * _gain / (_gain + _loss);
    }
}
