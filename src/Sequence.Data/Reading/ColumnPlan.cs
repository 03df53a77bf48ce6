namespace Sequence.Data;

/// <summary>Where in a table the columns asked for are, as indices from 0.</summary>
/// <param name="Timestamp">The column of timestamps.</param>
/// <param name="Id">The column of identifiers, if any.</param>
/// <param name="Names">Names of the numeric columns: target, past, future and static covariates.</param>
/// <param name="Values">Where these are.</param>
internal sealed record ColumnPlan(int Timestamp, int? Id, IReadOnlyList<string> Names, IReadOnlyList<int> Values)
{
    private static readonly string[] TimeNames = ["date", "time", "timestamp", "datetime", "date_time", "ds"];

    private static readonly string[] PeriodNames = ["month", "year", "quarter", "week", "day"];

    /// <summary>Finds the columns in a header.</summary>
    /// <exception cref="DataFormatException">A column does not exist, exists twice, or cannot be guessed.</exception>
    public static ColumnPlan Resolve(IReadOnlyList<string> header, SeriesReaderOptions options, string? file, long? line)
    {
        var timestamp = options.Timestamp is null ? GuessTimestamp() : Find(options.Timestamp, "timestamp");
        int? id = options.Id is null ? null : Find(options.Id, "id");
        int[] covariates =
        [
            .. options.PastCovariates.Select(name => Find(name, "past covariate")),
            .. options.FutureCovariates.Select(name => Find(name, "future covariate")),
            .. options.StaticCovariates.Select(name => Find(name, "static covariate")),
        ];
        var target = options.Target is null ? GuessTarget() : Find(options.Target, "target");
        if (target == timestamp)
        {
            throw Fault($"Column '{header[target]}' cannot be both target and timestamp. Name the timestamp column.");
        }

        int[] values = [target, .. covariates];
        return new ColumnPlan(timestamp, id, [.. values.Select(index => header[index])], values);

        int Find(string name, string part)
        {
            var found = header.Index().Where(column => string.Equals(column.Item, name, StringComparison.Ordinal)).ToArray();
            return found.Length switch
            {
                1 => found[0].Index,
                0 => throw Fault($"There is no column '{name}' to be the {part}. There are: {Columns()}."),
                _ => throw Fault($"Column '{name}', the {part}, exists {found.Length} times. Rename all but one."),
            };
        }

        int GuessTimestamp()
        {
            foreach (var names in new[] { TimeNames, PeriodNames })
            {
                var found = header.Index()
                    .Where(column => names.Contains(column.Item, StringComparer.OrdinalIgnoreCase)).ToArray();
                if (found.Length > 1)
                {
                    throw Fault($"Which column is the timestamp: {string.Join(", ", found.Select(one => one.Item))}? Name it.");
                }

                if (found.Length == 1)
                {
                    return found[0].Index;
                }
            }

            return header[0].Length == 0
                ? 0
                : throw Fault($"No column looks like a timestamp by its name. Name it; there are: {Columns()}.");
        }

        int GuessTarget()
        {
            var free = Enumerable.Range(0, header.Count)
                .Where(index => index != timestamp && index != id && !covariates.Contains(index)).ToArray();
            return free.Length == 1
                ? free[0]
                : throw Fault($"Which column is the target? Name it; there are: {Columns()}.");
        }

        string Columns() => string.Join(", ", header.Select(name => name.Length == 0 ? "(unnamed)" : name));

        DataFormatException Fault(string message) => new(message, file, line);
    }
}
