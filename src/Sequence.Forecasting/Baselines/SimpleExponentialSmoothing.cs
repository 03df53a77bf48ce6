using MathNet.Numerics.Optimization;

namespace Sequence.Forecasting;

/// <summary>
/// Simple exponential smoothing, l[t] = alpha y[t] + (1 - alpha) l[t-1], with the initial level that minimises the sum
/// of squared one-step errors. The errors are linear in that level, e[t] = e0[t] - (1 - alpha)^(t-1) l[0], so it is a
/// regression through the origin and only alpha needs a search.
/// </summary>
internal static class SimpleExponentialSmoothing
{
    private const double Smallest = 1e-4;

    /// <summary>The last level and the sum of squared one-step errors.</summary>
    internal static (double Level, double Error) Filter(ReadOnlySpan<double> values, double alpha)
    {
        var level = 0.0;
        var weight = 1.0;
        var products = 0.0;
        var weights = 0.0;
        var squares = 0.0;

        // Measured from the first value, so that a distant zero costs no digits.
        var reference = values[0];
        foreach (var value in values)
        {
            var error = value - reference - level;
            products += weight * error;
            weights += weight * weight;
            squares += error * error;
            level += alpha * error;
            weight *= 1 - alpha;
        }

        var initial = products / weights;
        return (reference + level + (weight * initial), Math.Max(0, squares - (products * initial)));
    }

    /// <summary>The alpha of least error: the best of a grid, then a golden section around it.</summary>
    internal static double FindAlpha(double[] values)
    {
        const int Cells = 20;
        var best = 0;
        var leastError = double.PositiveInfinity;
        for (var index = 0; index <= Cells; index++)
        {
            var error = Filter(values, GridPoint(index)).Error;
            if (error < leastError)
            {
                best = index;
                leastError = error;
            }
        }

        var objective = ObjectiveFunction.ScalarValue(alpha => Filter(values, alpha).Error);
        return GoldenSectionMinimizer.Minimum(
            objective, GridPoint(Math.Max(0, best - 1)), GridPoint(Math.Min(Cells, best + 1)), 1e-6, maxIterations: 200).MinimizingPoint;

        static double GridPoint(int index) => Smallest + ((1 - (2 * Smallest)) * index / Cells);
    }
}
