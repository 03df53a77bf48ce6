namespace Sequence.Data;

/// <summary>Turns parsed rows into regular series: order, duplicates, frequency, gaps, missing values.</summary>
internal static class SeriesAssembler
{
    public static Panel Assemble(SeriesTable table, SeriesReaderOptions options)
    {
        if (table.Timestamps.Count == 0)
        {
            throw table.Fault("There are no rows of data, only column names.");
        }

        var groups = Groups(table, options);
        var usual = options.Frequency is null && groups.Length > 1
            ? FrequencyInference.TryInfer(groups.MaxBy(group => group.Timestamps.Length)!.Timestamps, out _)
            : null;
        return new Panel(groups.Select(group => ToSeries(group, table, options, usual)));
    }

    public static IReadOnlyList<UnevenSeries> AssembleUneven(SeriesTable table, SeriesReaderOptions options)
    {
        if (table.Timestamps.Count == 0)
        {
            throw table.Fault("There are no rows of data, only column names.");
        }

        return [.. Groups(table, options).Select(rows => new UnevenSeries(
            rows.Id,
            rows.Timestamps,
            table.Plan.Names.Select((name, column) => (name, rows.Columns[column])).ToDictionary(
                pair => pair.name, pair => pair.Item2, StringComparer.Ordinal),
            rows.Numbers))];
    }

    private static Rows[] Groups(SeriesTable table, SeriesReaderOptions options) =>
    [
        .. Enumerable.Range(0, table.Timestamps.Count)
            .GroupBy(row => table.Ids[row], StringComparer.Ordinal)
            .Select(group => Rows.Collect(table, options, group.Key, [.. group])),
    ];

    private static TimeSeries ToSeries(Rows rows, SeriesTable table, SeriesReaderOptions options, Frequency? usual)
    {
        var frequency = FrequencyOf(rows, options, usual, out var fault);
        int[]? places = null;
        if (frequency is not null)
        {
            places = TimeGrid.Place(frequency, rows.Timestamps, out fault);
        }

        if (places is null)
        {
            throw table.Fault($"Series '{rows.Id}': {fault!.Message}", rows.Numbers[fault.Row], table.Plan.Timestamp);
        }

        var length = LengthWithoutKnownAhead(rows, options);
        if (length == 0)
        {
            throw table.Fault($"Series '{rows.Id}' has no value at all in column '{table.Plan.Names[0]}'.");
        }

        var (past, future) = (options.PastCovariates.Count, options.FutureCovariates.Count);
        var gridLength = places[length - 1] + 1;
        var timestamps = GridTimestamps(frequency!, rows, places, gridLength);
        var series = new TimeSeries(
            rows.Id,
            frequency!,
            timestamps,
            OnGrid(rows.Columns[0], places, gridLength),
            Covariates(1, past, gridLength),
            Covariates(1 + past, future, places[^1] + 1),
            Enumerable.Range(1 + past + future, options.StaticCovariates.Count).ToDictionary(
                column => table.Plan.Names[column], column => StaticValue(rows, table, column), StringComparer.Ordinal));
        return Resolve(series, rows, places, table, options);

        Dictionary<string, ReadOnlyMemory<double>> Covariates(int first, int count, int onRows) =>
            Enumerable.Range(first, count).ToDictionary(
                column => table.Plan.Names[column],
                column => (ReadOnlyMemory<double>)OnGrid(rows.Columns[column], places, onRows),
                StringComparer.Ordinal);
    }

    /// <summary>
    /// The given frequency, else the one inferred. A short series whose rows do not tell (a single row, or days without a
    /// weekend in between) takes the frequency of the longest series of the panel.
    /// </summary>
    private static Frequency? FrequencyOf(Rows rows, SeriesReaderOptions options, Frequency? usual, out GridFault? fault)
    {
        if (options.Frequency is not null)
        {
            return FrequencyInference.TryCheck(options.Frequency, rows.Timestamps, out fault);
        }

        var inferred = FrequencyInference.TryInfer(rows.Timestamps, out fault);
        var isUndecided = rows.Timestamps.Length == 1
            || (inferred is { Unit: FrequencyUnit.Day, Count: 1 } && usual?.Unit == FrequencyUnit.BusinessDay);
        if (!isUndecided || usual is null)
        {
            return inferred;
        }

        var plain = new Frequency(usual.Unit, usual.Count);
        return FrequencyInference.TryCheck(plain, rows.Timestamps, out _) ?? inferred;
    }

    private static int LengthWithoutKnownAhead(Rows rows, SeriesReaderOptions options)
    {
        var length = rows.Timestamps.Length;
        if (options.FutureCovariates.Count == 0)
        {
            return length;
        }

        var unknownAhead = rows.Columns.Take(1 + options.PastCovariates.Count).ToArray();
        while (length > 0 && unknownAhead.All(column => double.IsNaN(column[length - 1])))
        {
            length--;
        }

        return length;
    }

    private static DateTimeOffset[] GridTimestamps(Frequency frequency, Rows rows, int[] places, int gridLength)
    {
        var timestamps = new DateTimeOffset[gridLength];
        var anchor = TimeGrid.Anchor(frequency, rows.Timestamps);
        for (int row = 0, next = 0; row < gridLength; row++)
        {
            if (places[next] == row)
            {
                timestamps[row] = rows.Timestamps[next++];
            }
            else
            {
                timestamps[row] = frequency.Months is null
                    ? frequency.Add(timestamps[row - 1], 1)
                    : frequency.Add(rows.Timestamps[anchor], row - places[anchor]);
            }
        }

        return timestamps;
    }

