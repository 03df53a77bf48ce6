namespace Sequence.Forecasting;

/// <summary>Outcome of <see cref="DieboldMariano"/>.</summary>
/// <param name="Statistic">
/// The corrected statistic: negative when the first forecaster loses less, infinite when one is better by the same
/// amount every time, 0 when the two are equal.
/// </param>
/// <param name="PValue">Two-sided probability of a statistic as large under equal accuracy, in [0, 1].</param>
/// <param name="MeanLossDifference">Mean loss of the first minus mean loss of the second.</param>
/// <param name="Observations">Number of pairs of errors.</param>
/// <param name="Lags">Autocovariances in the variance: horizon - 1, or 0 where that variance was not positive.</param>
public sealed record DieboldMarianoResult(
    double Statistic, double PValue, double MeanLossDifference, int Observations, int Lags);
