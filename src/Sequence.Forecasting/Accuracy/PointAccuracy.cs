using System.Numerics.Tensors;

namespace Sequence.Forecasting;

/// <summary>
/// Measures of point forecasts. In the formulas y is an actual value, f its forecast, n their number. All are in the
/// order (actual, forecast); lower is better unless said otherwise.
/// </summary>
/// <remarks>Sources: Hyndman and Koehler, Another look at measures of forecast accuracy, 2006; Makridakis et al., The
/// M4 Competition, 2020; The M5 Accuracy competition, 2022.</remarks>
public static class PointAccuracy
{
    /// <summary>Mean absolute error, (1/n) sum |y - f|; units of the series.</summary>
    /// <exception cref="ModelException">The lengths differ or are zero. So for every measure of this class.</exception>
    public static double MeanAbsoluteError(ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast)
    {
        RequirePairs(actual, forecast);
        var sum = 0.0;
        for (var index = 0; index < actual.Length; index++)
        {
            sum += Math.Abs(actual[index] - forecast[index]);
        }

        return sum / actual.Length;
    }

    /// <summary>Root mean squared error, sqrt((1/n) sum (y - f)^2); units of the series.</summary>
    public static double RootMeanSquaredError(ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast)
    {
        RequirePairs(actual, forecast);
        return TensorPrimitives.Distance(actual, forecast) / Math.Sqrt(actual.Length);
    }

    /// <summary>Mean error or bias, (1/n) sum (f - y): positive when forecasts are too high; zero is best.</summary>
    public static double MeanError(ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast)
    {
        RequirePairs(actual, forecast);
        return (TensorPrimitives.Sum(forecast) - TensorPrimitives.Sum(actual)) / actual.Length;
    }

    /// <summary>
    /// Mean absolute percentage error, (100/n) sum |y - f| / |y|; percent. NaN when an actual value is zero, where the
    /// measure is undefined.
    /// </summary>
    public static double MeanAbsolutePercentageError(ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast)
    {
        RequirePairs(actual, forecast);
        var sum = 0.0;
        for (var index = 0; index < actual.Length; index++)
        {
            if (actual[index] == 0)
            {
                return double.NaN;
            }

            sum += Math.Abs((actual[index] - forecast[index]) / actual[index]);
        }

        return 100 * sum / actual.Length;
    }

    /// <summary>
    /// Symmetric mean absolute percentage error of the M4 competition, (200/n) sum |y - f| / (|y| + |f|); percent, in
    /// [0, 200]. A pair of zeros counts as no error.
    /// </summary>
    public static double SymmetricMeanAbsolutePercentageError(ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast)
    {
        RequirePairs(actual, forecast);
        var sum = 0.0;
        for (var index = 0; index < actual.Length; index++)
        {
            var size = Math.Abs(actual[index]) + Math.Abs(forecast[index]);
            sum += size == 0 ? 0 : Math.Abs(actual[index] - forecast[index]) / size;
        }

        return 200 * sum / actual.Length;
    }

    /// <summary>
    /// Mean absolute scaled error: the mean absolute error divided by <see cref="SeasonalAbsoluteScale"/> of the training
    /// series. Below 1 beats the in-sample seasonal naive. NaN when the scale is zero or undefined.
    /// </summary>
    /// <param name="actual">Actual values, [n].</param>
    /// <param name="forecast">Forecasts, [n].</param>
    /// <param name="training">The series up to the origin.</param>
    /// <param name="period">Rows in a season, m; 1 for none.</param>
    public static double MeanAbsoluteScaledError(
        ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast, ReadOnlySpan<double> training, int period) =>
        Scaled(MeanAbsoluteError(actual, forecast), SeasonalAbsoluteScale(training, period));

    /// <summary>
    /// Root mean squared scaled error: the root mean squared error divided by the square root of
    /// <see cref="SeasonalSquaredScale"/> of the training series. NaN when the scale is zero or undefined.
    /// </summary>
    /// <param name="actual">Actual values, [n].</param>
    /// <param name="forecast">Forecasts, [n].</param>
    /// <param name="training">The series up to the origin.</param>
    /// <param name="period">Rows in a season, m; 1 for none.</param>
    public static double RootMeanSquaredScaledError(
        ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast, ReadOnlySpan<double> training, int period) =>
        Scaled(RootMeanSquaredError(actual, forecast), Math.Sqrt(SeasonalSquaredScale(training, period)));

    /// <summary>
    /// The denominator of the scaled absolute error: the mean of |x[t] - x[t-m]|, t = m+1..N. Zero for a constant (or
    /// exactly periodic) series, NaN when N is not above m.
    /// </summary>
    /// <param name="training">The series up to the origin, x, [N].</param>
    /// <param name="period">Rows in a season, m; at least 1.</param>
    public static double SeasonalAbsoluteScale(ReadOnlySpan<double> training, int period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, 1);
        return training.Length <= period ? double.NaN : MeanAbsoluteError(training[period..], training[..^period]);
    }

    /// <summary>
    /// The denominator of the scaled squared error: the mean of (x[t] - x[t-m])^2, t = m+1..N. Zero for a constant (or
    /// exactly periodic) series, NaN when N is not above m.
    /// </summary>
    /// <param name="training">The series up to the origin, x, [N].</param>
    /// <param name="period">Rows in a season, m; at least 1.</param>
    public static double SeasonalSquaredScale(ReadOnlySpan<double> training, int period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, 1);
        if (training.Length <= period)
        {
            return double.NaN;
        }

        var root = RootMeanSquaredError(training[period..], training[..^period]);
        return root * root;
    }

    /// <summary>
    /// Directional accuracy: the share, in [0, 1], of moves away from the value at the origin whose sign was forecast,
    /// sign(f - y0) = sign(y - y0). Higher is better. Actual values that did not move are left out; a forecast of no move
    /// is a miss, so persistence scores 0. NaN when nothing moved.
    /// </summary>
    /// <param name="actual">Actual values, [n].</param>
    /// <param name="forecast">Forecasts, [n].</param>
    /// <param name="atOrigin">The value y0 at the origin of each forecast, [n].</param>
    public static double DirectionalAccuracy(
        ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast, ReadOnlySpan<double> atOrigin)
    {
        RequirePairs(actual, forecast);
        RequirePairs(actual, atOrigin);
        var moves = 0;
        var hits = 0;
        for (var index = 0; index < actual.Length; index++)
        {
            var move = actual[index].CompareTo(atOrigin[index]);
            if (move != 0)
            {
                moves++;
                hits += forecast[index].CompareTo(atOrigin[index]) == move ? 1 : 0;
            }
        }

        return moves == 0 ? double.NaN : (double)hits / moves;
    }

    internal static void RequirePairs(ReadOnlySpan<double> actual, ReadOnlySpan<double> other)
    {
        if (actual.Length != other.Length || actual.IsEmpty)
        {
            throw new ModelException(
                $"An accuracy measure needs as many actual values as forecasts, and at least one; " +
                $"it got [{actual.Length}] and [{other.Length}].");
        }
    }

    private static double Scaled(double error, double scale) => scale > 0 ? error / scale : double.NaN;
}
