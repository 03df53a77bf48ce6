namespace Sequence.Backtesting;

/// <summary>Every combination of the values of named parameters.</summary>
/// <example>
/// <code>
/// var trials = ParameterGrid.Create(
///     [ParameterAxis.Range("fast", 5, 50, 5), ParameterAxis.Range("slow", 20, 200, 10)],
///     set => set["fast"] &lt; set["slow"]);
/// </code>
/// </example>
public static class ParameterGrid
{
    private const int MostTrials = 10_000_000;

    /// <summary>The combinations that a constraint allows; the last axis runs fastest.</summary>
    /// <param name="axes">The parameters; at least one.</param>
    /// <param name="constraint">Which combinations to keep; null keeps all.</param>
    /// <exception cref="ConfigurationException">Lists every fault: no axis, a name twice, an axis without values, no combination left.</exception>
    public static IReadOnlyList<ParameterSet> Create(IReadOnlyList<ParameterAxis> axes, Func<ParameterSet, bool>? constraint = null)
    {
        ArgumentNullException.ThrowIfNull(axes);
        string[] names = [.. axes.Select(axis => axis.Name)];
        var faults = ParameterCheck.NameFaults(names);
        foreach (var axis in axes)
        {
            if (axis.Values.Count == 0)
            {
                faults.Add($"The parameter '{axis.Name}' has no values; give at least one.");
            }

            if (axis.Values.Distinct().Count() < axis.Values.Count)
            {
                faults.Add($"The parameter '{axis.Name}' has a value twice; give each once.");
            }

            faults.AddRange(axis.Values.Where(value => !double.IsFinite(value)).Select(
                value => $"The parameter '{axis.Name}' has the value {value}; give finite numbers."));
        }

        var count = axes.Aggregate(1.0, (product, axis) => product * axis.Values.Count);
        if (count > MostTrials)
        {
            faults.Add($"The grid has {count:N0} combinations; give at most {MostTrials:N0}, or draw some of them with RandomSearch.");
        }

        ConfigurationException.ThrowIfAny(faults);
        var sets = new List<ParameterSet>();
        for (var index = 0; index < (int)count; index++)
        {
            var values = new double[names.Length];
            for (var (axis, rest) = (names.Length - 1, index); axis >= 0; axis--)
            {
                values[axis] = axes[axis].Values[rest % axes[axis].Values.Count];
                rest /= axes[axis].Values.Count;
            }

            var set = new ParameterSet(names, values);
            if (constraint is null || constraint(set))
            {
                sets.Add(set);
            }
        }

        return sets.Count > 0
            ? sets
            : throw new ConfigurationException("The constraint leaves none of the grid's combinations; widen the axes or the constraint.");
    }
}
