namespace Sequence.Backtesting;

/// <summary>A sum that keeps what rounding loses (Neumaier, 1974), so that adding and taking away for months leaves no drift.</summary>
internal struct RunningSum
{
    private double _sum;
    private double _lost;

    public readonly double Value => _sum + _lost;

    public void Add(double value)
    {
        var sum = _sum + value;
        _lost += Math.Abs(_sum) >= Math.Abs(value) ? _sum - sum + value : value - sum + _sum;
        _sum = sum;
    }
}
