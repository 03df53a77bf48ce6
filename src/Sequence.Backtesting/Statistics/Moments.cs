namespace Sequence.Backtesting;

/// <summary>Moments of the entries that are not NaN, in two passes. A constant sample has exactly its value as mean and no spread.</summary>
internal static class Moments
{
    internal static int Count(ReadOnlySpan<double> sample)
    {
        var count = 0;
        foreach (var value in sample)
        {
            count += double.IsNaN(value) ? 0 : 1;
        }

        return count;
    }

    internal static double Mean(ReadOnlySpan<double> sample)
    {
        var (count, sum) = (0, 0.0);
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in sample)
        {
            if (!double.IsNaN(value))
            {
                count++;
                sum += value;
                low = Math.Min(low, value);
                high = Math.Max(high, value);
            }
        }

        // Ten times 0.1 does not sum to 1: without this a constant sample would have a spread of 1e-17 and a huge ratio.
        return count == 0 ? double.NaN : low == high ? low : sum / count;
    }

    /// <summary>Sum of (x - mean)^2 over the count less <paramref name="degreesOfFreedom"/>; NaN when that is not positive.</summary>
    internal static double Variance(ReadOnlySpan<double> sample, int degreesOfFreedom = 1)
    {
        var mean = Mean(sample);
        var (count, sum) = (0, 0.0);
        foreach (var value in sample)
        {
            if (!double.IsNaN(value))
            {
                count++;
                sum += (value - mean) * (value - mean);
            }
        }

        return count <= degreesOfFreedom ? double.NaN : sum / (count - degreesOfFreedom);
    }

    internal static double StandardDeviation(ReadOnlySpan<double> sample) => Math.Sqrt(Variance(sample));

    /// <summary>Central moment of an order, divided by n.</summary>
    internal static double Central(ReadOnlySpan<double> sample, int order)
    {
        var mean = Mean(sample);
        var (count, sum) = (0, 0.0);
        foreach (var value in sample)
        {
            if (!double.IsNaN(value))
            {
                var (deviation, power) = (value - mean, 1.0);
                for (var factor = 0; factor < order; factor++)
                {
                    power *= deviation;
                }

                count++;
                sum += power;
            }
        }

        return sum / count;
    }

    /// <summary>Entries that are not NaN, ascending.</summary>
    internal static double[] Sorted(ReadOnlySpan<double> sample)
    {
        var sorted = Present(sample);
        Array.Sort(sorted);
        return sorted;
    }

    /// <summary>Entries that are not NaN, in their order.</summary>
    internal static double[] Present(ReadOnlySpan<double> sample) => Where(sample, value => !double.IsNaN(value));

    internal static double[] Where(ReadOnlySpan<double> sample, Predicate<double> condition)
    {
        var kept = new List<double>(sample.Length);
        foreach (var value in sample)
        {
            if (condition(value))
            {
                kept.Add(value);
            }
        }

        return [.. kept];
    }

    internal static double Sum(ReadOnlySpan<double> sample)
    {
        var sum = 0.0;
        foreach (var value in sample)
        {
            sum += double.IsNaN(value) ? 0 : value;
        }

        return sum;
    }

    /// <summary>Least squares of y on x: intercept, slope and the squared correlation; NaN where either does not vary.</summary>
    internal static (double Intercept, double Slope, double RSquared) Line(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var (meanX, meanY) = (Mean(x), Mean(y));
        var (xx, xy, yy) = (0.0, 0.0, 0.0);
        for (var index = 0; index < x.Length; index++)
        {
            var (dx, dy) = (x[index] - meanX, y[index] - meanY);
            xx += dx * dx;
            xy += dx * dy;
            yy += dy * dy;
        }

        var slope = xy / xx;
        return (meanY - (slope * meanX), slope, xy / xx * (xy / yy));
    }
}
