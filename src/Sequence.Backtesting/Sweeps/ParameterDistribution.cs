using Sequence.Numerics;

namespace Sequence.Backtesting;

/// <summary>One parameter and how to draw its values.</summary>
public sealed class ParameterDistribution
{
    private readonly Func<CounterRandom, double> _draw;

    private ParameterDistribution(string name, Func<CounterRandom, double> draw)
    {
        Name = name;
        _draw = draw;
    }

    /// <summary>Name of the parameter.</summary>
    public string Name { get; }

    /// <summary>Uniform on [low, high).</summary>
    /// <param name="name">Name of the parameter.</param>
    /// <param name="low">Least value.</param>
    /// <param name="high">Upper end.</param>
    /// <exception cref="ConfigurationException">The ends are not finite or not in order.</exception>
    public static ParameterDistribution Uniform(string name, double low, double high)
    {
        Require(double.IsFinite(low) && double.IsFinite(high) && low < high, name, low, high, "finite numbers, the lower first");
        return new ParameterDistribution(name, random => low + ((high - low) * random.NextDouble()));
    }

    /// <summary>Its logarithm is uniform on [log low, log high).</summary>
    /// <param name="name">Name of the parameter.</param>
    /// <param name="low">Least value; positive.</param>
    /// <param name="high">Upper end.</param>
    /// <exception cref="ConfigurationException">The ends are not positive or not in order.</exception>
    public static ParameterDistribution LogUniform(string name, double low, double high)
    {
        Require(low > 0 && low < high && double.IsFinite(high), name, low, high, "positive numbers, the lower first");
        return new ParameterDistribution(name, random => low * Math.Exp(Math.Log(high / low) * random.NextDouble()));
    }

    /// <summary>A whole number from low to high, both included, all equally likely.</summary>
    /// <param name="name">Name of the parameter.</param>
    /// <param name="low">Least value.</param>
    /// <param name="high">Greatest value.</param>
    /// <exception cref="ConfigurationException">The ends are not in order or too far apart.</exception>
    public static ParameterDistribution Integer(string name, int low, int high)
    {
        Require(low <= high && (long)high - low < int.MaxValue, name, low, high, "whole numbers, the lower first");
        return new ParameterDistribution(name, random => low + random.NextInt(high - low + 1));
    }

    /// <summary>One of some values, all equally likely.</summary>
    /// <param name="name">Name of the parameter.</param>
    /// <param name="values">The values; at least one, finite.</param>
    /// <exception cref="ConfigurationException">There is none, or one is not finite.</exception>
    public static ParameterDistribution Choice(string name, IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var kept = values.ToArray();
        return kept.Length > 0 && kept.All(double.IsFinite)
            ? new ParameterDistribution(name, random => kept[random.NextInt(kept.Length)])
            : throw new ConfigurationException($"The parameter '{name}' has the choices [{string.Join(", ", kept)}]; give at least one finite number.");
    }

    internal double Draw(CounterRandom random) => _draw(random);

    private static void Require(bool holds, string name, double low, double high, string wanted)
    {
        if (!holds)
        {
            throw new ConfigurationException($"The parameter '{name}' is drawn from {low} to {high}; give {wanted}.");
        }
    }
}
