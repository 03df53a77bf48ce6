namespace Sequence.Backtesting;

/// <summary>
/// Growth and ratios of a series of simple returns (fractions a period). A is the number of periods a year, always given: there is
/// no hidden 252. NaN is a missing return, left out of means and deviations; it still counts as a period of time in annualised
/// growth, as in empyrical. An infinite return is refused. Empty or too short series give NaN.
/// </summary>
/// <remarks>Rates named riskFreeRate are annual. Subtract a series or a rate a period with <see cref="ReturnSeries.Excess(ReadOnlySpan{double}, double)"/>.</remarks>
public static class ReturnStatistics
{
    /// <summary>prod(1 + r) - 1, a fraction; NaN without returns.</summary>
    public static double TotalReturn(ReadOnlySpan<double> returns)
    {
        StatisticsGuard.Returns(returns);
        return returns.IsEmpty ? double.NaN : Growth(returns) - 1;
    }

    /// <summary>
    /// Compound growth a year by counting periods: (prod(1 + r))^(A / n) - 1, n with missing returns. NaN without returns or when more
    /// than all was lost. empyrical's annual_return, quantstats' cagr. For calendar time see <see cref="CompoundAnnualGrowth"/>.
    /// </summary>
    public static double AnnualReturn(ReadOnlySpan<double> returns, double periodsPerYear)
    {
        Require(returns, periodsPerYear);
        return returns.IsEmpty ? double.NaN : Math.Pow(Growth(returns), periodsPerYear / returns.Length) - 1;
    }

    /// <summary>(1 + mean(r))^A - 1, a fraction a year: what LEAN calls annual performance.</summary>
    public static double MeanReturnCompounded(ReadOnlySpan<double> returns, double periodsPerYear)
    {
        Require(returns, periodsPerYear);
        return Math.Pow(1 + Moments.Mean(returns), periodsPerYear) - 1;
    }

    /// <summary>Geometric mean (prod(1 + r))^(1 / n) - 1, a fraction a period, n with missing returns; NaN without returns.</summary>
    public static double GeometricMean(ReadOnlySpan<double> returns) => AnnualReturn(returns, 1);

    /// <summary>
    /// Compound annual growth rate by calendar: (final / initial)^(1 / y) - 1, y = elapsed days / <paramref name="daysPerYear"/>.
    /// backtesting.py takes 365.25 days, LEAN 365. NaN when no time passed or a worth has no root.
    /// </summary>
    /// <param name="initial">Worth at the start, in cash.</param>
    /// <param name="final">Worth at the end, in cash.</param>
    /// <param name="elapsed">From start to end.</param>
    /// <param name="daysPerYear">Length of a year, days.</param>
    /// <exception cref="ConfigurationException">The year has no positive length.</exception>
    public static double CompoundAnnualGrowth(double initial, double final, TimeSpan elapsed, double daysPerYear = 365.25)
    {
        if (!(daysPerYear > 0))
        {
            throw new ConfigurationException($"daysPerYear is {daysPerYear}; give a positive number of days, such as 365.25.");
        }

        return elapsed <= TimeSpan.Zero ? double.NaN : Math.Pow(final / initial, daysPerYear / elapsed.TotalDays) - 1;
    }

    /// <summary>s(r) sqrt(A), s the standard deviation (n - 1), a fraction a year; NaN for fewer than two returns.</summary>
    public static double Volatility(ReadOnlySpan<double> returns, double periodsPerYear)
    {
        Require(returns, periodsPerYear);
        return Moments.StandardDeviation(returns) * Math.Sqrt(periodsPerYear);
    }

    /// <summary>
    /// sqrt((s^2 + (1 + g)^2)^A - (1 + g)^(2A)), the standard deviation of a year's compounded return when periods are independent;
    /// g the geometric mean, 0 when one return is -100 per cent or worse. backtesting.py.
    /// </summary>
    public static double CompoundedVolatility(ReadOnlySpan<double> returns, double periodsPerYear)
    {
        Require(returns, periodsPerYear);
        var growth = 1 + RuinFreeGeometricMean(returns);
        return Math.Sqrt(
            Math.Pow(Moments.Variance(returns) + (growth * growth), periodsPerYear) - Math.Pow(growth, 2 * periodsPerYear));
    }

