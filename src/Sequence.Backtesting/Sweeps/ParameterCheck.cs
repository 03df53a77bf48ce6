namespace Sequence.Backtesting;

/// <summary>What the names of a sweep's parameters must hold.</summary>
internal static class ParameterCheck
{
    public static List<string> NameFaults(IReadOnlyList<string> names)
    {
        var faults = new List<string>();
        if (names.Count == 0)
        {
            faults.Add("There is no parameter; give at least one.");
        }

        foreach (var name in names.GroupBy(name => name, StringComparer.Ordinal))
        {
            if (string.IsNullOrWhiteSpace(name.Key))
            {
                faults.Add("A parameter has no name; give it one.");
            }
            else if (name.Count() > 1)
            {
                faults.Add($"The parameter '{name.Key}' is there {name.Count()} times; give each name once.");
            }

            if (SweepParquet.ResultColumns.Contains(name.Key, StringComparer.Ordinal))
            {
                faults.Add($"The parameter '{name.Key}' has the name of a result; give it another.");
            }
        }

        return faults;
    }
}
