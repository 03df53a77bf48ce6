namespace Sequence.Backtesting;

/// <summary>What the numbers of a trading rule must hold.</summary>
internal static class RuleCheck
{
    public static void Finite(double value, string name) => Require(double.IsFinite(value), value, name, "a finite number");

    public static void Positive(double value, string name) =>
        Require(value is > 0 and < double.PositiveInfinity, value, name, "a positive number");

    public static void NotNegative(double value, string name) =>
        Require(value is >= 0 and < double.PositiveInfinity, value, name, "a finite number, not negative");

    public static void AtLeast(int minimum, int value, string name) => Require(value >= minimum, value, name, $"at least {minimum}");

    private static void Require(bool holds, double value, string name, string wanted)
    {
        if (!holds)
        {
            throw new ConfigurationException($"A trading rule has the {name} {value}; give {wanted}.");
        }
    }
}
