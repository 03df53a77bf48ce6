using Sequence.Data;

namespace Sequence.Forecasting;

/// <summary>Where the first training part ends: after a count of rows, at a date, or after a fraction.</summary>
public sealed record FirstOrigin
{
    private FirstOrigin(int? rows, DateTimeOffset? date, double? fraction)
    {
        Rows = rows;
        Date = date;
        Fraction = fraction;
    }

    /// <summary>Rows of the first training part; null unless given as a count.</summary>
    public int? Rows { get; }

    /// <summary>Last date of the first training part; null unless given as a date.</summary>
    public DateTimeOffset? Date { get; }

    /// <summary>Share of the rows, in (0, 1); null unless given as a fraction.</summary>
    public double? Fraction { get; }

    /// <summary>The first training part is this many rows.</summary>
    public static FirstOrigin AfterRows(int rows) => new(rows, null, null);

    /// <summary>The first training part is every row up to this date, itself included.</summary>
    public static FirstOrigin AtDate(DateTimeOffset date) => new(null, date, null);

    /// <summary>The first training part is this share of the rows, rounded down.</summary>
    public static FirstOrigin AfterFraction(double fraction) => new(null, null, fraction);

    /// <summary>Rows of the first training part on this timeline.</summary>
    /// <exception cref="DataFormatException">The timeline leaves no row before or after the origin.</exception>
    public int Locate(ReadOnlySpan<DateTimeOffset> timeline)
    {
        var count = Rows ?? (Date is { } date ? RowsUpTo(timeline, date) : (int)(Fraction!.Value * timeline.Length));
        return count > 0 && count < timeline.Length
            ? count
            : throw new DataFormatException(
                $"The first origin ({this}) puts {count} of {timeline.Length} rows before it" +
                (timeline.IsEmpty ? string.Empty : $" (the data run from {timeline[0]:u} to {timeline[^1]:u})") +
                "; it must leave at least one row on either side.");
    }

    /// <summary>How many rows have a timestamp up to this one, itself included.</summary>
    internal static int RowsUpTo(ReadOnlySpan<DateTimeOffset> timestamps, DateTimeOffset last)
    {
        var index = timestamps.BinarySearch(last);
        return index >= 0 ? index + 1 : ~index;
    }

    /// <inheritdoc />
    public override string ToString() =>
        Rows is { } rows ? $"after {rows} rows" : Date is { } date ? $"at {date:u}" : $"after {Fraction:P0}";

    internal string? Fault() => this switch
    {
        { Rows: < 1 } => $"FirstOrigin is {Rows} rows; give at least 1.",
        { Fraction: not null and not (> 0 and < 1) } => $"FirstOrigin is the fraction {Fraction}; give one between 0 and 1.",
        _ => null,
    };
}
