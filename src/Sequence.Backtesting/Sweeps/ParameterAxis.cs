namespace Sequence.Backtesting;

/// <summary>One parameter and the values to try.</summary>
/// <param name="Name">Name of the parameter.</param>
/// <param name="Values">Values to try, at least one, each once.</param>
public sealed record ParameterAxis(string Name, IReadOnlyList<double> Values)
{
    /// <summary>Evenly spaced values from a first to a last, which is among them where the step leads to it.</summary>
    /// <param name="name">Name of the parameter.</param>
    /// <param name="first">First value.</param>
    /// <param name="last">Greatest value.</param>
    /// <param name="step">Distance; positive.</param>
    /// <exception cref="ConfigurationException">The step is not positive, the last lies below the first, or there are over a million.</exception>
    public static ParameterAxis Range(string name, double first, double last, double step = 1)
    {
        // The last value must not be lost to rounding.
        var steps = Math.Floor(((last - first) / step) + 1e-9);
        if (!(step > 0) || !(steps is >= 0 and < 1e6))
        {
            throw new ConfigurationException(
                $"The parameter '{name}' runs from {first} to {last} by {step}; give a positive step, a last value not below the first, and at most a million values.");
        }

        return new ParameterAxis(name, Enumerable.Range(0, (int)steps + 1).Select(index => first + (index * step)).ToArray());
    }
}
