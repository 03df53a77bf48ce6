namespace Sequence.Reporting;

/// <summary>
/// An interval of numbers that has a width, however odd the values it was made for. Halves are subtracted rather than
/// wholes, so that even [-1e308, 1e308] does not overflow.
/// </summary>
internal readonly record struct ValueRange(double Low, double High)
{
    private const double LeastRelativeWidth = 1e-12;
    private const double LeastWidth = 1e-300;

    public double HalfWidth => (High / 2) - (Low / 2);

    /// <summary>The range of the finite values, widened when they are all (nearly) equal; [0, 1] when there are none.</summary>
    public static ValueRange Of(IEnumerable<double> values)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values.Where(double.IsFinite))
        {
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }

        if (low > high)
        {
            return new ValueRange(0, 1);
        }

        var size = Math.Max(Math.Abs(low), Math.Abs(high));
        if ((high / 2) - (low / 2) > Math.Max(size * LeastRelativeWidth, LeastWidth))
        {
            return new ValueRange(low, high);
        }

        var margin = size * 0.05 > LeastWidth ? size * 0.05 : 1;
        return new ValueRange(
            Math.Max(low - margin, -double.MaxValue), Math.Min(high + margin, double.MaxValue));
    }

    /// <summary>The range with room of this share of its width on either side.</summary>
    public ValueRange Widen(double below, double above) => new(
        Math.Max(Low - (2 * below * HalfWidth), -double.MaxValue), Math.Min(High + (2 * above * HalfWidth), double.MaxValue));

    /// <summary>Where a value lies: 0 at the low end, 1 at the high.</summary>
    public double Fraction(double value) => ((value / 2) - (Low / 2)) / HalfWidth;

    /// <summary>The inverse of <see cref="Fraction"/>.</summary>
    public double At(double fraction) => Low + (2 * (HalfWidth * fraction));
}
