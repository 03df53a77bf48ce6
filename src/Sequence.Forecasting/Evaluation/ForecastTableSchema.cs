using System.Globalization;
using Sequence.Data;

namespace Sequence.Forecasting;

/// <summary>The columns of a stored forecast table, the same in every format.</summary>
internal static class ForecastTableSchema
{
    public static readonly IReadOnlyList<string> Fixed =
    [
        "series", "fold", "origin", "timestamp", "step", "actual", "mean", "at_origin", "absolute_scale", "squared_scale",
    ];

    /// <summary>The columns of a table with these levels.</summary>
    public static string[] Names(IReadOnlyList<double> levels) =>
    [
        .. Fixed,
        .. levels.Select(level => level.ToString("R", CultureInfo.InvariantCulture))
            .SelectMany(level => new[] { "lower" + level, "upper" + level }),
    ];

    /// <summary>The levels that columns are of.</summary>
    /// <exception cref="DataFormatException">They are not the columns of a forecast table.</exception>
    public static double[] Levels(IReadOnlyList<string> names, string file)
    {
        var levels = new List<double>();
        for (var column = Fixed.Count; column < names.Count; column += 2)
        {
            if (!names[column].StartsWith("lower", StringComparison.Ordinal) ||
                !double.TryParse(names[column].AsSpan(5), NumberStyles.Float, CultureInfo.InvariantCulture, out var level))
            {
                break;
            }

            levels.Add(level);
        }

        var expected = Names(levels);
        return expected.SequenceEqual(names, StringComparer.Ordinal) && !IntervalLevels.Faults(levels).Any()
            ? [.. levels]
            : throw new DataFormatException(
                $"The columns are [{string.Join(", ", names.Take(40))}]; a forecast table has [{string.Join(", ", Fixed)}] and " +
                "then lower and upper of each level (lower80, upper80). Write the table again.",
                file,
                1);
    }

    /// <summary>What is wrong with a row read from a file, or null.</summary>
    public static string? Fault(ForecastRow row) => row switch
    {
        { Fold: < 0 } => $"The fold is {row.Fold}; folds are counted from 0.",
        { Step: < 1 } => $"The step is {row.Step}; steps are counted from 1.",
        _ when row.Timestamp <= row.Origin => $"The target ({row.Timestamp:u}) does not lie after the origin ({row.Origin:u}).",
        _ => null,
    };
}
