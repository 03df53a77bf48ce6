namespace Sequence.Reporting;

/// <summary>A name with its value, as a setting of a run.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">Its value, as it is to be read.</param>
public sealed record ReportFact(string Name, string Value);
