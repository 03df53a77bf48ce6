namespace Sequence.Forecasting;

/// <summary>What <see cref="ThetaForecaster"/> estimates.</summary>
/// <param name="Alpha">Smoothing weight of the theta line, in (0, 1).</param>
/// <param name="Season">The season found in the rows fitted on.</param>
public sealed record ThetaParameters(double Alpha, SeasonComponent Season);
