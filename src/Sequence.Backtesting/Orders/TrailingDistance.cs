namespace Sequence.Backtesting;

/// <summary>How far a trailing stop stays behind the best price since it was placed.</summary>
/// <param name="Value">In units of price, or as a share of the best price in (0, 1).</param>
/// <param name="IsFraction">Whether it is a share.</param>
public readonly record struct TrailingDistance(double Value, bool IsFraction)
{
    /// <summary>A distance in units of price.</summary>
    public static TrailingDistance Amount(double amount) => new(amount, false);

    /// <summary>A share of the best price, in (0, 1).</summary>
    public static TrailingDistance Fraction(double fraction) => new(fraction, true);

    /// <summary>The stop behind a best price: below it to sell, above it to buy.</summary>
    internal double StopBehind(double best, bool buys)
    {
        var distance = IsFraction ? best * Value : Value;
        return buys ? best + distance : best - distance;
    }

    internal string? Fault() => this switch
    {
        { IsFraction: true, Value: not (> 0 and < 1) } => $"a trailing distance of {Value} of the price; give a share between 0 and 1",
        { IsFraction: false, Value: not (> 0 and < double.PositiveInfinity) } => $"a trailing distance of {Value}; give a positive amount",
        _ => null,
    };
}
