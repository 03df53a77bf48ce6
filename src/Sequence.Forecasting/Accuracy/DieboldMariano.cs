using MathNet.Numerics.Distributions;

namespace Sequence.Forecasting;

/// <summary>
/// The Diebold-Mariano test of equal accuracy with the small-sample correction of Harvey, Leybourne and Newbold.
/// </summary>
/// <remarks>
/// With d[t] = L(e1[t]) - L(e2[t]), n of them, and g[k] their autocovariance at lag k (divided by n):
/// <code>
/// V  = (g[0] + 2 sum over k = 1..h-1 of g[k]) / n
/// DM = mean(d) / sqrt(V) * sqrt((n + 1 - 2h + h (h - 1) / n) / n)
/// </code>
/// compared with Student's t of n - 1 degrees of freedom. V can come out negative for h above 1; then, like dm.test of
/// the R package forecast, the test is repeated with h = 1. Sources: Diebold and Mariano, Comparing predictive accuracy,
/// 1995; Harvey, Leybourne and Newbold, Testing the equality of prediction mean squared errors, 1997.
/// </remarks>
public static class DieboldMariano
{
    /// <summary>Tests whether two forecasters lose the same on average.</summary>
    /// <param name="firstErrors">Errors of the first forecaster in order of time, [n].</param>
    /// <param name="secondErrors">Errors of the second on the same targets, [n].</param>
    /// <param name="horizon">Steps ahead these errors were made, h; at least 1 and below n.</param>
    /// <param name="loss">What an error costs.</param>
    /// <exception cref="ModelException">The lengths differ, there are fewer than 2, or an error is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The horizon is below 1 or not below n.</exception>
    public static DieboldMarianoResult Test(
        ReadOnlySpan<double> firstErrors,
        ReadOnlySpan<double> secondErrors,
        int horizon = 1,
        ForecastLoss loss = ForecastLoss.Squared)
    {
        if (firstErrors.Length != secondErrors.Length || firstErrors.Length < 2)
        {
            throw new ModelException(
                $"The Diebold-Mariano test needs two equally long lists of at least 2 errors; " +
                $"it got [{firstErrors.Length}] and [{secondErrors.Length}].");
        }

        var count = firstErrors.Length;
        ArgumentOutOfRangeException.ThrowIfLessThan(horizon, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(horizon, count);
        var differences = new double[count];
        var mean = 0.0;
        for (var index = 0; index < count; index++)
        {
            differences[index] = Cost(firstErrors[index], loss) - Cost(secondErrors[index], loss);
            if (!double.IsFinite(differences[index]))
            {
                throw new ModelException($"The Diebold-Mariano test got an error that is not finite at index {index}.");
            }

            mean += differences[index] / count;
        }

        var lags = horizon - 1;
        var variance = LongRunVariance(differences, mean, lags);
        if (variance <= 0 && lags > 0)
        {
            lags = 0;
            variance = LongRunVariance(differences, mean, lags);
        }

        // Equal losses or a constant difference leave rounding noise where the variance should be zero.
        var size = differences.Max(Math.Abs);
        if (variance <= 1e-28 * size * size)
        {
            var isEqual = Math.Abs(mean) <= 1e-14 * size;
            var sign = isEqual ? 0 : Math.Sign(mean);
            return new DieboldMarianoResult(
                sign == 0 ? 0 : sign * double.PositiveInfinity, sign == 0 ? 1 : 0, mean, count, lags);
        }

        double steps = lags + 1;
        var correction = (count + 1 - (2 * steps) + (steps * (steps - 1) / count)) / count;
        var statistic = mean / Math.Sqrt(variance / count) * Math.Sqrt(correction);
        var pValue = 2 * StudentT.CDF(0, 1, count - 1, -Math.Abs(statistic));
        return new DieboldMarianoResult(statistic, pValue, mean, count, lags);
    }

    private static double Cost(double error, ForecastLoss loss) =>
        loss == ForecastLoss.Squared ? error * error : Math.Abs(error);

    private static double LongRunVariance(double[] differences, double mean, int lags)
    {
        var variance = 0.0;
        for (var lag = 0; lag <= lags; lag++)
        {
            var covariance = 0.0;
            for (var index = lag; index < differences.Length; index++)
            {
                covariance += (differences[index] - mean) * (differences[index - lag] - mean);
            }

            variance += (lag == 0 ? 1 : 2) * covariance / differences.Length;
        }

        return variance;
    }
}
