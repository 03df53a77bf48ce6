namespace Sequence.Reporting;

/// <summary>A row of a table.</summary>
/// <param name="Cells">One cell a column.</param>
/// <param name="IsMuted">Whether it stands back, as that of a baseline.</param>
public sealed record ReportRow(IReadOnlyList<ReportCell> Cells, bool IsMuted = false);
