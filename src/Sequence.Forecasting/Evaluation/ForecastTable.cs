using Sequence.Data;

namespace Sequence.Forecasting;

/// <summary>Every forecast value of an evaluation, in the order fold, series, step.</summary>
public sealed class ForecastTable
{
    private readonly Lazy<Dictionary<string, (List<DateTimeOffset> Origins, List<ForecastRow[]> Rows)>> _forecasts;

    /// <summary>Creates a table.</summary>
    /// <param name="rows">The forecast values; those of one table have the same levels.</param>
    /// <exception cref="ModelException">The levels differ between rows.</exception>
    public ForecastTable(IReadOnlyList<ForecastRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Rows = rows;
        _forecasts = new(ByOrigin);
        Levels = rows.Count == 0 ? [] : rows[0].Intervals.Select(bounds => bounds.Level).ToArray();
        if (rows.Any(row => !row.Intervals.Select(bounds => bounds.Level).SequenceEqual(Levels)))
        {
            throw new ModelException(
                $"A forecast table needs the levels [{string.Join(", ", Levels)}] in every row, but some rows have others.");
        }
    }

    /// <summary>The forecast values.</summary>
    public IReadOnlyList<ForecastRow> Rows { get; }

    /// <summary>Levels of the intervals in percent, narrowest first; empty without intervals.</summary>
    public IReadOnlyList<double> Levels { get; }

    /// <summary>Accuracy over all rows.</summary>
    public AccuracyReport Accuracy() => AccuracyReport.Of(Rows);

    /// <summary>Accuracy by steps ahead, from 1 up.</summary>
    public IReadOnlyDictionary<int, AccuracyReport> AccuracyByStep() => new SortedDictionary<int, AccuracyReport>(
        Rows.GroupBy(row => row.Step).ToDictionary(group => group.Key, group => AccuracyReport.Of(group.ToArray())));

    /// <summary>Accuracy by series.</summary>
    public IReadOnlyDictionary<string, AccuracyReport> AccuracyBySeries() => Rows
        .GroupBy(row => row.SeriesId, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => AccuracyReport.Of(group.ToArray()), StringComparer.Ordinal);

    /// <summary>The rows of one series, in order.</summary>
    public ForecastTable OfSeries(string seriesId) =>
        new([.. Rows.Where(row => string.Equals(row.SeriesId, seriesId, StringComparison.Ordinal))]);

    /// <summary>The rows of one number of steps ahead, in order.</summary>
    public ForecastTable OfStep(int step) => new([.. Rows.Where(row => row.Step == step)]);

    /// <summary>
    /// One row for each target: of the forecasts of the same series and time, that of the latest origin, the one that knew
    /// most. Differs from the table itself where test parts overlap.
    /// </summary>
    public ForecastTable Latest() => OnePerTarget((row, kept) => row.Origin > kept.Origin);

    /// <summary>One row for each target: that of the earliest origin, the first word on it.</summary>
    public ForecastTable Earliest() => OnePerTarget((row, kept) => row.Origin < kept.Origin);

    /// <summary>
    /// What was forecast for a series when this moment came: the rows of its last origin at or before it, by step. Empty
    /// before the first origin. Nothing in them was made from later data; their actual values lie in the future.
    /// </summary>
    public IReadOnlyList<ForecastRow> AsOf(string seriesId, DateTimeOffset moment)
    {
        if (!_forecasts.Value.TryGetValue(seriesId, out var forecasts))
        {
            return [];
        }

        var found = forecasts.Origins.BinarySearch(moment);
        var index = found >= 0 ? found : ~found - 1;
        return index < 0 ? [] : forecasts.Rows[index];
    }

    /// <summary>
    /// Writes comma-separated values: series, fold, origin, timestamp, step, actual, mean, at_origin, absolute_scale,
    /// squared_scale, then lower and upper of each level (lower80, upper80: the 10 % and 90 % quantiles). Times are ISO 8601
    /// in UTC, numbers in the shortest form that reads back the same.
    /// </summary>
    public void WriteCsv(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ForecastTableCsv.Write(this, writer);
    }

    /// <summary>Writes the same to a file, which is there whole or not at all.</summary>
    /// <exception cref="SequenceException">The file cannot be written.</exception>
    public void WriteCsv(string path) => AtomicFile.Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        WriteCsv(writer);
    });

    /// <summary>Reads what <see cref="WriteCsv(string)"/> wrote.</summary>
    /// <exception cref="DataFormatException">The file is missing, or is not a forecast table.</exception>
    public static ForecastTable ReadCsv(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return ForecastTableCsv.Read(ForecastTableCsv.ReadText(path), path);
    }

    /// <summary>
    /// Writes the same columns to a Parquet file, which is there whole or not at all. Times are microseconds in UTC. Before
    /// the footer, where readers do not look, stands a checksum.
    /// </summary>
    /// <exception cref="DataFormatException">A time is finer than a microsecond.</exception>
    /// <exception cref="SequenceException">The file cannot be written.</exception>
    public Task WriteParquetAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        return ForecastTableParquet.WriteAsync(this, path, cancellationToken);
    }

    /// <summary>
    /// Reads what <see cref="WriteParquetAsync"/> wrote, refusing any change to it, or a file of the same columns from
    /// elsewhere.
    /// </summary>
    /// <exception cref="DataFormatException">The file is missing, damaged, or is not a forecast table.</exception>
    public static Task<ForecastTable> ReadParquetAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        return ForecastTableParquet.ReadAsync(path, cancellationToken);
    }

    private ForecastTable OnePerTarget(Func<ForecastRow, ForecastRow, bool> isBetter)
    {
        var kept = new Dictionary<(string, DateTimeOffset), ForecastRow>();
        foreach (var row in Rows)
        {
            var target = (row.SeriesId, row.Timestamp);
            if (!kept.TryGetValue(target, out var other) || isBetter(row, other))
            {
                kept[target] = row;
            }
        }

        return new ForecastTable([.. Rows.Where(row => ReferenceEquals(kept[(row.SeriesId, row.Timestamp)], row))]);
    }

    private Dictionary<string, (List<DateTimeOffset> Origins, List<ForecastRow[]> Rows)> ByOrigin()
    {
        var all = new Dictionary<string, (List<DateTimeOffset>, List<ForecastRow[]>)>(StringComparer.Ordinal);
        foreach (var series in Rows.GroupBy(row => row.SeriesId, StringComparer.Ordinal))
        {
            var origins = series.GroupBy(row => row.Origin).OrderBy(group => group.Key).ToArray();
            all.Add(series.Key, (
                [.. origins.Select(group => group.Key)],
                [.. origins.Select(group => group.OrderBy(row => row.Step).ToArray())]));
        }

        return all;
    }
}
