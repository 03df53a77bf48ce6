namespace Sequence.Cli.Backtests;

/// <summary>Finds what somebody meant who typed a name that there is not.</summary>
internal static class NearestName
{
    /// <summary>" Did you mean 'x'?" with the nearest of the known names, or nothing when none is near.</summary>
    public static string Question(string given, IEnumerable<string> known)
    {
        var nearest = known
            .Select(name => (Name: name, Distance: Distance(given.ToUpperInvariant(), name.ToUpperInvariant())))
            .OrderBy(pair => pair.Distance)
            .FirstOrDefault();
        return nearest.Name is not null && nearest.Distance <= Math.Max(2, given.Length / 3)
            ? $" Did you mean '{nearest.Name}'?"
            : string.Empty;
    }

    /// <summary>Fewest letters to insert, delete or replace. Source: Levenshtein, Binary codes capable of correcting deletions, 1966.</summary>
    private static int Distance(string one, string other)
    {
        var costs = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var row = 1; row <= one.Length; row++)
        {
            var diagonal = costs[0];
            costs[0] = row;
            for (var column = 1; column <= other.Length; column++)
            {
                var replaced = diagonal + (one[row - 1] == other[column - 1] ? 0 : 1);
                diagonal = costs[column];
                costs[column] = Math.Min(replaced, 1 + Math.Min(costs[column], costs[column - 1]));
            }
        }

        return costs[^1];
    }
}
