namespace Sequence.Backtesting;

/// <summary>
/// Bollinger bands of the closes: <see cref="Indicator.Value"/> and <see cref="Middle"/> are the simple average of n closes,
/// and
/// <code>
/// Upper = Middle + k sigma,  Lower = Middle - k sigma
/// </code>
/// with sigma the population standard deviation (divisor n) of the same closes. Source: Bollinger, Bollinger on Bollinger
/// Bands, 2001.
/// </summary>
/// <param name="lookBack">Closes averaged, n; at least 1.</param>
/// <param name="width">Standard deviations to either side, k; positive.</param>
public sealed class BollingerBands(int lookBack = 20, double width = 2) : Indicator
{
    private readonly RollingMoments _moments = new(LookBack.Require(lookBack));
    private readonly double _width = width is > 0 and < double.PositiveInfinity
        ? width
        : throw new ConfigurationException($"Bollinger bands have a width of {width} standard deviations; give a positive number.");

    /// <summary>Average of the closes; NaN before there are enough.</summary>
    public double Middle => Value;

    /// <summary>Upper band; NaN before there are enough closes.</summary>
    public double Upper { get; private set; } = double.NaN;

    /// <summary>Lower band; NaN before there are enough closes.</summary>
    public double Lower { get; private set; } = double.NaN;

    /// <inheritdoc />
    protected override double Next(in Bar bar)
    {
        _moments.Add(bar.Close);
        var distance = _width * Math.Sqrt(_moments.Variance);
        Upper = _moments.Mean + distance;
        Lower = _moments.Mean - distance;
        return _moments.Mean;
    }
}
