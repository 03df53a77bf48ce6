namespace Sequence.Reporting;

/// <summary>A number to be seen first.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">The number, as it is to be read.</param>
/// <param name="Meaning">How it is defined.</param>
/// <param name="Beside">What it is to be held against, as the same of a benchmark; null for nothing.</param>
public sealed record ReportTile(string Name, string Value, string Meaning, string? Beside = null);
