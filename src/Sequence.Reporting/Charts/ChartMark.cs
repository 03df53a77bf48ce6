namespace Sequence.Reporting;

/// <summary>A vertical line with a label, as at the best epoch or the forecast origin.</summary>
/// <param name="X">Where it stands.</param>
/// <param name="Label">What it marks.</param>
public sealed record ChartMark(double X, string Label);
