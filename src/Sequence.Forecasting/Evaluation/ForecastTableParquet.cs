using System.Buffers.Binary;
using System.Security.Cryptography;
using Parquet;
using Parquet.Schema;
using Sequence.Data;
using Sequence.Data.Parquet;

namespace Sequence.Forecasting;

/// <summary>
/// Forecast tables as Parquet. Between the data and the footer, in bytes that the format leaves unread, stands a seal: a
/// mark of eight bytes and the SHA-256 of everything else, so that no damaged byte reaches the decoder.
/// </summary>
internal static class ForecastTableParquet
{
    private const int RowsInGroup = 1 << 16;
    private const int EndLength = 8;
    private const int SealLength = 8 + SHA256.HashSizeInBytes;

    private static ReadOnlySpan<byte> Mark => "SEQSEAL1"u8;

    public static async Task WriteAsync(ForecastTable table, string path, CancellationToken cancellationToken)
    {
        var rows = table.Rows;
        if (rows.FirstOrDefault(row => !IsWhole(row.Origin) || !IsWhole(row.Timestamp)) is { } fine)
        {
            throw new DataFormatException(
                $"A forecast of series '{fine.SeriesId}' from {fine.Origin:O} for {fine.Timestamp:O} has a time finer than a " +
                "microsecond, which is what the file can hold.");
        }

        var names = ForecastTableSchema.Names(table.Levels);
        Field[] fields =
        [
            new DataField<string>(names[0], nullable: false),
            new DataField<int>(names[1], nullable: false),
            Time(names[2]),
            Time(names[3]),
            new DataField<int>(names[4], nullable: false),
            .. names.Skip(5).Select(name => new DataField<double>(name, nullable: false)),
        ];
        using var memory = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(
            new ParquetSchema(fields), memory, cancellationToken: cancellationToken))
        {
            for (var start = 0; start < rows.Count; start += RowsInGroup)
            {
                var part = rows.Skip(start).Take(RowsInGroup).ToArray();
                using var group = writer.CreateRowGroup();
                await group.WriteAsync((DataField)fields[0], Array.ConvertAll(part, row => row.SeriesId));
                await Write(1, row => row.Fold);
                await Write(2, row => row.Origin.UtcDateTime);
                await Write(3, row => row.Timestamp.UtcDateTime);
                await Write(4, row => row.Step);
                await Write(5, row => row.Actual);
                await Write(6, row => row.Mean);
                await Write(7, row => row.AtOrigin);
                await Write(8, row => row.AbsoluteScale);
                await Write(9, row => row.SquaredScale);
                for (var level = 0; level < table.Levels.Count; level++)
                {
                    var index = level;
                    await Write(10 + (2 * level), row => row.Intervals[index].Lower);
                    await Write(11 + (2 * level), row => row.Intervals[index].Upper);
                }

                async Task Write<T>(int column, Converter<ForecastRow, T> select)
                    where T : struct => await group.WriteAsync<T>(
                        (DataField)fields[column], Array.ConvertAll(part, select), cancellationToken: cancellationToken);
            }
        }

