namespace Sequence.Backtesting;

/// <summary>
/// How far the price moves against a market or stop order, in price units a unit. Limit orders are filled at their price or
/// not at all.
/// </summary>
public sealed class Slippage
{
    private readonly Func<SlippageContext, double> _perUnit;
    private readonly string _description;

    private Slippage(string description, Func<SlippageContext, double> perUnit, bool needsVolume = false, int lookBack = 0)
    {
        _description = description;
        _perUnit = perUnit;
        NeedsVolume = needsVolume;
        LookBack = lookBack;
    }

    /// <summary>No slippage.</summary>
    public static Slippage None { get; } = new("none", _ => 0);

    /// <summary>Whether bars must have volumes.</summary>
    public bool NeedsVolume { get; }

    /// <summary>Bars over which volume and volatility are averaged; 0 when they are not used.</summary>
    public int LookBack { get; }

    /// <summary>The same amount on every fill.</summary>
    /// <param name="amount">In price units; not negative.</param>
    /// <exception cref="ConfigurationException">The amount is negative or not finite.</exception>
    public static Slippage Fixed(double amount)
    {
        Require(amount, "The slippage");
        return new Slippage($"{amount} a unit", _ => amount);
    }

    /// <summary>A share of the price.</summary>
    /// <param name="rate">0.0005 is five basis points; not negative.</param>
    /// <exception cref="ConfigurationException">The rate is negative or not finite.</exception>
    public static Slippage Rate(double rate)
    {
        Require(rate, "The slippage rate");
        return new Slippage($"{rate:P3}", fill => rate * fill.Price);
    }

    /// <summary>
    /// Impact by the share of the bar's volume: price impact min(1, |size| / volume)^2. Source: the VolumeShareSlippage model
    /// of the Zipline backtester, whose share is bounded by its volume limit.
    /// </summary>
    /// <param name="priceImpact">Share of the price at the whole volume; not negative.</param>
    /// <exception cref="ConfigurationException">The impact is negative or not finite.</exception>
    public static Slippage VolumeShare(double priceImpact = 0.1)
    {
        Require(priceImpact, "The price impact");
        return new Slippage(
            $"{priceImpact} of the squared volume share",
            fill =>
            {
                var share = fill.Volume > 0 ? Math.Min(1, Math.Abs(fill.Size) / fill.Volume) : 1;
                return fill.Price * priceImpact * share * share;
            },
            needsVolume: true);
    }

    /// <summary>
    /// The square-root law of market impact: price coefficient sigma sqrt(|size| / V), with sigma the volatility and V the
    /// mean volume a bar of the bars before. No impact before there are that many. Source: Tóth et al., Anomalous price
    /// impact and the critical nature of liquidity in financial markets, 2011.
    /// </summary>
    /// <param name="coefficient">Of order one; not negative.</param>
    /// <param name="lookBack">Bars for sigma and V; at least 2.</param>
    /// <exception cref="ConfigurationException">A number is outside.</exception>
    public static Slippage SquareRoot(double coefficient = 1, int lookBack = 20)
    {
        Require(coefficient, "The impact coefficient");
        if (lookBack < 2)
        {
            throw new ConfigurationException($"The look-back of the square-root impact is {lookBack}; give at least 2 bars.");
        }

        return new Slippage(
            $"{coefficient} sigma sqrt(share), look-back {lookBack}",
            fill => fill.AverageVolume > 0 && fill.Volatility >= 0
                ? fill.Price * coefficient * fill.Volatility * Math.Sqrt(Math.Abs(fill.Size) / fill.AverageVolume)
                : 0,
            needsVolume: true,
            lookBack);
    }

    /// <summary>Whatever a function says.</summary>
    /// <param name="perUnit">Price units a unit against the trader; finite, not negative.</param>
    public static Slippage Custom(Func<SlippageContext, double> perUnit)
    {
        ArgumentNullException.ThrowIfNull(perUnit);
        return new Slippage("custom", perUnit);
    }

    /// <summary>The move against the trader, in price units.</summary>
    /// <exception cref="ConfigurationException">A function of one's own gave a negative number or none.</exception>
    public double PerUnit(in SlippageContext fill)
    {
        var move = _perUnit(fill);
        return move is >= 0 and < double.PositiveInfinity
            ? move
            : throw new ConfigurationException(
                $"The slippage of {fill.Size} units of '{fill.Asset}' at {fill.Price} came out as {move}; it must be finite and not negative.");
    }

    /// <inheritdoc />
    public override string ToString() => _description;

    private static void Require(double value, string name)
    {
        if (value is not (>= 0 and < double.PositiveInfinity))
        {
            throw new ConfigurationException($"{name} is {value}; give a finite number that is not negative.");
        }
    }
}
