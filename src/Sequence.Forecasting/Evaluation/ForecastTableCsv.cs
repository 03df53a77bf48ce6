using System.Globalization;
using System.Text;
using Sequence.Data;

namespace Sequence.Forecasting;

/// <summary>Forecast tables as comma-separated values.</summary>
internal static class ForecastTableCsv
{
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.FFFFFFFK";

    public static void Write(ForecastTable table, TextWriter writer)
    {
        var culture = CultureInfo.InvariantCulture;
        writer.Write(string.Join(',', ForecastTableSchema.Names(table.Levels)));
        writer.Write('\n');
        foreach (var row in table.Rows)
        {
            writer.Write(string.Create(culture, $"{Quote(row.SeriesId)},{row.Fold},{Time(row.Origin)},{Time(row.Timestamp)},"));
            writer.Write(string.Create(culture, $"{row.Step},{row.Actual:R},{row.Mean:R},{row.AtOrigin:R},"));
            writer.Write(string.Create(culture, $"{row.AbsoluteScale:R},{row.SquaredScale:R}"));
            foreach (var bounds in row.Intervals)
            {
                writer.Write(string.Create(culture, $",{bounds.Lower:R},{bounds.Upper:R}"));
            }

            writer.Write('\n');
        }
    }

    /// <exception cref="DataFormatException">The text is not a forecast table.</exception>
    public static ForecastTable Read(string text, string file)
    {
        var records = Records(text, file);
        var levels = ForecastTableSchema.Levels(records.Count == 0 ? [] : records[0].Fields, file);
        return new ForecastTable([.. records.Skip(1).Select(record => Row(record.Fields, record.Line, levels, file))]);
    }

    /// <exception cref="DataFormatException">The file is missing, cannot be read or is not text.</exception>
    public static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataFormatException($"The file cannot be read: {exception.Message}", path, innerException: exception);
        }
        catch (DecoderFallbackException exception)
        {
            throw new DataFormatException("The file is not text in UTF-8.", path, innerException: exception);
        }
    }

    private static ForecastRow Row(List<string> fields, long line, double[] levels, string file)
    {
        var wanted = ForecastTableSchema.Fixed.Count + (2 * levels.Length);
        if (fields.Count != wanted)
        {
            throw new DataFormatException($"The line has {fields.Count} fields instead of {wanted}.", file, line);
        }

        var intervals = new IntervalBounds[levels.Length];
        for (var level = 0; level < levels.Length; level++)
        {
            var column = ForecastTableSchema.Fixed.Count + (2 * level);
            intervals[level] = new IntervalBounds(levels[level], Number(column), Number(column + 1));
        }

        var row = new ForecastRow(
            fields[0], Count(1), Moment(2), Moment(3), Count(4), Number(5), Number(6), intervals, Number(7), Number(8), Number(9));
        return ForecastTableSchema.Fault(row) is { } fault ? throw new DataFormatException(fault, file, line) : row;

        int Count(int column) =>
            int.TryParse(fields[column], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                ? count
                : throw Unreadable(column, "a count");

        double Number(int column) =>
            double.TryParse(fields[column], NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw Unreadable(column, "a number");

        DateTimeOffset Moment(int column) => DateTimeOffset.TryParseExact(
            fields[column],
            TimeFormat,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var moment)
                ? moment
                : throw Unreadable(column, "a time such as 2020-01-31T00:00:00Z");

        DataFormatException Unreadable(int column, string kind) =>
            new($"'{fields[column]}' is not {kind}.", file, line, column + 1);
    }

    /// <summary>Splits into records: fields between commas, quoted where they hold commas, quotes or line ends.</summary>
    private static List<(long Line, List<string> Fields)> Records(string text, string file)
    {
        var records = new List<(long, List<string>)>();
        var (at, line) = (0, 1L);
        while (at < text.Length)
        {
            var start = line;
            var fields = new List<string>();
            do
            {
                fields.Add(at < text.Length && text[at] == '"' ? Quoted() : Plain());
            }
            while (at < text.Length && text[at++] == ',');
            if (text[at - 1] != '\n')
            {
                throw new DataFormatException("The file ends in the middle of a line or a field is followed by other text.", file, start);
            }

            line++;
            records.Add((start, fields));
        }

        return records;

        string Plain()
        {
            var from = at;
            while (at < text.Length && text[at] is not (',' or '\n' or '"'))
            {
                at++;
            }

            return text[from..(at > from && at < text.Length && text[at] == '\n' && text[at - 1] == '\r' ? at - 1 : at)];
        }

        string Quoted()
        {
            var field = new StringBuilder();
            for (at++; at < text.Length; at++)
            {
                if (text[at] == '"')
                {
                    at++;
                    if (at == text.Length || text[at] != '"')
                    {
                        return field.ToString();
                    }
                }

                line += text[at] == '\n' ? 1 : 0;
                field.Append(text[at]);
            }

            throw new DataFormatException("A quoted field has no end.", file, line);
        }
    }

    private static string Time(DateTimeOffset timestamp) =>
        timestamp.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static string Quote(string field) => field.AsSpan().IndexOfAny(",\"\r\n") < 0
        ? field
        : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
