namespace Sequence.Backtesting;

/// <summary>What combinatorially symmetric cross-validation says of a selection among trials.</summary>
/// <param name="Probability">Probability of backtest overfitting: share of splits with a logit of at most 0, that is, in which the trial best in sample was no better than the median out of sample.</param>
/// <param name="Logits">log(w / (1 - w)) of each split, w = rank out of sample / (N + 1) of the trial best in sample.</param>
/// <param name="InSampleSharpes">Ratio in sample of the trial chosen in each split, a period.</param>
/// <param name="OutOfSampleSharpes">Its ratio out of sample.</param>
/// <param name="DegradationIntercept">Intercept of the line of out-of-sample on in-sample ratios.</param>
/// <param name="DegradationSlope">Its slope: below zero, what looked better did worse. NaN where the ratios in sample do not vary.</param>
/// <param name="DegradationRSquared">Its R^2.</param>
/// <param name="ProbabilityOfLoss">Share of splits in which the chosen trial's ratio out of sample is below 0.</param>
public sealed record OverfittingEstimate(
    double Probability,
    IReadOnlyList<double> Logits,
    IReadOnlyList<double> InSampleSharpes,
    IReadOnlyList<double> OutOfSampleSharpes,
    double DegradationIntercept,
    double DegradationSlope,
    double DegradationRSquared,
    double ProbabilityOfLoss);
