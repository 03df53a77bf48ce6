namespace Sequence.Backtesting;

/// <summary>Shape and tails of the distribution of returns (fractions a period). NaN is a missing return and left out; an infinite one is refused.</summary>
public static class DistributionStatistics
{
    /// <summary>Arithmetic mean a period; NaN without returns.</summary>
    public static double Mean(ReadOnlySpan<double> returns)
    {
        StatisticsGuard.Returns(returns);
        return Moments.Mean(returns);
    }

    /// <summary>Standard deviation a period, divisor n - 1; NaN for fewer than two returns, 0 exactly where all are equal.</summary>
    public static double StandardDeviation(ReadOnlySpan<double> returns)
    {
        StatisticsGuard.Returns(returns);
        return Moments.StandardDeviation(returns);
    }

    /// <summary>Skewness, without unit. NaN where returns do not vary or are too few for the convention.</summary>
    public static double Skewness(ReadOnlySpan<double> returns, SkewnessConvention convention)
    {
        StatisticsGuard.Returns(returns);
        double count = Moments.Count(returns);
        var population = Moments.Central(returns, 3) / Math.Pow(Moments.Central(returns, 2), 1.5);
        return convention switch
        {
            SkewnessConvention.Population => population,
            SkewnessConvention.Sample => count < 3 ? double.NaN : population * Math.Sqrt(count * (count - 1)) / (count - 2),
            _ => throw new ConfigurationException($"{convention} is not a convention for skewness."),
        };
    }

    /// <summary>Kurtosis, without unit. NaN where returns do not vary or are too few for the convention.</summary>
    public static double Kurtosis(ReadOnlySpan<double> returns, KurtosisConvention convention)
    {
        StatisticsGuard.Returns(returns);
        double count = Moments.Count(returns);
        var variance = Moments.Central(returns, 2);
        var population = Moments.Central(returns, 4) / (variance * variance);
        return convention switch
        {
            KurtosisConvention.Population => population,
            KurtosisConvention.PopulationExcess => population - 3,
            KurtosisConvention.SampleExcess => count < 4
                ? double.NaN
                : (count - 1) / ((count - 2) * (count - 3)) * (((count + 1) * (population - 3)) + 6),
            _ => throw new ConfigurationException($"{convention} is not a convention for kurtosis."),
        };
    }

    /// <summary>
    /// The value below which a fraction of the returns lies, linear between order statistics: with h = (n - 1) p and x ascending,
    /// x[floor h] + (h - floor h) (x[floor h + 1] - x[floor h]). Hyndman and Fan, "Sample Quantiles", 1996, type 7; numpy's and pandas'
    /// default. NaN without returns.
    /// </summary>
    /// <param name="returns">Simple returns, fractions a period.</param>
    /// <param name="fraction">p, from 0 to 1.</param>
    /// <exception cref="ConfigurationException">The fraction is outside 0 to 1.</exception>
    public static double Quantile(ReadOnlySpan<double> returns, double fraction)
    {
        if (!(fraction is >= 0 and <= 1))
        {
            throw new ConfigurationException($"fraction is {fraction}; give a number from 0 to 1, such as 0.05.");
        }

        StatisticsGuard.Returns(returns);
        var sorted = Moments.Sorted(returns);
        if (sorted.Length == 0)
        {
            return double.NaN;
        }

        var position = (sorted.Length - 1) * fraction;
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }

    /// <summary>
    /// Value at risk: the return a period that is undercut with a given probability, a fraction, negative for a loss. NaN without
    /// returns (normal: fewer than two).
    /// </summary>
    /// <param name="returns">Simple returns, fractions a period.</param>
    /// <param name="convention">How the tail is estimated.</param>
    /// <param name="tail">Probability of the tail, such as 0.05 for "95 per cent value at risk"; the historical percentile takes 0 and 1 too.</param>
    /// <exception cref="ConfigurationException">The probability is outside its range.</exception>
    public static double ValueAtRisk(ReadOnlySpan<double> returns, TailRiskConvention convention, double tail = 0.05)
    {
        switch (convention)
        {
            case TailRiskConvention.Historical:
                return Quantile(returns, tail);
            case TailRiskConvention.Normal:
                StatisticsGuard.Probability(tail, nameof(tail));
                return Mean(returns) + (Moments.StandardDeviation(returns) * NormalDistribution.Quantile(tail));
            default:
                throw new ConfigurationException($"{convention} is not a convention for value at risk.");
        }
    }

    /// <summary>
    /// Conditional value at risk, or expected shortfall: the mean return a period within the tail, a fraction, negative for a loss; see
    /// the convention for what the tail holds. NaN without returns.
    /// </summary>
    /// <param name="returns">Simple returns, fractions a period.</param>
    /// <param name="convention">How the tail is estimated.</param>
    /// <param name="tail">Probability of the tail, such as 0.05.</param>
    /// <exception cref="ConfigurationException">The probability is not above 0 and below 1.</exception>
    public static double ConditionalValueAtRisk(ReadOnlySpan<double> returns, TailRiskConvention convention, double tail = 0.05)
    {
        StatisticsGuard.Probability(tail, nameof(tail));
        if (convention == TailRiskConvention.Historical)
        {
            StatisticsGuard.Returns(returns);
            var sorted = Moments.Sorted(returns);
            return sorted.Length == 0 ? double.NaN : Moments.Mean(sorted.AsSpan(0, (int)((sorted.Length - 1) * tail) + 1));
        }

        var valueAtRisk = ValueAtRisk(returns, convention, tail);
        var below = Moments.Where(returns, value => value < valueAtRisk);
        return below.Length == 0 ? valueAtRisk : Moments.Mean(below);
    }

    /// <summary>
    /// |q(1 - p)| / |q(p)|, q the linear percentile: how far the good tail reaches against the bad. NaN without returns; infinite where
    /// the lower percentile is zero.
    /// </summary>
    /// <param name="returns">Simple returns, fractions a period.</param>
    /// <param name="tail">p; empyrical and quantstats take 0.05.</param>
    public static double TailRatio(ReadOnlySpan<double> returns, double tail = 0.05) =>
        Math.Abs(Quantile(returns, 1 - tail)) / Math.Abs(Quantile(returns, tail));
}
