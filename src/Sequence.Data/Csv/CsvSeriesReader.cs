using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using CsvHelper;

namespace Sequence.Data.Csv;

/// <summary>Reads series from delimited text with a header, plain or compressed with gzip.</summary>
/// <remarks>
/// Numbers and timestamps are read by the invariant culture; timestamps without an offset are UTC. Every fault is a
/// <see cref="DataFormatException"/> with the file, the line (counted from 1, the header included) and the field.
/// </remarks>
public static class CsvSeriesReader
{
    private const int LongestLine = 16 * 1024 * 1024;

    /// <summary>Reads every series of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Columns and policies; null takes the defaults.</param>
    /// <exception cref="DataFormatException">The file is missing or is not what the options say it is.</exception>
    /// <exception cref="ConfigurationException">The options contradict each other.</exception>
    public static Panel Read(string path, CsvSeriesOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        options ??= new CsvSeriesOptions();
        options.Validate();
        return SeriesAssembler.Assemble(Read(path, options, reader => ReadRows(path, options, reader)), options);
    }

    /// <summary>Reads the only series of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Columns and policies; null takes the defaults.</param>
    /// <exception cref="DataFormatException">
    /// The file is missing, is not what the options say it is, or holds several series.
    /// </exception>
    /// <exception cref="ConfigurationException">The options contradict each other.</exception>
    public static TimeSeries ReadSingle(string path, CsvSeriesOptions? options = null)
    {
        var panel = Read(path, options);
        return panel.Count == 1
            ? panel[0]
            : throw new DataFormatException($"The file holds {panel.Count} series where one is wanted.", path);
    }

