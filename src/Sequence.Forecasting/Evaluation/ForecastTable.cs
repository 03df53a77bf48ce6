using System.Globalization;
using Sequence.Data;

namespace Sequence.Forecasting;

/// <summary>Every forecast value of an evaluation, in the order fold, series, step.</summary>
public sealed class ForecastTable
{
    /// <summary>Creates a table.</summary>
    /// <param name="rows">The forecast values; those of one table have the same levels.</param>
    /// <exception cref="ModelException">The levels differ between rows.</exception>
    public ForecastTable(IReadOnlyList<ForecastRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Rows = rows;
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

    /// <summary>
    /// Writes comma-separated values: series, fold, origin, timestamp, step, actual, mean, then lower and upper of each
    /// level (lower80, upper80). Times are ISO 8601 in UTC, numbers in the shortest form that reads back the same.
    /// </summary>
    public void WriteCsv(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("series,fold,origin,timestamp,step,actual,mean");
        foreach (var level in Levels)
        {
            var name = level.ToString(CultureInfo.InvariantCulture);
            writer.Write($",lower{name},upper{name}");
        }

        writer.Write('\n');
        foreach (var row in Rows)
        {
            writer.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"{Quote(row.SeriesId)},{row.Fold},{Time(row.Origin)},{Time(row.Timestamp)},"));
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{row.Step},{row.Actual:R},{row.Mean:R}"));
            foreach (var bounds in row.Intervals)
            {
                writer.Write(string.Create(CultureInfo.InvariantCulture, $",{bounds.Lower:R},{bounds.Upper:R}"));
            }

            writer.Write('\n');
        }
    }

    /// <summary>Writes the same to a file, which is there whole or not at all.</summary>
    /// <exception cref="SequenceException">The file cannot be written.</exception>
    public void WriteCsv(string path) => AtomicFile.Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        WriteCsv(writer);
    });

    private static string Time(DateTimeOffset timestamp) =>
        timestamp.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture);

    private static string Quote(string field) => field.AsSpan().IndexOfAny(",\"\r\n") < 0
        ? field
        : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
