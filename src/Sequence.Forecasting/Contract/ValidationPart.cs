namespace Sequence.Forecasting;

/// <summary>How much of the end of a training part decides when to stop, as rows or as a share.</summary>
public sealed record ValidationPart
{
    private ValidationPart(int? rows, double? fraction)
    {
        Rows = rows;
        Fraction = fraction;
    }

    /// <summary>Rows at the end of each series; null unless given as a count.</summary>
    public int? Rows { get; }

    /// <summary>Share of each series, in (0, 1); null unless given as a fraction.</summary>
    public double? Fraction { get; }

    /// <summary>The last rows of each series validate.</summary>
    public static ValidationPart OfRows(int rows) => new(rows, null);

    /// <summary>The last share of each series validates, rounded up to rows.</summary>
    public static ValidationPart OfFraction(double fraction) => new(null, fraction);

    /// <summary>Validation rows in a training part of this many rows.</summary>
    public int Count(int trainingRows) => Rows ?? (int)Math.Ceiling(Fraction!.Value * trainingRows);

    /// <inheritdoc />
    public override string ToString() =>
        Rows is { } rows ? $"{rows} rows" : FormattableString.Invariant($"fraction {Fraction:R}");

    internal string? Fault() => this switch
    {
        { Rows: < 1 } => $"Validation is {Rows} rows; give at least 1, or leave it out.",
        { Fraction: not null and not (> 0 and < 1) } => $"Validation is the fraction {Fraction}; give one between 0 and 1.",
        _ => null,
    };
}
