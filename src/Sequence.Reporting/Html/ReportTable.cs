namespace Sequence.Reporting;

/// <summary>A table. The numbers of a column share their decimals, so that they align at the point.</summary>
/// <param name="Columns">Headers.</param>
/// <param name="Rows">Rows, each with one cell a header.</param>
/// <param name="Caption">A sentence below the table, or null.</param>
public sealed record ReportTable(IReadOnlyList<string> Columns, IReadOnlyList<ReportRow> Rows, string? Caption = null)
{
    /// <summary>Whether cells stand close together, for tables of many columns.</summary>
    public bool IsDense { get; init; }
}
