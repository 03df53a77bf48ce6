namespace Sequence.Forecasting;

/// <summary>Checks levels of intervals in one place.</summary>
internal static class IntervalLevels
{
    internal static IEnumerable<string> Faults(IReadOnlyList<double> levels)
    {
        foreach (var level in levels.Where(level => level is not (> 0 and < 100)))
        {
            yield return $"Levels holds {level}; the coverage of an interval lies between 0 and 100 percent, both excluded.";
        }

        foreach (var group in levels.GroupBy(level => level).Where(group => group.Skip(1).Any()))
        {
            yield return $"Levels holds {group.Key} more than once; give each level once.";
        }
    }

    /// <summary>The levels narrowest first.</summary>
    internal static double[] Require(IReadOnlyList<double> levels)
    {
        ConfigurationException.ThrowIfAny(Faults(levels).ToArray());
        return levels.Order().ToArray();
    }
}
