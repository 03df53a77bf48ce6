namespace Sequence.Reporting;

/// <summary>A place on an axis with its label.</summary>
internal readonly record struct Tick(double Value, string Label);
