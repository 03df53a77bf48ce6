namespace Sequence.Forecasting;

/// <summary>
/// Measures of intervals and quantile forecasts. In the formulas y is an actual value, q a forecast quantile at
/// probability p, n their number.
/// </summary>
/// <remarks>Source: Gneiting and Raftery, Strictly proper scoring rules, prediction, and estimation, 2007.</remarks>
public static class DistributionAccuracy
{
    /// <summary>
    /// Pinball or quantile loss, (1/n) sum max(p (y - q), (p - 1) (y - q)); units of the series, lower is better.
    /// </summary>
    /// <param name="actual">Actual values, [n].</param>
    /// <param name="quantile">Forecasts of the quantile, [n].</param>
    /// <param name="probability">Its probability p, in (0, 1).</param>
    /// <exception cref="ModelException">The lengths differ or are zero.</exception>
    public static double PinballLoss(ReadOnlySpan<double> actual, ReadOnlySpan<double> quantile, double probability)
    {
        PointAccuracy.RequirePairs(actual, quantile);
        RequireProbability(probability);
        var sum = 0.0;
        for (var index = 0; index < actual.Length; index++)
        {
            sum += Pinball(actual[index], quantile[index], probability);
        }

        return sum / actual.Length;
    }

    /// <summary>
    /// Empirical coverage, (100/n) #{lower &lt;= y &lt;= upper}; percent. Best is the level promised, not 100.
    /// </summary>
    /// <param name="actual">Actual values, [n].</param>
    /// <param name="lower">Lower ends, [n].</param>
    /// <param name="upper">Upper ends, [n].</param>
    /// <exception cref="ModelException">The lengths differ or are zero.</exception>
    public static double Coverage(ReadOnlySpan<double> actual, ReadOnlySpan<double> lower, ReadOnlySpan<double> upper)
    {
        PointAccuracy.RequirePairs(actual, lower);
        PointAccuracy.RequirePairs(actual, upper);
        var inside = 0;
        for (var index = 0; index < actual.Length; index++)
        {
            inside += lower[index] <= actual[index] && actual[index] <= upper[index] ? 1 : 0;
        }

        return 100.0 * inside / actual.Length;
    }

    /// <summary>
    /// Continuous ranked probability score of one value from quantiles: CRPS = 2 integral over p of the pinball loss,
    /// approximated by 2 sum w[i] pinball(y, q[i], p[i]), where w[i] is the stretch of (0, 1) nearer to p[i] than to any
    /// other probability. For p[i] = (i - 1/2)/Q that is (2/Q) sum of the pinball losses. Units of the series; at least
    /// 0, and 0 only when every quantile equals y.
    /// </summary>
    /// <param name="actual">The actual value, y.</param>
    /// <param name="probabilities">Increasing, each in (0, 1), [Q].</param>
    /// <param name="quantiles">The forecast quantile at each probability, [Q].</param>
    /// <exception cref="ModelException">The lengths differ or are zero.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A probability is outside (0, 1) or they do not increase.</exception>
    public static double ContinuousRankedProbabilityScore(
        double actual, ReadOnlySpan<double> probabilities, ReadOnlySpan<double> quantiles)
    {
        PointAccuracy.RequirePairs(probabilities, quantiles);
        var score = 0.0;
        var from = 0.0;
        for (var index = 0; index < probabilities.Length; index++)
        {
            RequireProbability(probabilities[index]);
            if (index > 0)
            {
                ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(
                    probabilities[index], probabilities[index - 1], nameof(probabilities));
            }

            var to = index == probabilities.Length - 1 ? 1 : (probabilities[index] + probabilities[index + 1]) / 2;
            score += (to - from) * Pinball(actual, quantiles[index], probabilities[index]);
            from = to;
        }

        return 2 * score;
    }

    private static double Pinball(double actual, double quantile, double probability)
    {
        var error = actual - quantile;
        return error >= 0 ? probability * error : (probability - 1) * error;
    }

    private static void RequireProbability(double probability)
    {
        if (probability is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(probability), probability, "The probability of a quantile lies between 0 and 1, both excluded.");
        }
    }
}
