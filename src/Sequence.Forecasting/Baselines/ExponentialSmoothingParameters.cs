namespace Sequence.Forecasting;

/// <summary>What <see cref="ExponentialSmoothingForecaster"/> estimates.</summary>
/// <param name="Alpha">Weight of a new value in the level, in (0, 1).</param>
/// <param name="Beta">Weight of a new change of level in the trend, in (0, 1); 0 without a trend.</param>
/// <param name="Gamma">Weight of a new value in the season, in (0, 1 - alpha); 0 without a season.</param>
/// <param name="Phi">Factor on the trend at every row: in [0.8, 0.98] when damped, otherwise 1.</param>
public sealed record ExponentialSmoothingParameters(double Alpha, double Beta, double Gamma, double Phi);
