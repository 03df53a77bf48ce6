namespace Sequence.Backtesting;

/// <summary>How much to trade: a number of units, or a share of the account's buying power at the fill.</summary>
public readonly record struct OrderSize
{
    private OrderSize(double value, bool isFraction)
    {
        Value = value;
        IsFraction = isFraction;
    }

    /// <summary>All of the buying power.</summary>
    public static OrderSize All => new(1, true);

    /// <summary>Units, or the share in (0, 1].</summary>
    public double Value { get; }

    /// <summary>Whether <see cref="Value"/> is a share of the buying power.</summary>
    public bool IsFraction { get; }

    /// <summary>A number of units, positive.</summary>
    public static OrderSize Units(double units) => new(units, false);

    /// <summary>A share of the buying power (margin available times leverage) at the fill, in (0, 1].</summary>
    public static OrderSize Fraction(double fraction) => new(fraction, true);

    /// <summary>A number of units.</summary>
    public static implicit operator OrderSize(double units) => Units(units);

    /// <inheritdoc />
    public override string ToString() => IsFraction ? $"{Value:P2} of the buying power" : $"{Value} units";
}
