namespace Sequence.Reporting;

/// <summary>A cell of a table: text, or a number that is aligned with those above and below it.</summary>
public readonly record struct ReportCell
{
    /// <summary>Creates a cell of text.</summary>
    public ReportCell(string text) => Text = text;

    /// <summary>Creates a cell of a number; one that is not finite is shown as a dash.</summary>
    public ReportCell(double number) => Number = number;

    /// <summary>The text, or null when the cell holds a number.</summary>
    public string? Text { get; }

    /// <summary>The number, or null when the cell holds text.</summary>
    public double? Number { get; }

    /// <summary>Whether it is set off as the best of its column.</summary>
    public bool IsBest { get; init; }

    /// <summary>Format of the number, as "0.00%" or "#,0"; null gives it that of its column.</summary>
    public string? Format { get; init; }

    /// <summary>Colour of the ground from -1 (orange) by 0 (none) to 1 (blue); null leaves it plain.</summary>
    public double? Shade { get; init; }

    /// <summary>Length of a bar drawn in the cell, from 0 to 1 of its width; null draws none.</summary>
    public double? Bar { get; init; }

    /// <summary>What is shown when the pointer rests on it; null for nothing.</summary>
    public string? Title { get; init; }
}
