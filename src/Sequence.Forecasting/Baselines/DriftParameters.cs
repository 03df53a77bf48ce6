namespace Sequence.Forecasting;

/// <summary>What <see cref="DriftForecaster"/> estimates.</summary>
/// <param name="Slope">Change a row, in the units of the series.</param>
public sealed record DriftParameters(double Slope);
