namespace Sequence.Reporting;

/// <summary>What was observed less what was forecast, in any order.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Timestamps">Time of each observation.</param>
/// <param name="Values">The residuals, one a timestamp.</param>
public sealed record ResidualSeries(string Model, IReadOnlyList<DateTimeOffset> Timestamps, double[] Values);