    /// <summary>
    /// Reads every series of a file as its rows stand, whatever lies between them: no frequency, no filling, NaN where a cell
    /// is empty.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Columns and policies for order and duplicates; frequency and missing values are not read.</param>
    /// <exception cref="DataFormatException">The file is missing or is not what the options say it is.</exception>
    /// <exception cref="ConfigurationException">The options contradict each other.</exception>
    public static IReadOnlyList<UnevenSeries> ReadUneven(string path, CsvSeriesOptions options)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return SeriesAssembler.AssembleUneven(Read(path, options, reader => ReadRows(path, options, reader)), options);
    }

    /// <summary>The names of a file's columns.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How its fields are delimited; null takes the defaults.</param>
    /// <exception cref="DataFormatException">The file is missing, empty or no text.</exception>
    public static IReadOnlyList<string> ReadHeader(string path, CsvSeriesOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        options ??= new CsvSeriesOptions();
        return Read(path, options, reader => reader.Read()
            ? Enumerable.Range(0, reader.FieldCount).Select(reader.GetString).ToArray()
            : throw new DataFormatException("The file is empty.", path));
    }

    private static T Read<T>(string path, CsvSeriesOptions options, Func<CsvReader, T> read)
    {
        try
        {
            using var reader = CsvReader.Create(Open(path), new CsvReaderOptions
            {
                Separator = options.Delimiter,
                HasHeader = false,
                TrimWhitespace = true,
                TrackLineNumbers = true,
                MalformedData = CsvMalformedDataHandling.Throw,
                MaxRecordSize = LongestLine,
            });
            return read(reader);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataFormatException("There is no such file.", path, innerException: exception);
        }
        catch (DecoderFallbackException exception)
        {
            throw new DataFormatException("The file is not text in UTF-8. Save it as UTF-8.", path, innerException: exception);
        }
        catch (InvalidDataException exception)
        {
            throw new DataFormatException(
                "The file is compressed with gzip but damaged, cut off or joined from several parts. Fetch it again or unpack it.",
                path,
                innerException: exception);
        }
        catch (CsvFormatException exception)
        {
            throw new DataFormatException(
                $"The line is malformed: {exception.Message}", path, LineOf(exception), innerException: exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataFormatException($"The file cannot be read: {exception.Message}", path, innerException: exception);
        }
    }

    private static SeriesTable ReadRows(string path, CsvSeriesOptions options, CsvReader reader)
    {
        if (!reader.Read())
        {
            throw new DataFormatException("The file is empty.", path);
        }

        var timestamps = new TimestampParser(options.TimestampFormat);
        var nulls = options.NullTokens.ToHashSet(StringComparer.Ordinal);
        string[] header = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)];
        if (IsData(header, timestamps, nulls))
        {
            throw new DataFormatException(
                $"The file has no header: its first row '{string.Join(", ", header.Take(4))}' is data. Add a row of column names.",
                path,
                reader.LineNumber);
        }

        var plan = ColumnPlan.Resolve(header, options, path, reader.LineNumber);
        var table = new SeriesTable(path, "line", plan);
        bool? zoned = null;
        while (reader.Read())
        {
            var line = reader.LineNumber;
            if (reader.FieldCount != header.Length)
            {
                throw table.Fault($"The header has {header.Length} fields, this line {reader.FieldCount}.", line);
            }

            var text = reader.GetString(plan.Timestamp);
            if (!timestamps.TryParse(text, out var timestamp))
            {
                var accepted = options.TimestampFormat ?? TimestampParser.Accepted;
                throw table.Fault(
                    $"'{Shorten(text)}' in column '{header[plan.Timestamp]}' is not a timestamp. Accepted: {accepted}.",
                    line,
                    plan.Timestamp);
            }

            if ((zoned ??= HasZone(text)) != HasZone(text))
            {
                throw table.Fault(
                    $"'{Shorten(text)}' in column '{header[plan.Timestamp]}' {(zoned.Value ? "has no time zone, but rows before have one" : "has a time zone, but rows before have none")}. " +
                    "Write all timestamps in one way.",
                    line,
                    plan.Timestamp);
            }

            var id = plan.Id is { } index ? reader.GetString(index) : plan.Names[0];
            if (id.Length == 0)
            {
                throw table.Fault($"The identifier in column '{header[plan.Id!.Value]}' is empty.", line, plan.Id);
            }

            table.Timestamps.Add(timestamp);
            table.Ids.Add(id);
            table.Numbers.Add(line);
            for (var column = 0; column < plan.Values.Count; column++)
            {
                table.Columns[column].Add(ParseNumber(reader.GetString(plan.Values[column]), table, column, line, nulls));
            }
        }

        return table;
    }

    private static double ParseNumber(string text, SeriesTable table, int column, long line, HashSet<string> nulls)
    {
        if (nulls.Contains(text))
        {
            return double.NaN;
        }

        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            throw table.Fault(
                $"'{Shorten(text)}' in column '{table.Plan.Names[column]}' is not a number. If it means a missing value, add it " +
                "to the null tokens.",
                line,
                table.Plan.Values[column]);
        }

        return double.IsFinite(value)
            ? value
            : throw table.Fault(
                $"'{Shorten(text)}' in column '{table.Plan.Names[column]}' is not a finite number. If it means a missing value, " +
                "add it to the null tokens.",
                line,
                table.Plan.Values[column]);
    }

    /// <summary>Whether a timestamp ends in Z or an offset such as +01:00; the sign of a date's dashes comes before its time.</summary>
    private static bool HasZone(string text)
    {
        var time = text.AsSpan().IndexOf(':');
        return time >= 0 && (text[^1] is 'Z' or 'z' || text.AsSpan(time).IndexOfAny('+', '-') >= 0);
    }

    /// <summary>A first row is data, not a header, when it starts with a value and every field in it is one or is missing.</summary>
    private static bool IsData(string[] fields, TimestampParser timestamps, HashSet<string> nulls) =>
        !nulls.Contains(fields[0])
        && fields.All(field => nulls.Contains(field)
            || double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            || timestamps.TryParse(field, out _));

    private static StreamReader Open(string path)
    {
        Stream stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            var isCompressed = stream.ReadByte() == 0x1F && stream.ReadByte() == 0x8B;
            stream.Position = 0;
            if (isCompressed)
            {
                using var file = stream;
                stream = Decompress(file);
            }

            return new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>
    /// GZipStream takes a file that was cut off for one that ends, so the length is compared with the one in the trailer.
    /// </summary>
    private static MemoryStream Decompress(Stream file)
    {
        const int ShortestFile = 18;
        var text = new MemoryStream();
        using (var compressed = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true))
        {
            compressed.CopyTo(text);
        }

        Span<byte> trailer = stackalloc byte[sizeof(uint)];
        file.Position = Math.Max(ShortestFile, file.Length) - trailer.Length;
        if (file.ReadAtLeast(trailer, trailer.Length, throwOnEndOfStream: false) < trailer.Length
            || BinaryPrimitives.ReadUInt32LittleEndian(trailer) != (uint)text.Length)
        {
            throw new InvalidDataException();
        }

        text.Position = 0;
        return text;
    }

    private static long? LineOf(CsvFormatException exception) => exception.LineNumber > 0 ? exception.LineNumber : null;

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "...";
}
