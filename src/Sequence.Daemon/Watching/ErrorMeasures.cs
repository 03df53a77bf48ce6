namespace Sequence.Daemon.Watching;

/// <summary>How far forecasts were off; null where there is nothing to measure yet.</summary>
/// <param name="Steps">Forecast values compared with their outcome.</param>
/// <param name="MeanAbsoluteError">In the units of the series.</param>
/// <param name="RootMeanSquaredError">In the units of the series.</param>
/// <param name="Bias">Mean of forecast minus outcome, in the units of the series: positive when forecasts are too high.</param>
/// <param name="MeanAbsoluteScaledError">
/// The mean absolute error over that of the naive one-step forecast along the newest observations; null when they stand still.
/// </param>
[GenerateSerializer]
[Immutable]
internal sealed record ErrorMeasures(
    long Steps, double? MeanAbsoluteError, double? RootMeanSquaredError, double? Bias, double? MeanAbsoluteScaledError);
