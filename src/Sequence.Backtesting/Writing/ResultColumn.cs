using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace Sequence.Backtesting;

/// <summary>A column of a table of results, as text and as Parquet.</summary>
/// <param name="name">Header, in snake case.</param>
internal abstract class ResultColumn(string name)
{
    public string Name { get; } = name;

    public abstract DataField Field { get; }

    public abstract int Length { get; }

    public static ResultColumn Numbers(string name, IEnumerable<double> values) => new NumberColumn(name, [.. values]);

    public static ResultColumn Optional(string name, IEnumerable<double?> values) =>
        new NumberColumn(name, [.. values.Select(value => value ?? double.NaN)]);

    public static ResultColumn Integers(string name, IEnumerable<int> values) => new IntegerColumn(name, [.. values]);

    public static ResultColumn Times(string name, IEnumerable<DateTimeOffset> values) =>
        new TimeColumn(name, [.. values.Select(value => value.UtcDateTime)]);

    public static ResultColumn Texts(string name, IEnumerable<string?> values) => new TextColumn(name, [.. values]);

    /// <summary>Appends the cell of a row to a line of comma-separated values.</summary>
    public abstract void Write(TextWriter writer, int row);

    public abstract Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellationToken);

    private sealed class NumberColumn(string name, double[] values) : ResultColumn(name)
    {
        public override DataField Field { get; } = new DataField<double>(name, nullable: true);

        public override int Length => values.Length;

        public override void Write(TextWriter writer, int row)
        {
            if (!double.IsNaN(values[row]))
            {
                Span<char> digits = stackalloc char[32];
                values[row].TryFormat(digits, out var written, "R", CultureInfo.InvariantCulture);
                writer.Write(digits[..written]);
            }
        }

        public override Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellationToken)
        {
            var cells = Array.ConvertAll(values, value => double.IsNaN(value) ? (double?)null : value);
            return group.WriteAsync<double>(Field, cells, cancellationToken: cancellationToken);
        }
    }

    private sealed class IntegerColumn(string name, int[] values) : ResultColumn(name)
    {
        public override DataField Field { get; } = new DataField<int>(name, nullable: false);

        public override int Length => values.Length;

        public override void Write(TextWriter writer, int row) => writer.Write(values[row].ToString(CultureInfo.InvariantCulture));

        public override Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellationToken) =>
            group.WriteAsync<int>(Field, values, cancellationToken: cancellationToken);
    }

    private sealed class TimeColumn(string name, DateTime[] values) : ResultColumn(name)
    {
        public override DataField Field { get; } = new DateTimeDataField(
            name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, DateTimeTimeUnit.Micros, isNullable: false);

        public override int Length => values.Length;

        public override void Write(TextWriter writer, int row)
        {
            Span<char> text = stackalloc char[40];
            values[row].TryFormat(text, out var written, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture);
            writer.Write(text[..written]);
        }

        public override Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellationToken) =>
            group.WriteAsync<DateTime>(Field, values, cancellationToken: cancellationToken);
    }

    private sealed class TextColumn(string name, string?[] values) : ResultColumn(name)
    {
        public override DataField Field { get; } = new DataField<string>(name, nullable: true);

        public override int Length => values.Length;

        public override void Write(TextWriter writer, int row)
        {
            var text = values[row] ?? string.Empty;
            writer.Write(text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
        }

        public override Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellationToken) =>
            group.WriteAsync(Field, values);
    }
}
