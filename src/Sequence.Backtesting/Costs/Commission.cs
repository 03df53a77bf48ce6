namespace Sequence.Backtesting;

/// <summary>What a broker charges for a fill, in cash; a negative charge is a rebate.</summary>
public sealed class Commission
{
    private readonly Func<CommissionContext, double> _charge;
    private readonly string _description;

    private Commission(string description, Func<CommissionContext, double> charge)
    {
        _description = description;
        _charge = charge;
    }

    /// <summary>No commission.</summary>
    public static Commission None { get; } = new("none", _ => 0);

    /// <summary>A share of the value: rate |size| price.</summary>
    /// <param name="rate">In [-0.1, 0.1); negative is a rebate; 0.001 is ten basis points.</param>
    /// <exception cref="ConfigurationException">The rate is outside.</exception>
    public static Commission Rate(double rate) => FixedAndRate(0, rate);

    /// <summary>An amount for each unit, with a minimum for an order: max(amount |size|, minimum).</summary>
    /// <param name="amount">Cash a unit; negative is a rebate.</param>
    /// <param name="minimum">Least cash for the first fill of an order; not negative.</param>
    /// <exception cref="ConfigurationException">A number is not finite, or the minimum is negative.</exception>
    public static Commission PerShare(double amount, double minimum = 0)
    {
        RequireFinite(amount, "The commission a share");
        RequireNotNegative(minimum, "The least commission of an order");
        return new Commission(
            $"{amount} a unit, at least {minimum}",
            fill => minimum == 0 || !fill.IsFirstFill ? amount * Math.Abs(fill.Size) : Math.Max(amount * Math.Abs(fill.Size), minimum));
    }

    /// <summary>An amount for each order, charged with its first fill.</summary>
    /// <param name="amount">Cash; not negative.</param>
    /// <exception cref="ConfigurationException">The amount is negative or not finite.</exception>
    public static Commission PerTrade(double amount) => FixedAndRate(amount, 0);

    /// <summary>An amount for each order and a share of the value: fixed + rate |size| price.</summary>
    /// <param name="amount">Cash with the first fill of an order; not negative.</param>
    /// <param name="rate">In [-0.1, 0.1); negative is a rebate.</param>
    /// <exception cref="ConfigurationException">A number is outside.</exception>
    public static Commission FixedAndRate(double amount, double rate)
    {
        RequireNotNegative(amount, "The commission an order");
        if (rate is not (>= -0.1 and < 0.1))
        {
            throw new ConfigurationException($"The commission rate is {rate}; give a share of the value in [-0.1, 0.1), 0.001 for ten basis points.");
        }

        return new Commission(
            $"{amount} + {rate:P3}",
            fill => (fill.IsFirstFill ? amount : 0) + (Math.Abs(fill.Size) * fill.Price * rate));
    }

    /// <summary>A rate that depends on the value traded before the fill.</summary>
    /// <param name="tiers">From low to high; the first from 0.</param>
    /// <exception cref="ConfigurationException">Lists every fault of the tiers.</exception>
    public static Commission Tiered(IReadOnlyList<CommissionTier> tiers)
    {
        ArgumentNullException.ThrowIfNull(tiers);
        var faults = new List<string>();
        if (tiers.Count == 0 || tiers[0].From != 0)
        {
            faults.Add("The commission tiers must begin with one from 0.");
        }

        for (var index = 0; index < tiers.Count; index++)
        {
            if (index > 0 && !(tiers[index].From > tiers[index - 1].From))
            {
                faults.Add($"Commission tier {index} begins at {tiers[index].From}, not after tier {index - 1} ({tiers[index - 1].From}).");
            }

            if (tiers[index].Rate is not (>= -0.1 and < 0.1))
            {
                faults.Add($"Commission tier {index} has the rate {tiers[index].Rate}; give a share of the value in [-0.1, 0.1).");
            }
        }

        ConfigurationException.ThrowIfAny(faults);
        var kept = tiers.ToArray();
        return new Commission($"{kept.Length} tiers", fill =>
        {
            var tier = kept.Length - 1;
            while (kept[tier].From > fill.TradedSoFar)
            {
                tier--;
            }

            return kept[tier].Rate * Math.Abs(fill.Size) * fill.Price;
        });
    }

    /// <summary>Whatever a function says.</summary>
    /// <param name="charge">Cash for a fill, finite.</param>
    public static Commission Custom(Func<CommissionContext, double> charge)
    {
        ArgumentNullException.ThrowIfNull(charge);
        return new Commission("custom", charge);
    }

    /// <summary>The charge for a fill, in cash.</summary>
    /// <exception cref="ConfigurationException">A function of one's own gave a number that is not finite.</exception>
    public double Charge(in CommissionContext fill)
    {
        var charge = _charge(fill);
        return double.IsFinite(charge)
            ? charge
            : throw new ConfigurationException($"The commission of {fill.Size} units of '{fill.Asset}' at {fill.Price} came out as {charge}; it must be finite.");
    }

    /// <inheritdoc />
    public override string ToString() => _description;

    private static void RequireNotNegative(double value, string name)
    {
        if (value is not (>= 0 and < double.PositiveInfinity))
        {
            throw new ConfigurationException($"{name} is {value}; give a finite number that is not negative.");
        }
    }

    private static void RequireFinite(double value, string name)
    {
        if (!double.IsFinite(value))
        {
            throw new ConfigurationException($"{name} is {value}; give a finite number.");
        }
    }
}