    /// <summary>
    /// Sharpe ratio a year. NaN for fewer than two returns or for nothing over nothing; infinite, with the sign of the excess, where
    /// returns do not vary.
    /// </summary>
    /// <param name="returns">Simple returns, fractions a period.</param>
    /// <param name="periodsPerYear">A.</param>
    /// <param name="convention">Which ratio; see the members for their equations.</param>
    /// <param name="riskFreeRate">Annual rate, a fraction.</param>
    /// <exception cref="ConfigurationException">A is not positive, or the rate is not finite.</exception>
    /// <exception cref="Data.DataFormatException">A return is infinite.</exception>
    public static double Sharpe(
        ReadOnlySpan<double> returns, double periodsPerYear, SharpeConvention convention, double riskFreeRate = 0)
    {
        Require(returns, periodsPerYear);
        StatisticsGuard.Finite(riskFreeRate, nameof(riskFreeRate));
        if (returns.Length < 2)
        {
            return double.NaN;
        }

        switch (convention)
        {
            case SharpeConvention.MeanOverStd:
                var excess = ReturnSeries.Excess(returns, ReturnSeries.PerPeriod(riskFreeRate, periodsPerYear));
                return Moments.Mean(excess) / Moments.StandardDeviation(excess) * Math.Sqrt(periodsPerYear);
            case SharpeConvention.Compounded:
                return (CompoundedReturn(returns, periodsPerYear) - riskFreeRate) / CompoundedVolatility(returns, periodsPerYear);
            case SharpeConvention.Lean:
                return (MeanReturnCompounded(returns, periodsPerYear) - riskFreeRate) / Volatility(returns, periodsPerYear);
            default:
                throw new ConfigurationException($"{convention} is not a convention for the Sharpe ratio.");
        }
    }

    /// <summary>
    /// Sortino ratio a year. NaN for fewer than two returns or for nothing over nothing; infinite, with the sign of the excess, where
    /// no return is below the rate.
    /// </summary>
    /// <param name="returns">Simple returns, fractions a period.</param>
    /// <param name="periodsPerYear">A.</param>
    /// <param name="convention">Which ratio; see the members for their equations.</param>
    /// <param name="riskFreeRate">Annual rate, a fraction.</param>
    /// <exception cref="ConfigurationException">A is not positive, or the rate is not finite.</exception>
    /// <exception cref="Data.DataFormatException">A return is infinite.</exception>
    public static double Sortino(
        ReadOnlySpan<double> returns, double periodsPerYear, SortinoConvention convention, double riskFreeRate = 0)
    {
        Require(returns, periodsPerYear);
        StatisticsGuard.Finite(riskFreeRate, nameof(riskFreeRate));
        if (returns.Length < 2)
        {
            return double.NaN;
        }

        switch (convention)
        {
            case SortinoConvention.DownsideDeviation:
                var required = ReturnSeries.PerPeriod(riskFreeRate, periodsPerYear);
                return Moments.Mean(ReturnSeries.Excess(returns, required)) * periodsPerYear
                    / DownsideDeviation(returns, periodsPerYear, required);
            case SortinoConvention.Compounded:
                return (CompoundedReturn(returns, periodsPerYear) - riskFreeRate) / DownsideDeviation(returns, periodsPerYear);
            case SortinoConvention.Lean:
                return (MeanReturnCompounded(returns, periodsPerYear) - riskFreeRate)
                    / Volatility(Moments.Where(returns, value => value < 0), periodsPerYear);
            default:
                throw new ConfigurationException($"{convention} is not a convention for the Sortino ratio.");
        }
    }

    /// <summary>sqrt(mean(min(r - q, 0)^2)) sqrt(A) over all periods, a fraction a year; NaN without returns. empyrical's downside_risk.</summary>
    /// <param name="returns">Simple returns, fractions a period.</param>
    /// <param name="periodsPerYear">A.</param>
    /// <param name="requiredPerPeriod">q, the return a period that is asked for.</param>
    public static double DownsideDeviation(ReadOnlySpan<double> returns, double periodsPerYear, double requiredPerPeriod = 0)
    {
        Require(returns, periodsPerYear);
        var (count, sum) = (0, 0.0);
        foreach (var value in returns)
        {
            if (!double.IsNaN(value))
            {
                var shortfall = Math.Min(value - requiredPerPeriod, 0);
                count++;
                sum += shortfall * shortfall;
            }
        }

        return count == 0 ? double.NaN : Math.Sqrt(sum / count) * Math.Sqrt(periodsPerYear);
    }

    /// <summary>
    /// Annual return over the depth of the deepest drawdown: <see cref="AnnualReturn"/> / |<see cref="DrawdownStatistics.MaximumOfReturns"/>|.
    /// NaN without a drawdown or where growth overflows. Young, "Calmar Ratio: A Smoother Tool", 1991, over the whole series rather than 36 months.
    /// </summary>
    public static double Calmar(ReadOnlySpan<double> returns, double periodsPerYear)
    {
        Require(returns, periodsPerYear);
        var depth = DrawdownStatistics.MaximumOfReturns(returns);
        var ratio = AnnualReturn(returns, periodsPerYear) / -depth;
        return depth < 0 && double.IsFinite(ratio) ? ratio : double.NaN;
    }

