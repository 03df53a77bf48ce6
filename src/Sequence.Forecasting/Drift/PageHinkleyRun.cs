namespace Sequence.Forecasting;

/// <summary>The <see cref="PageHinkley"/> test along values that come one by one: constant memory, constant time a value. Not thread-safe.</summary>
public sealed class PageHinkleyRun
{
    private readonly PageHinkley _test;
    private double _mean;
    private double _sum;
    private double _least = double.PositiveInfinity;

    internal PageHinkleyRun(PageHinkley test) => _test = test;

    /// <summary>Values taken, t.</summary>
    public int Count { get; private set; }

    /// <summary>How far the sum stands above its minimum, m_t - M_t; 0 before the first value.</summary>
    public double Excess => Count == 0 ? 0 : _sum - _least;

    /// <summary>Takes the next value.</summary>
    /// <returns>Whether the values up to this one show drift. It goes on; begin a new one to look for the next drift.</returns>
    public bool Observe(double value)
    {
        Count++;
        _mean += (value - _mean) / Count;
        _sum += value - _mean - _test.Tolerance;
        _least = Math.Min(_least, _sum);
        return Count >= _test.MinimumValues && Excess > _test.Threshold;
    }
}
