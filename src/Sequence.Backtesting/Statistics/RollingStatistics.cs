namespace Sequence.Backtesting;

/// <summary>Statistics of a window that slides over returns (fractions a period), in time proportional to the returns for any window.</summary>
public static class RollingStatistics
{
    /// <summary>
    /// mean / s sqrt(A) of the last w returns, s with w - 1: <see cref="SharpeConvention.MeanOverStd"/> at a rate of zero. NaN before the
    /// first full window, in windows with a missing return (NaN) and for nothing over nothing; infinite where returns are equal.
    /// </summary>
    /// <param name="returns">Simple returns, fractions a period.</param>
    /// <param name="window">w, at least 2.</param>
    /// <param name="periodsPerYear">A.</param>
    /// <returns>One value for each return, for the window that ends with it.</returns>
    /// <exception cref="ConfigurationException">The window is shorter than 2 or A is not positive.</exception>
    /// <exception cref="Data.DataFormatException">A return is infinite.</exception>
    public static double[] Sharpe(ReadOnlySpan<double> returns, int window, double periodsPerYear)
    {
        if (window < 2)
        {
            throw new ConfigurationException($"window is {window}; give at least 2 periods.");
        }

        StatisticsGuard.PeriodsPerYear(periodsPerYear);
        StatisticsGuard.Returns(returns);
        var rolling = new double[returns.Length];
        Array.Fill(rolling, double.NaN);
        var (mean, squares, sinceFresh) = (0.0, 0.0, window);
        var (present, equal) = (0, 0);
        for (var end = 0; end < returns.Length; end++)
        {
            present = double.IsNaN(returns[end]) ? 0 : present + 1;
            equal = end > 0 && returns[end] == returns[end - 1] ? equal + 1 : 1;
            sinceFresh++;
            if (present < window)
            {
                sinceFresh = window;
                continue;
            }

            // Adding and taking away gathers rounding, so a window is summed afresh once in its own length.
            if (sinceFresh >= window)
            {
                var fresh = returns.Slice(end - window + 1, window);
                (mean, squares, sinceFresh) = (Moments.Mean(fresh), Moments.Variance(fresh) * (window - 1), 0);
            }
            else
            {
                var (entering, leaving, before) = (returns[end], returns[end - window], mean);
                mean += (entering - leaving) / window;
                squares += (entering - leaving) * (entering - mean + leaving - before);
            }

            var deviation = equal >= window ? 0 : Math.Sqrt(Math.Max(squares, 0) / (window - 1));
            rolling[end] = (equal >= window ? returns[end] : mean) / deviation * Math.Sqrt(periodsPerYear);
        }

        return rolling;
    }
}
