using System.Globalization;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Http;

/// <summary>Which columns of a CSV file hold what, as its header says.</summary>
internal sealed class CsvColumns
{
    private static readonly string[] TimeFormats =
    [
        "yyyy-MM-dd",
        "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
    ];

    private readonly int _count;
    private readonly int _id;
    private readonly int _time;
    private readonly int _value;
    private readonly int _sequence;

    private CsvColumns(string[] names)
    {
        _count = names.Length;
        _id = Find(names, "unique_id", "id");
        _time = Find(names, "timestamp", "time");
        _value = Find(names, "value");
        _sequence = Find(names, "sequence");
    }

    /// <summary>Whether the rows name their series.</summary>
    public bool HasId => _id >= 0;

    /// <summary>Reads the header.</summary>
    /// <param name="header">The first line.</param>
    /// <param name="fault">What is wrong with it.</param>
    /// <returns>The columns, or null when the line is no header of observations.</returns>
    public static CsvColumns? Of(CsvLine header, out string fault)
    {
        var names = header.Fields();
        var columns = new CsvColumns(names);
        var used = new[] { columns._id, columns._time, columns._value, columns._sequence }.Count(column => column >= 0);
        fault = header.IsTooLong || columns._time < 0 || columns._value < 0 || used != names.Length
            ? "the header has to name the columns time (or timestamp) and value, optionally sequence and, in a file of several series, " +
              "id (or unique_id), each once, and no others"
            : string.Empty;
        return fault.Length == 0 ? columns : null;
    }

    /// <summary>Reads a row.</summary>
    /// <param name="line">The line.</param>
    /// <param name="id">The series it names; null when the file has no such column.</param>
    /// <param name="measurement">The observation.</param>
    /// <returns>What is wrong with it, or null when it could be read.</returns>
    public string? Read(CsvLine line, out string? id, out Measurement measurement)
    {
        id = null;
        measurement = default;
        if (line.IsTooLong)
        {
            return $"the line is longer than {CsvLines.LongestLine} letters";
        }

        var fields = line.Fields();
        if (fields.Length != _count)
        {
            return $"it has {fields.Length} fields, the header {_count}";
        }

        id = HasId ? fields[_id] : null;

        // A CSV file seldom says an offset, and the machine's own would change the data from place to place.
        if (!DateTimeOffset.TryParseExact(
            fields[_time], TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            return "the time is not ISO 8601, for example 2026-01-31 or 2026-01-31T00:00:00Z";
        }

        if (!double.TryParse(fields[_value], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
        {
            return "the value is no finite number";
        }

        long? sequence = null;
        if (_sequence >= 0 && fields[_sequence].Length > 0)
        {
            if (!long.TryParse(fields[_sequence], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            {
                return "the sequence is no whole number of 64 bits";
            }

            sequence = number;
        }

        measurement = new Measurement(time, ObservationReader.WithoutSignOfZero(value), sequence);
        return null;
    }

    private static int Find(string[] names, params ReadOnlySpan<string> wanted)
    {
        foreach (var name in wanted)
        {
            if (Array.FindIndex(names, one => string.Equals(one, name, StringComparison.OrdinalIgnoreCase)) is var column and >= 0)
            {
                return column;
            }
        }

        return -1;
    }
}