    /// <summary>
    /// sum(max(r - q, 0)) / sum(max(q - r, 0)); NaN for fewer than two returns or when none is below q. Keating and Shadwick,
    /// "A Universal Performance Measure", 2002. For an annual q see <see cref="ReturnSeries.PerPeriod"/>.
    /// </summary>
    /// <param name="returns">Simple returns, fractions a period.</param>
    /// <param name="thresholdPerPeriod">q, a fraction a period.</param>
    public static double Omega(ReadOnlySpan<double> returns, double thresholdPerPeriod = 0)
    {
        StatisticsGuard.Returns(returns);
        var (gains, losses) = (0.0, 0.0);
        foreach (var value in returns)
        {
            var excess = value - thresholdPerPeriod;
            gains += excess > 0 ? excess : 0;
            losses -= excess < 0 ? excess : 0;
        }

        return returns.Length >= 2 && losses > 0 ? gains / losses : double.NaN;
    }

    /// <summary>
    /// How straight the growth is: R^2 of the line through the running sum of log(1 + r) over the period's index. NaN for fewer than
    /// two returns or after a loss of everything; 0 where worth never moves. empyrical's stability_of_timeseries.
    /// </summary>
    public static double Stability(ReadOnlySpan<double> returns)
    {
        StatisticsGuard.Returns(returns);
        var present = Moments.Present(returns);
        if (present.Length < 2)
        {
            return double.NaN;
        }

        var (index, worth, sum) = (new double[present.Length], new double[present.Length], 0.0);
        for (var period = 0; period < present.Length; period++)
        {
            sum += Math.Log(1 + present[period]);
            (index[period], worth[period]) = (period, sum);
        }

        return Moments.Variance(worth) == 0 ? 0 : Moments.Line(index, worth).RSquared;
    }

    /// <summary>
    /// Sum of returns over the depth of the deepest drawdown, in absolute value, |sum(r)| / |D|; NaN without a drawdown. quantstats'
    /// recovery factor; returns are not compounded.
    /// </summary>
    public static double RecoveryFactor(ReadOnlySpan<double> returns)
    {
        StatisticsGuard.Returns(returns);
        var depth = DrawdownStatistics.MaximumOfReturns(returns);
        return depth < 0 ? Math.Abs(Moments.Sum(returns)) / -depth : double.NaN;
    }

    /// <summary>
    /// sqrt(1 + 2 sum over k of (n - k) / n c^k), k = 1 .. n - 1, c the absolute lag-one autocorrelation: what autocorrelation takes from
    /// a Sharpe ratio. Divide by it for quantstats' "smart" ratios. NaN for fewer than three returns, or missing ones.
    /// </summary>
    public static double AutocorrelationPenalty(ReadOnlySpan<double> returns)
    {
        StatisticsGuard.Returns(returns);
        var count = returns.Length;
        if (count < 3)
        {
            return double.NaN;
        }

        var correlation = Math.Sqrt(Moments.Line(returns[..^1], returns[1..]).RSquared);
        var (power, sum) = (1.0, 0.0);
        for (var lag = 1; lag < count; lag++)
        {
            power *= correlation;
            sum += (count - lag) / (double)count * power;
        }

        return Math.Sqrt(1 + (2 * sum));
    }

    /// <summary>(1 + g)^A - 1 with g of <see cref="SharpeConvention.Compounded"/>.</summary>
    internal static double CompoundedReturn(ReadOnlySpan<double> returns, double periodsPerYear) =>
        Math.Pow(1 + RuinFreeGeometricMean(returns), periodsPerYear) - 1;

    /// <summary>exp(mean(log(1 + r))) - 1 over the returns that are not missing; 0 when one return is -100 per cent or worse.</summary>
    internal static double RuinFreeGeometricMean(ReadOnlySpan<double> returns)
    {
        var (count, sum) = (0, 0.0);
        foreach (var value in returns)
        {
            if (value <= -1)
            {
                return 0;
            }

            if (!double.IsNaN(value))
            {
                count++;
                sum += Math.Log(1 + value);
            }
        }

        return count == 0 ? double.NaN : Math.Exp(sum / count) - 1;
    }

    private static double Growth(ReadOnlySpan<double> returns)
    {
        var product = 1.0;
        foreach (var value in returns)
        {
            product *= double.IsNaN(value) ? 1 : 1 + value;
        }

        return product;
    }

    private static void Require(ReadOnlySpan<double> returns, double periodsPerYear)
    {
        StatisticsGuard.PeriodsPerYear(periodsPerYear);
        StatisticsGuard.Returns(returns);
    }
}
