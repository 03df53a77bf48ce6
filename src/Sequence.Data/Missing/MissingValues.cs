namespace Sequence.Data;

/// <summary>Resolves missing values of a series by a policy. A pure function: the series given stays as it is.</summary>
public static class MissingValues
{
    /// <summary>
    /// Applies the policy to the target and to past and future covariates alike; a row is complete when all of them are
    /// known. Known-ahead rows of future covariates past the end of the target are filled by
    /// <see cref="MissingValuePolicy.ForwardFill"/> and otherwise cut at the first that is missing.
    /// </summary>
    /// <exception cref="DataFormatException">
    /// Something is missing and the policy is to refuse it or cannot resolve it; the message names column and timestamp.
    /// </exception>
    public static TimeSeries Apply(TimeSeries series, MissingValuePolicy policy)
    {
        ArgumentNullException.ThrowIfNull(series);
        if (!Enum.IsDefined(policy))
        {
            throw new ConfigurationException($"There is no missing-value policy {(int)policy}.");
        }

        if (FirstMissing(series) is not { } missing)
        {
            return series;
        }

        return policy switch
        {
            MissingValuePolicy.Drop => Drop(CutKnownAhead(series)),
            MissingValuePolicy.ForwardFill => CutStart(Fill(series, ForwardFill)),
            MissingValuePolicy.Interpolate => CutStart(CutKnownAhead(Fill(series, Interpolate))),
            _ => throw new DataFormatException(
                $"{Describe(series, missing)} is missing. Give a missing-value policy (drop, forward fill, interpolate) or " +
                "correct the data."),
        };
    }

    /// <summary>Number of rows in which the target or a covariate is missing.</summary>
    public static int CountRows(TimeSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        return Enumerable.Range(0, series.Length).Count(row => MissingAt(series, row) is not null);
    }

    internal static MissingCell? FirstMissing(TimeSeries series)
    {
        var rows = series.FutureCovariates.Values.Select(column => column.Length).Append(series.Length).Max();
        return Enumerable.Range(0, rows).Select(row => MissingAt(series, row)).FirstOrDefault(cell => cell is not null);
    }

    private static MissingCell? MissingAt(TimeSeries series, int row)
    {
        if (row < series.Length && double.IsNaN(series.Values.Span[row]))
        {
            return new MissingCell(row, null);
        }

        foreach (var (name, column) in series.PastCovariates.Concat(series.FutureCovariates))
        {
            if (row < column.Length && double.IsNaN(column.Span[row]))
            {
                return new MissingCell(row, name);
            }
        }

        return null;
    }

    private static TimeSeries Drop(TimeSeries series)
    {
        var kept = Enumerable.Range(0, series.Length).Where(row => MissingAt(series, row) is null).ToArray();
        var timestamps = Pick(series.Timestamps, kept);
        var frequency = FrequencyAfterDrop(series, timestamps);
        return new TimeSeries(
            series.Id,
            frequency,
            timestamps,
            Pick(series.Values, kept),
            Map(series.PastCovariates, column => Pick(column, kept)),
            Map(series.FutureCovariates, column =>
                [.. Pick(column, kept), .. column.Span[Math.Min(series.Length, column.Length)..]]),
            series.StaticCovariates);
    }

    private static Frequency FrequencyAfterDrop(TimeSeries series, DateTimeOffset[] timestamps)
    {
        var frequency = series.Frequency;
        if (timestamps.Length == 0)
        {
            throw new DataFormatException($"Series '{series.Id}' has no complete row; dropping the others leaves nothing.");
        }

        if (frequency is { Unit: FrequencyUnit.BusinessDay, Count: 1 })
        {
            var dropped = series.Timestamps.ToArray().Except(timestamps)
                .Where(timestamp => timestamp > timestamps[0] && timestamp < timestamps[^1])
                .Select(timestamp => DateOnly.FromDateTime(timestamp.Date));
            var calendar = (frequency.Calendar ?? BusinessCalendar.WeekendsOnly).With(dropped);
            return new Frequency(FrequencyUnit.BusinessDay, 1, calendar);
        }

        if (IsWithoutGaps(frequency, timestamps))
        {
            return frequency;
        }

        return FrequencyInference.TryInfer(timestamps, out _) is { } inferred && IsWithoutGaps(inferred, timestamps)
            ? inferred
            : throw new DataFormatException(
                $"Dropping incomplete rows of series '{series.Id}' leaves gaps in its {frequency} grid. " +
                "Fill or interpolate them instead.");
    }

