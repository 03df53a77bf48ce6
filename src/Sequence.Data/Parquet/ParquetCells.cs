using Parquet;
using Parquet.Schema;

namespace Sequence.Data.Parquet;

/// <summary>Reads the columns of one row group as timestamps, identifiers and numbers.</summary>
/// <param name="group">The row group.</param>
/// <param name="table">The table read so far, for the place in messages.</param>
/// <param name="before">How many rows of the file come before this group.</param>
internal sealed class ParquetCells(ParquetRowGroupReader group, SeriesTable table, int before)
{
    public async Task<List<DateTimeOffset>> ReadTimestampsAsync(DataField field, CancellationToken cancellationToken)
    {
        var type = field.ClrType;
        var column = table.Plan.Timestamp;
        if (type == typeof(DateTime))
        {
            return Known(await ReadAsync<DateTime>(field, cancellationToken), AsUtc, field, column);
        }

        if (type == typeof(DateOnly))
        {
            return Known(
                await ReadAsync<DateOnly>(field, cancellationToken), date => AsUtc(date.ToDateTime(default)), field, column);
        }

        if (!IsText(type))
        {
            throw table.Fault(
                $"Column '{field.Name}' holds {NameOf(type)}, not timestamps. Store timestamps, dates or text.", null, column);
        }

        var parser = new TimestampParser(format: null);
        var texts = await ReadTextAsync(field, cancellationToken);
        return [.. texts.Select((text, row) => parser.TryParse(text.AsSpan().Trim(), out var timestamp)
            ? timestamp
            : throw table.Fault(
                $"'{text}' in column '{field.Name}' is not a timestamp. Accepted: {TimestampParser.Accepted}.",
                before + row + 1,
                column))];
    }

    public async Task<List<string>> ReadIdsAsync(DataField field, CancellationToken cancellationToken)
    {
        var type = field.ClrType;
        var column = table.Plan.Id;
        if (type == typeof(int))
        {
            return Known(await ReadAsync<int>(field, cancellationToken), value => value.ToString(), field, column);
        }

        if (type == typeof(long))
        {
            return Known(await ReadAsync<long>(field, cancellationToken), value => value.ToString(), field, column);
        }

        if (!IsText(type))
        {
            throw table.Fault($"Column '{field.Name}' holds {NameOf(type)}; identifiers are text or integers.", null, column);
        }

        var texts = await ReadTextAsync(field, cancellationToken);
        return [.. texts.Select((text, row) => string.IsNullOrEmpty(text)
            ? throw table.Fault($"The identifier in column '{field.Name}' is empty.", before + row + 1, column)
            : text)];
    }

    public async Task<double[]> ReadNumbersAsync(DataField field, int column, CancellationToken cancellationToken)
    {
        var type = field.ClrType;
        var numbers = type == typeof(double) ? Numbers(await ReadAsync<double>(field, cancellationToken), value => value)
            : type == typeof(float) ? Numbers(await ReadAsync<float>(field, cancellationToken), value => value)
            : type == typeof(int) ? Numbers(await ReadAsync<int>(field, cancellationToken), value => value)
            : type == typeof(long) ? Numbers(await ReadAsync<long>(field, cancellationToken), value => value)
            : type == typeof(short) ? Numbers(await ReadAsync<short>(field, cancellationToken), value => value)
            : type == typeof(decimal) ? Numbers(await ReadAsync<decimal>(field, cancellationToken), value => (double)value)
            : throw table.Fault($"Column '{field.Name}' holds {NameOf(type)}, not numbers.", null, column);
        var infinite = Array.FindIndex(numbers, double.IsInfinity);
        return infinite < 0
            ? numbers
            : throw table.Fault(
                $"{numbers[infinite]} in column '{field.Name}' is not a finite number.", before + infinite + 1, column);
    }

    private static bool IsText(Type type) => type == typeof(string) || type == typeof(ReadOnlyMemory<char>);

    private static string NameOf(Type type) => IsText(type) ? "text" : type.Name;

    private static DateTimeOffset AsUtc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));

    private static double[] Numbers<T>(T?[] cells, Func<T, double> convert)
        where T : struct => Array.ConvertAll(cells, cell => cell is { } value ? convert(value) : double.NaN);

    private List<TResult> Known<T, TResult>(T?[] cells, Func<T, TResult> convert, DataField field, int? column)
        where T : struct => [.. cells.Select((cell, row) => cell is { } value
            ? convert(value)
            : throw table.Fault($"Column '{field.Name}' has no value.", before + row + 1, column))];

    private async Task<T?[]> ReadAsync<T>(DataField field, CancellationToken cancellationToken)
        where T : struct
    {
        if (field.IsNullable)
        {
            var cells = new T?[checked((int)group.RowCount)];
            await group.ReadAsync<T>(field, cells.AsMemory(), cancellationToken: cancellationToken);
            return cells;
        }

        var values = new T[checked((int)group.RowCount)];
        await group.ReadAsync<T>(field, values.AsMemory(), cancellationToken: cancellationToken);
        return Array.ConvertAll(values, value => (T?)value);
    }

    private async Task<string?[]> ReadTextAsync(DataField field, CancellationToken cancellationToken)
    {
        var texts = new string?[checked((int)group.RowCount)];
        await group.ReadAsync(field, texts.AsMemory(), cancellationToken: cancellationToken);
        return texts;
    }
}
