using System.CommandLine;
using System.Globalization;

namespace Sequence.Cli;

/// <summary>Coverage of intervals in percent, as a list: --levels 80,95.</summary>
internal static class LevelsOption
{
    public static Option<string> Create() => new("--levels")
    {
        Description = "Coverage of the intervals in percent, for example 80,95.",
        DefaultValueFactory = _ => "80,95",
    };

    /// <summary>The levels in ascending order.</summary>
    /// <exception cref="ConfigurationException">One is not a number in (0, 100).</exception>
    public static IReadOnlyList<double> Parse(string text)
    {
        var levels = new SortedSet<double>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!double.TryParse(part, CultureInfo.InvariantCulture, out var level) || level is not (> 0 and < 100))
            {
                throw new ConfigurationException($"--levels has '{part}'; a level is a number in (0, 100), for example 80,95.");
            }

            levels.Add(level);
        }

        return [.. levels];
    }
}
