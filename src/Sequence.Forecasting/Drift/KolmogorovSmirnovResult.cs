namespace Sequence.Forecasting;

/// <summary>Outcome of the two-sample Kolmogorov-Smirnov test.</summary>
/// <param name="Statistic">Largest distance of the two empirical distributions, in [0, 1].</param>
/// <param name="PValue">Probability of a distance at least as large when both samples are of one continuous distribution.</param>
/// <param name="IsExact">Whether the p-value was counted; otherwise it is the asymptotic one.</param>
public sealed record KolmogorovSmirnovResult(double Statistic, double PValue, bool IsExact);
