using Deedle;

namespace Sequence.Data.Frames;

/// <summary>
/// Deedle frames and series to time series and back. Keys become UTC timestamps: a <see cref="DateTime"/> of unspecified kind
/// is taken as UTC, a local one is converted. Deedle's missing values are NaN.
/// </summary>
public static class DeedleAdapter
{
    /// <summary>Makes a series from the columns of a frame; the row keys are the timestamps.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="options">Target, covariates and policies; timestamp and id columns have no place here.</param>
    /// <exception cref="DataFormatException">A column is unknown or no number, or the rows are not as the options say.</exception>
    /// <exception cref="ConfigurationException">The options contradict each other.</exception>
    public static TimeSeries ToTimeSeries(Frame<DateTime, string> frame, SeriesReaderOptions options) =>
        FromFrame(frame, AsUtc, options);

    /// <inheritdoc cref="ToTimeSeries(Frame{DateTime, string}, SeriesReaderOptions)" />
    public static TimeSeries ToTimeSeries(Frame<DateTimeOffset, string> frame, SeriesReaderOptions options) =>
        FromFrame(frame, key => key.ToUniversalTime(), options);

    /// <summary>Makes a series from a Deedle series.</summary>
    /// <param name="series">The values by timestamp.</param>
    /// <param name="id">Identifier of the result.</param>
    /// <param name="options">Policies and frequency; null takes the defaults.</param>
    /// <exception cref="DataFormatException">The rows are not as the options say.</exception>
    public static TimeSeries ToTimeSeries(Series<DateTime, double> series, string id, SeriesReaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        return ToTimeSeries(FrameOf(id, series), (options ?? new SeriesReaderOptions()) with { Target = id });
    }

    /// <inheritdoc cref="ToTimeSeries(Series{DateTime, double}, string, SeriesReaderOptions)" />
    public static TimeSeries ToTimeSeries(
        Series<DateTimeOffset, double> series, string id, SeriesReaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        return ToTimeSeries(FrameOf(id, series), (options ?? new SeriesReaderOptions()) with { Target = id });
    }

    /// <summary>
    /// A frame by UTC time with the target under the series' identifier and past and future covariates under their names.
    /// </summary>
    public static Frame<DateTime, string> ToFrame(TimeSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        var frame = FrameOf(series.Id, ToSeries(series));
        foreach (var (name, column) in series.PastCovariates.Concat(series.FutureCovariates))
        {
            frame.AddColumn(name, Column(series, column));
        }

        return frame;
    }

    /// <summary>The target as a Deedle series by UTC time.</summary>
    public static Series<DateTime, double> ToSeries(TimeSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        return Column(series, series.Values);
    }

    private static Frame<TKey, string> FrameOf<TKey>(string name, Series<TKey, double> series)
    {
        var frame = Frame.CreateEmpty<TKey, string>();
        frame.AddColumn(name, series);
        return frame;
    }

    private static Series<DateTime, double> Column(TimeSeries series, ReadOnlyMemory<double> values) => new(
        series.Timestamps.ToArray().Select(timestamp => timestamp.UtcDateTime), values[..series.Length].ToArray());

    private static TimeSeries FromFrame<TKey>(
        Frame<TKey, string> frame, Func<TKey, DateTimeOffset> toTimestamp, SeriesReaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (options.Timestamp is not null || options.Id is not null)
        {
            throw new ConfigurationException(
                "The rows of a frame are keyed by timestamp and make one series: give no timestamp and no id column.");
        }

        // The row keys stand as an unnamed first column, so that the same plan serves files and frames.
        var plan = ColumnPlan.Resolve(
            [string.Empty, .. frame.ColumnKeys], options with { Timestamp = string.Empty }, file: null, line: null);
        var table = new SeriesTable(null, "row", plan);
        table.Timestamps.AddRange(frame.RowKeys.Select(toTimestamp));
        table.Ids.AddRange(Enumerable.Repeat(plan.Names[0], table.Timestamps.Count));
        table.Numbers.AddRange(Enumerable.Range(1, table.Timestamps.Count).Select(number => (long)number));
        for (var column = 0; column < plan.Names.Count; column++)
        {
            table.Columns[column].AddRange(Numbers(frame, plan.Names[column], table.Timestamps.Count, table));
        }

        return SeriesAssembler.Assemble(table, options)[0];
    }

    private static double[] Numbers<TKey>(Frame<TKey, string> frame, string name, int rows, SeriesTable table)
    {
        try
        {
            var column = frame.GetColumn<double>(name);
            var numbers = new double[rows];
            for (var row = 0; row < rows; row++)
            {
                var cell = column.TryGetAt(row);
                numbers[row] = cell.HasValue ? cell.Value : double.NaN;
                if (double.IsInfinity(numbers[row]))
                {
                    throw table.Fault($"{numbers[row]} in column '{name}', row {row + 1}, is not a finite number.");
                }
            }

            return numbers;
        }
        catch (Exception exception) when (exception is InvalidCastException or FormatException)
        {
            throw new DataFormatException($"Column '{name}' does not hold numbers.", innerException: exception);
        }
    }

    private static DateTimeOffset AsUtc(DateTime time) => time.Kind == DateTimeKind.Local
        ? new DateTimeOffset(time).ToUniversalTime()
        : new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
