namespace Sequence.Reporting;

/// <summary>A column of the table of models.</summary>
/// <param name="Name">Name with its unit.</param>
/// <param name="Goal">Which value is set off as the best.</param>
public sealed record ReportMeasure(string Name, MeasureGoal Goal = MeasureGoal.Lowest);
