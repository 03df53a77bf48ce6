using System.Globalization;
using System.Text;
using Sequence.Data;

namespace Sequence.Datasets;

/// <summary>A generated series and how it is written as CSV.</summary>
/// <param name="Series">Timestamps and values, rounded as they are written.</param>
/// <param name="TimestampColumn">Header of the timestamps.</param>
/// <param name="TargetColumn">Header of the values.</param>
/// <param name="Decimals">Digits after the point.</param>
public sealed record GeneratedSeries(TimeSeries Series, string TimestampColumn, string TargetColumn, int Decimals)
{
    /// <summary>The series as CSV: a header, one row a date, lines ended by a line feed.</summary>
    public string ToCsv()
    {
        var text = new StringBuilder();
        text.Append(TimestampColumn).Append(',').Append(TargetColumn).Append('\n');
        var format = "F" + Decimals.ToString(CultureInfo.InvariantCulture);
        for (var row = 0; row < Series.Length; row++)
        {
            text.Append(Series.Timestamps.Span[row].ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))
                .Append(',')
                .Append(Series.Values.Span[row].ToString(format, CultureInfo.InvariantCulture))
                .Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Writes <see cref="ToCsv"/> whole or not at all; a file that is there is replaced.</summary>
    /// <exception cref="SequenceException">The file cannot be written.</exception>
    public Task WriteCsvAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return AtomicFile.WriteAsync(
            path,
            async stream => await stream.WriteAsync(Encoding.UTF8.GetBytes(ToCsv()), cancellationToken));
    }
}