        var file = Sealed(memory.ToArray());
        await AtomicFile.WriteAsync(path, async stream => await stream.WriteAsync(file, cancellationToken));
    }

    public static async Task<ForecastTable> ReadAsync(string path, CancellationToken cancellationToken)
    {
        await RequireWholeAsync(path, cancellationToken);
        return await ParquetFile.ReadAsync(path, reader => ReadAsync(reader, path, cancellationToken), cancellationToken);
    }

    private static async Task<ForecastTable> ReadAsync(
        ParquetReader reader, string path, CancellationToken cancellationToken)
    {
        var fields = reader.Schema.DataFields;
        var levels = ForecastTableSchema.Levels([.. fields.Select(field => field.Name)], path);
        var rows = new List<ForecastRow>();
        for (var index = 0; index < reader.RowGroupCount; index++)
        {
            using var group = reader.OpenRowGroupReader(index);
            var count = checked((int)group.RowCount);
            var ids = new string?[count];
            await group.ReadAsync(fields[0], ids.AsMemory(), cancellationToken: cancellationToken);
            var folds = await Column<int>(1);
            var origins = await Column<DateTime>(2);
            var timestamps = await Column<DateTime>(3);
            var steps = await Column<int>(4);
            var numbers = new double[fields.Length - 5][];
            for (var column = 0; column < numbers.Length; column++)
            {
                numbers[column] = await Column<double>(column + 5);
            }

            for (var at = 0; at < count; at++)
            {
                var row = new ForecastRow(
                    ids[at] ?? throw Fault(at, "The series has no identifier."),
                    folds[at],
                    Utc(origins[at]),
                    Utc(timestamps[at]),
                    steps[at],
                    numbers[0][at],
                    numbers[1][at],
                    [.. levels.Select((level, i) => new IntervalBounds(level, numbers[5 + (2 * i)][at], numbers[6 + (2 * i)][at]))],
                    numbers[2][at],
                    numbers[3][at],
                    numbers[4][at]);
                rows.Add(ForecastTableSchema.Fault(row) is { } fault ? throw Fault(at, fault) : row);
            }

            DataFormatException Fault(int at, string message) => new(message, path, rows.Count + at + 1);

            async Task<T[]> Column<T>(int column)
                where T : struct
            {
                var field = fields[column];
                if (field.ClrType != typeof(T))
                {
                    throw new DataFormatException(
                        $"Column '{field.Name}' holds {field.ClrType.Name} instead of {typeof(T).Name}.", path, column: column + 1);
                }

                if (!field.IsNullable)
                {
                    var cells = new T[count];
                    await group.ReadAsync<T>(field, cells.AsMemory(), cancellationToken: cancellationToken);
                    return cells;
                }

                var nullable = new T?[count];
                await group.ReadAsync<T>(field, nullable.AsMemory(), cancellationToken: cancellationToken);
                return Array.ConvertAll(nullable, cell => cell ?? throw new DataFormatException(
                    $"Column '{field.Name}' has no value in some row.", path, column: column + 1));
            }
        }

        return new ForecastTable(rows);
    }

    /// <summary>Puts the seal before the footer: data, mark, checksum, footer, its length, "PAR1".</summary>
    private static byte[] Sealed(byte[] file)
    {
        var footer = FooterStart(file) ?? throw new InvalidOperationException("The writer left no footer.");
        return [.. file[..footer], .. Mark, .. SHA256.HashData(file), .. file[footer..]];
    }

    /// <summary>Refuses a file whose seal does not fit. A file that never had one is left to the decoder.</summary>
    private static async Task RequireWholeAsync(string path, CancellationToken cancellationToken)
    {
        byte[] file;
        try
        {
            file = await File.ReadAllBytesAsync(path, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataFormatException($"The file cannot be read: {exception.Message}", path, innerException: exception);
        }

        // A damaged length hides where the seal is, but not that there is one.
        var mark = FooterStart(file) - SealLength is >= 0 and var expected ? expected : -1;
        if (mark < 0 || !IsNearMark(file.AsSpan(mark)))
        {
            mark = file.AsSpan().LastIndexOf(Mark);
            if (mark < 0)
            {
                return;
            }
        }

        var body = mark + SealLength;
        if (body > file.Length - EndLength || !file.AsSpan(mark, Mark.Length).SequenceEqual(Mark) ||
            !SHA256.HashData([.. file[..mark], .. file[body..]]).AsSpan().SequenceEqual(
                file.AsSpan(mark + Mark.Length, SHA256.HashSizeInBytes)))
        {
            throw new DataFormatException("The file is damaged: its checksum does not fit. Write it again.", path);
        }
    }

    private static bool IsNearMark(ReadOnlySpan<byte> bytes)
    {
        var same = 0;
        for (var index = 0; index < Mark.Length; index++)
        {
            same += bytes[index] == Mark[index] ? 1 : 0;
        }

        return same >= Mark.Length - 2;
    }

    private static int? FooterStart(ReadOnlySpan<byte> file)
    {
        if (file.Length < EndLength)
        {
            return null;
        }

        var start = file.Length - EndLength - (long)BinaryPrimitives.ReadUInt32LittleEndian(file[^EndLength..]);
        return start >= 0 ? (int)start : null;
    }

    private static DateTimeDataField Time(string name) => new(
        name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, DateTimeTimeUnit.Micros, isNullable: false);

    private static bool IsWhole(DateTimeOffset time) => time.Ticks % TimeSpan.TicksPerMicrosecond == 0;

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
