using Sequence.Numerics;

namespace Sequence.Backtesting;

/// <summary>Parameters drawn at random. Source: Bergstra and Bengio, Random search for hyper-parameter optimization, 2012.</summary>
public static class RandomSearch
{
    private const int MostTriesForEach = 10_000;

    /// <summary>Draws trials; draw i comes from the stream i of the seed, so more trials begin with the same ones.</summary>
    /// <param name="distributions">The parameters; at least one.</param>
    /// <param name="count">How many trials; at least 1.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="constraint">Which draws to keep; a refused one is drawn again. Null keeps all.</param>
    /// <exception cref="ConfigurationException">Lists every fault; or the constraint refuses nearly everything.</exception>
    public static IReadOnlyList<ParameterSet> Draw(
        IReadOnlyList<ParameterDistribution> distributions, int count, ulong seed, Func<ParameterSet, bool>? constraint = null)
    {
        ArgumentNullException.ThrowIfNull(distributions);
        string[] names = [.. distributions.Select(distribution => distribution.Name)];
        var faults = ParameterCheck.NameFaults(names);
        if (count < 1)
        {
            faults.Add($"The random search has {count} trials; give at least 1.");
        }

        ConfigurationException.ThrowIfAny(faults);
        var sets = new ParameterSet[count];
        for (var trial = 0; trial < count; trial++)
        {
            sets[trial] = DrawOne(distributions, names, new CounterRandom(seed, (ulong)trial), constraint);
        }

        return sets;
    }

    private static ParameterSet DrawOne(
        IReadOnlyList<ParameterDistribution> distributions, string[] names, CounterRandom random, Func<ParameterSet, bool>? constraint)
    {
        for (var attempt = 0; attempt < MostTriesForEach; attempt++)
        {
            var set = new ParameterSet(names, distributions.Select(distribution => distribution.Draw(random)).ToArray());
            if (constraint is null || constraint(set))
            {
                return set;
            }
        }

        throw new ConfigurationException(
            $"The constraint refused {MostTriesForEach:N0} draws in a row; widen it, or choose distributions that meet it more often.");
    }
}