    private static bool IsWithoutGaps(Frequency frequency, DateTimeOffset[] timestamps) =>
        TimeGrid.Place(frequency, timestamps, out _) is { } rows && rows[^1] == rows.Length - 1;

    private static TimeSeries Fill(TimeSeries series, Action<double[]> fill)
    {
        return new TimeSeries(
            series.Id,
            series.Frequency,
            series.Timestamps,
            Filled(series.Values),
            Map(series.PastCovariates, Filled),
            Map(series.FutureCovariates, Filled),
            series.StaticCovariates);

        double[] Filled(ReadOnlyMemory<double> column)
        {
            var copy = column.ToArray();
            fill(copy);
            return copy;
        }
    }

    private static void ForwardFill(double[] column)
    {
        for (var row = 1; row < column.Length; row++)
        {
            if (double.IsNaN(column[row]))
            {
                column[row] = column[row - 1];
            }
        }
    }

    private static void Interpolate(double[] column)
    {
        var known = -1;
        for (var row = 0; row < column.Length; row++)
        {
            if (double.IsNaN(column[row]))
            {
                continue;
            }

            for (var gap = known + 1; known >= 0 && gap < row; gap++)
            {
                var weight = (double)(gap - known) / (row - known);
                column[gap] = (column[known] * (1 - weight)) + (column[row] * weight);
            }

            known = row;
        }
    }

    private static TimeSeries CutStart(TimeSeries series)
    {
        var start = 0;
        while (start < series.Length && MissingAt(series, start) is not null)
        {
            start++;
        }

        var cut = series.Slice(start, series.Length - start);
        if (cut.Length == 0)
        {
            throw new DataFormatException($"Series '{series.Id}' has no row from which on every column is known.");
        }

        return FirstMissing(cut) is not { } missing
            ? cut
            : throw new DataFormatException(
                $"{Describe(cut, missing)} is missing and no known value follows to interpolate to. Use forward fill.");
    }

    private static TimeSeries CutKnownAhead(TimeSeries series)
    {
        var end = series.Length;
        var longest = series.FutureCovariates.Values.Select(column => column.Length).Append(end).Max();
        while (end < longest && MissingAt(series, end) is null)
        {
            end++;
        }

        return new TimeSeries(
            series.Id,
            series.Frequency,
            series.Timestamps,
            series.Values,
            series.PastCovariates,
            series.FutureCovariates.ToDictionary(
                pair => pair.Key, pair => pair.Value[..Math.Min(end, pair.Value.Length)], StringComparer.Ordinal),
            series.StaticCovariates);
    }

    private static T[] Pick<T>(ReadOnlyMemory<T> column, int[] rows) => [.. rows.Select(row => column.Span[row])];

    private static Dictionary<string, ReadOnlyMemory<double>> Map(
        IReadOnlyDictionary<string, ReadOnlyMemory<double>> columns, Func<ReadOnlyMemory<double>, double[]> change) =>
        columns.ToDictionary(
            pair => pair.Key, pair => (ReadOnlyMemory<double>)change(pair.Value), StringComparer.Ordinal);

    private static string Describe(TimeSeries series, MissingCell cell)
    {
        var column = cell.Covariate is null ? "The target" : $"Covariate '{cell.Covariate}'";
        var when = cell.Row < series.Length
            ? $"{series.Timestamps.Span[cell.Row]:u}"
            : $"row {cell.Row - series.Length + 1} after the end";
        return $"{column} of series '{series.Id}' at {when}";
    }
}
