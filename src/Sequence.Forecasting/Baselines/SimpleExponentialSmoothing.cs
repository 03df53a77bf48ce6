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

    /// <summary>
    /// The alpha of least error, to six digits: the best of a grid, then of a finer one around it, and so on. The error
    /// can have several valleys, and it must not be looked at outside (0, 1), where the recursion explodes.
    /// </summary>
    internal static double FindAlpha(double[] values)
    {
        const int Cells = 20;
        const int Rounds = 6;
        var least = Smallest;
        var most = 1 - Smallest;
        var best = (Alpha: least, Error: double.PositiveInfinity);
        for (var round = 0; round < Rounds; round++)
        {
            var cell = (most - least) / Cells;
            for (var index = 0; index <= Cells; index++)
            {
                var alpha = least + (index * cell);
                var error = Filter(values, alpha).Error;
                best = error < best.Error ? (alpha, error) : best;
            }

            least = Math.Max(Smallest, best.Alpha - cell);
            most = Math.Min(1 - Smallest, best.Alpha + cell);
        }

        return best.Alpha;
    }
}