    private static double[] OnGrid(double[] column, int[] places, int gridLength)
    {
        var onGrid = new double[gridLength];
        Array.Fill(onGrid, double.NaN);
        for (var row = 0; row < column.Length && places[row] < gridLength; row++)
        {
            onGrid[places[row]] = column[row];
        }

        return onGrid;
    }

    private static double StaticValue(Rows rows, SeriesTable table, int column)
    {
        var values = rows.Columns[column];
        var first = Array.FindIndex(values, value => !double.IsNaN(value));
        if (first < 0)
        {
            throw table.Fault($"Static covariate '{table.Plan.Names[column]}' of series '{rows.Id}' has no value.");
        }

        var other = Array.FindIndex(values, value => !double.IsNaN(value) && !value.Equals(values[first]));
        return other < 0
            ? values[first]
            : throw table.Fault(
                $"Static covariate '{table.Plan.Names[column]}' of series '{rows.Id}' changes from {values[first]} " +
                $"({table.RowWord} {rows.Numbers[first]}) to {values[other]}.",
                rows.Numbers[other],
                table.Plan.Values[column]);
    }

    private static TimeSeries Resolve(
        TimeSeries series, Rows rows, int[] places, SeriesTable table, SeriesReaderOptions options)
    {
        if (options.MissingValues == MissingValuePolicy.Error && MissingValues.FirstMissing(series) is { } missing)
        {
            throw MissingFault(missing, rows, places, table);
        }

        try
        {
            return MissingValues.Apply(series, options.MissingValues);
        }
        catch (DataFormatException exception)
        {
            throw new DataFormatException(exception.Message, table.File, innerException: exception);
        }
    }

    private static DataFormatException MissingFault(MissingCell missing, Rows rows, int[] places, SeriesTable table)
    {
        const string Remedy = "Give a missing-value policy (drop, forward fill, interpolate) or correct the data.";
        var row = Array.BinarySearch(places, missing.Row);
        if (row < 0)
        {
            var after = ~row;
            return table.Fault(
                $"Series '{rows.Id}' has no row between {rows.Timestamps[after - 1]:u} ({table.RowWord} " +
                $"{rows.Numbers[after - 1]}) and {rows.Timestamps[after]:u}, where its frequency expects " +
                $"{places[after] - places[after - 1] - 1}. {Remedy}",
                rows.Numbers[after],
                table.Plan.Timestamp);
        }

        var column = missing.Covariate is null ? 0 : table.Plan.Names.ToList().IndexOf(missing.Covariate);
        return table.Fault(
            $"Column '{table.Plan.Names[column]}' has no value at {rows.Timestamps[row]:u}. {Remedy}",
            rows.Numbers[row],
            table.Plan.Values[column]);
    }

    /// <summary>The rows of one series, in strictly increasing order.</summary>
    private sealed record Rows(string Id, DateTimeOffset[] Timestamps, long[] Numbers, double[][] Columns)
    {
        public static Rows Collect(SeriesTable table, SeriesReaderOptions options, string id, int[] rows)
        {
            for (var index = 1; index < rows.Length && options.Disorder == DisorderPolicy.Error; index++)
            {
                var (before, row) = (rows[index - 1], rows[index]);
                if (table.Timestamps[row] < table.Timestamps[before])
                {
                    throw table.Fault(
                        $"The timestamps of series '{id}' are out of order: {table.Timestamps[row]:u} comes after " +
                        $"{table.Timestamps[before]:u} ({table.RowWord} {table.Numbers[before]}). Sort the data or choose the " +
                        "policy to sort.",
                        table.Numbers[row],
                        table.Plan.Timestamp);
                }
            }

            List<int[]> merged = [];
            foreach (var row in rows.OrderBy(row => table.Timestamps[row]))
            {
                if (merged.Count == 0 || table.Timestamps[merged[^1][0]] != table.Timestamps[row])
                {
                    merged.Add([row]);
                    continue;
                }

                var same = merged[^1];
                merged[^1] = options.Duplicates switch
                {
                    DuplicatePolicy.KeepFirst => same,
                    DuplicatePolicy.KeepLast => [row],
                    DuplicatePolicy.Mean => [.. same, row],
                    _ => throw table.Fault(
                        $"Series '{id}' has the timestamp {table.Timestamps[row]:u} twice, first in {table.RowWord} " +
                        $"{table.Numbers[same[0]]}. Remove one or choose a policy for duplicates.",
                        table.Numbers[row],
                        table.Plan.Timestamp),
                };
            }

            return new Rows(
                id,
                [.. merged.Select(same => table.Timestamps[same[0]])],
                [.. merged.Select(same => table.Numbers[same[0]])],
                [.. table.Columns.Select(column => merged.Select(same => Mean(column, same)).ToArray())]);
        }

        private static double Mean(List<double> column, int[] rows) => rows.Length == 1
            ? column[rows[0]]
            : rows.Select(row => column[row]).Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN).Average();
    }
}
