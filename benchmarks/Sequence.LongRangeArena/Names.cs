namespace Sequence.LongRangeArena;

/// <summary>Names that a person typed.</summary>
internal static class Names
{
    /// <summary>The fault of a name that nothing has: with the nearest one by edit distance.</summary>
    public static ConfigurationException Unknown(string what, string given, IReadOnlyList<string> known)
    {
        var nearest = known.MinBy(name => Distance(given.ToLowerInvariant(), name))!;
        var guess = Distance(given.ToLowerInvariant(), nearest) <= Math.Max(2, nearest.Length / 2)
            ? $" Did you mean '{nearest}'?"
            : string.Empty;
        return new($"There is no {what} '{given}'.{guess} There are: {string.Join(", ", known)}.");
    }

    /// <summary>Levenshtein's distance: the least number of letters inserted, deleted or replaced.</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var replaced = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
