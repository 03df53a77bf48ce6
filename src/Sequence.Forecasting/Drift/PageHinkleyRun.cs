namespace Sequence.Forecasting;

/// <summary>The <see cref="PageHinkley"/> test along values that come one by one: constant memory, constant time a value. Not thread-safe.</summary>
public sealed class PageHinkleyRun
{
    private readonly PageHinkley _test;
    internal PageHinkleyRun(PageHinkley test) => _test = test;

    /// <summary>Values taken, t.</summary>
    public int Count { get; internal set; }

    /// <summary>Mean of the values taken, x̄_t; 0 before the first.</summary>
    public double Mean { get; internal set; }

    /// <summary>The sum, m_t; 0 before the first value.</summary>
    public double Sum { get; internal set; }

    /// <summary>The minimum of the sum, M_t; infinite before the first value.</summary>
    public double Least { get; internal set; } = double.PositiveInfinity;

    /// <summary>How far the sum stands above its minimum, m_t - M_t; 0 before the first value.</summary>
    public double Excess => Count == 0 ? 0 : Sum - Least;

    /// <summary>Takes the next value.</summary>
    /// <returns>Whether the values up to this one show drift. It goes on; begin a new one to look for the next drift.</returns>
    public bool Observe(double value)
    {
        Count++;
        Mean += (value - Mean) / Count;
        Sum += value - Mean - _test.Tolerance;
        Least = Math.Min(Least, Sum);
        return Count >= _test.MinimumValues && Excess > _test.Threshold;
    }
}
