namespace Sequence.Forecasting;

/// <summary>
/// The two-sided two-sample Kolmogorov-Smirnov test: whether two samples come from one distribution.
/// <code>
/// D = max_x |F_n(x) - G_m(x)|
/// </code>
/// with the empirical distributions F of n values and G of m. Equal values in both samples make the p-value too large, never
/// too small; values that depend on their neighbours make it too small, see <see cref="EffectiveSize"/>.
/// </summary>
/// <remarks>
/// Up to n m = 1,000,000 the p-value is counted: of all paths from (0, 0) to (n, m) the share that touches
/// |i/n - j/m| >= D, by b(i, j) = 1 where it is touched, otherwise i/(i+j) b(i-1, j) + j/(i+j) b(i, j-1). Source: Hodges, The
/// significance probability of the Smirnov two-sample test, 1958. Beyond that, Q((s + 0.12 + 0.11/s) D) with s = sqrt(n m / (n + m)) and
/// Kolmogorov's Q(x) = 2 sum_k (-1)^(k-1) exp(-2 k^2 x^2); the correction is that of Stephens, Use of the Kolmogorov-Smirnov,
/// Cramer-von Mises and related statistics without extensive tables, 1970.
/// </remarks>
public static class KolmogorovSmirnov
{
    private const long MostCounted = 1_000_000;

    /// <summary>Tests two samples.</summary>
    /// <param name="first">At least one value, all finite, in any order, [n].</param>
    /// <param name="second">Likewise, [m].</param>
    /// <exception cref="ModelException">A sample is empty, or a value is not finite.</exception>
    public static KolmogorovSmirnovResult Test(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        const string Name = "The Kolmogorov-Smirnov test";
        var (one, other) = (Samples.Sorted(first, Name), Samples.Sorted(second, Name));
        var distance = Distance(one, other);
        var product = (long)one.Length * other.Length;
        var statistic = (double)distance / product;
        return product <= MostCounted
            ? new KolmogorovSmirnovResult(statistic, ShareOfPaths(one.Length, other.Length, distance), true)
            : new KolmogorovSmirnovResult(statistic, PValue(statistic, one.Length, other.Length), false);
    }

    /// <summary>The asymptotic p-value.</summary>
    /// <param name="statistic">Distance of the two empirical distributions, D, in [0, 1].</param>
    /// <param name="first">Size of the first sample, or what it counts for; above 0.</param>
    /// <param name="second">Size of the second sample, or what it counts for; above 0.</param>
    public static double PValue(double statistic, double first, double second)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(first);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(second);
        var root = Math.Sqrt(first * second / (first + second));
        return Kolmogorov((root + 0.12 + (0.11 / root)) * statistic);
    }

    /// <summary>
    /// How many independent values a stretch of a series counts for, n (1 - r) / (1 + r) with its autocorrelation r at lag 1;
    /// at least 1 and at most n. Exact in the limit for a mean over an autoregression of order 1; for the distance of two
    /// distributions an approximation. Source: Wilks, Statistical methods in the atmospheric sciences, 3rd ed. 2011,
    /// section 5.2.4.
    /// </summary>
    /// <param name="stretch">At least one value, all finite, in order of time, [n].</param>
    /// <exception cref="ModelException">There is no value.</exception>
    public static double EffectiveSize(ReadOnlySpan<double> stretch)
    {
        if (stretch.IsEmpty)
        {
            throw new ModelException("The effective size of a stretch needs at least one value; it got none.");
        }

        var mean = 0.0;
        foreach (var value in stretch)
        {
            mean += value / stretch.Length;
        }

        var (variance, covariance) = (0.0, 0.0);
        for (var index = 0; index < stretch.Length; index++)
        {
            var deviation = stretch[index] - mean;
            variance += deviation * deviation;
            covariance += index == 0 ? 0 : deviation * (stretch[index - 1] - mean);
        }

        // A stretch that stands still says one thing, however long.
        var correlation = variance > 0 ? Math.Max(0, covariance / variance) : 1;
        return Math.Max(1, stretch.Length * (1 - correlation) / (1 + correlation));
    }

    /// <summary>Largest |i m - j n|, where i values of the first and j of the second are at or below a value: D n m.</summary>
    private static long Distance(double[] first, double[] second)
    {
        long largest = 0;
        var (i, j) = (0, 0);
        while (i < first.Length && j < second.Length)
        {
            var value = Math.Min(first[i], second[j]);
            while (i < first.Length && first[i] == value)
            {
                i++;
            }

            while (j < second.Length && second[j] == value)
            {
                j++;
            }

            largest = Math.Max(largest, Math.Abs(((long)i * second.Length) - ((long)j * first.Length)));
        }

        return largest;
    }

    private static double ShareOfPaths(int n, int m, long distance)
    {
        var touched = new double[m + 1];
        for (var i = 0; i <= n; i++)
        {
            for (var j = 0; j <= m; j++)
            {
                var isTouched = Math.Abs(((long)i * m) - ((long)j * n)) >= distance;
                touched[j] = isTouched ? 1
                    : i + j == 0 ? 0
                    : ((i * touched[j]) + (j == 0 ? 0 : j * touched[j - 1])) / (i + j);
            }
        }

        return touched[m];
    }

    private static double Kolmogorov(double x)
    {
        if (x <= 0)
        {
            return 1;
        }

        var sum = 0.0;
        if (x < 1)
        {
            // Jacobi's other form of the same sum converges at once where the first does not.
            for (var k = 1; k <= 7; k += 2)
            {
                sum += Math.Exp(-(k * k) * Math.PI * Math.PI / (8 * x * x));
            }

            return Math.Clamp(1 - (Math.Sqrt(2 * Math.PI) / x * sum), 0, 1);
        }

        for (var k = 1; k <= 6; k++)
        {
            sum += (k % 2 == 1 ? 2 : -2) * Math.Exp(-2 * k * k * x * x);
        }

        return sum;
    }
}
