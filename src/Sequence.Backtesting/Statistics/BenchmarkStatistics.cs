namespace Sequence.Backtesting;

/// <summary>
/// Returns against those of a benchmark, both simple returns (fractions a period) of the same periods; align series of different times
/// with <see cref="ReturnSeries.Align"/>. Periods where either is missing (NaN) are left out unless said otherwise; infinite returns
/// and different lengths are refused.
/// </summary>
public static class BenchmarkStatistics
{
    /// <summary>cov(r, b) / var(b) over complete pairs, without unit; NaN for fewer than two periods or where the benchmark does not vary.</summary>
    public static double Beta(ReadOnlySpan<double> returns, ReadOnlySpan<double> benchmark)
    {
        var (own, other) = Pairs(returns, benchmark);
        if (own.Length < 2)
        {
            return double.NaN;
        }

        // empyrical's floor: below it the variance is rounding of a constant.
        return Moments.Central(other, 2) < 1e-30 ? double.NaN : Moments.Line(other, own).Slope;
    }

    /// <summary>
    /// Alpha a year, a fraction; see the convention for the equation. NaN where <see cref="Beta"/> is.
    /// </summary>
    /// <param name="returns">Returns of the strategy.</param>
    /// <param name="benchmark">Returns of the benchmark.</param>
    /// <param name="periodsPerYear">A.</param>
    /// <param name="convention">How it is brought to a year.</param>
    /// <param name="riskFreeRate">Annual rate, a fraction; a period's is (1 + riskFreeRate)^(1/A) - 1.</param>
    public static double Alpha(
        ReadOnlySpan<double> returns,
        ReadOnlySpan<double> benchmark,
        double periodsPerYear,
        AlphaConvention convention,
        double riskFreeRate = 0)
    {
        StatisticsGuard.PeriodsPerYear(periodsPerYear);
        StatisticsGuard.Finite(riskFreeRate, nameof(riskFreeRate));
        var (own, other) = Pairs(returns, benchmark);
        var beta = Beta(own, other);
        var riskFree = ReturnSeries.PerPeriod(riskFreeRate, periodsPerYear);
        var residual = new double[own.Length];
        for (var index = 0; index < residual.Length; index++)
        {
            residual[index] = own[index] - riskFree - (beta * (other[index] - riskFree));
        }

        return convention switch
        {
            AlphaConvention.Compounded => Math.Pow(1 + Moments.Mean(residual), periodsPerYear) - 1,
            AlphaConvention.Arithmetic => periodsPerYear * Moments.Mean(residual),
            AlphaConvention.Lean => ReturnStatistics.MeanReturnCompounded(own, periodsPerYear) - riskFreeRate
                - (beta * (ReturnStatistics.MeanReturnCompounded(other, periodsPerYear) - riskFreeRate)),
            _ => throw new ConfigurationException($"{convention} is not a convention for alpha."),
        };
    }

    /// <summary>
    /// mean(r - b) / s(r - b) sqrt(A), s with n - 1: with A = 1 empyrical's excess_sharpe and quantstats' information ratio, which are not
    /// annualised. NaN for fewer than two periods or equal series; infinite for a constant difference. Grinold and Kahn, "Active
    /// Portfolio Management", 2000.
    /// </summary>
    public static double InformationRatio(ReadOnlySpan<double> returns, ReadOnlySpan<double> benchmark, double periodsPerYear)
    {
        StatisticsGuard.PeriodsPerYear(periodsPerYear);
        var (own, other) = Pairs(returns, benchmark);
        return ReturnStatistics.Sharpe(ReturnSeries.Excess(own, other), periodsPerYear, SharpeConvention.MeanOverStd);
    }

    /// <summary>s(r - b) sqrt(A), s with n - 1, a fraction a year; NaN for fewer than two periods.</summary>
    public static double TrackingError(ReadOnlySpan<double> returns, ReadOnlySpan<double> benchmark, double periodsPerYear)
    {
        StatisticsGuard.PeriodsPerYear(periodsPerYear);
        var (own, other) = Pairs(returns, benchmark);
        return ReturnStatistics.Volatility(ReturnSeries.Excess(own, other), periodsPerYear);
    }

    /// <summary>Squared correlation of complete pairs, from 0 to 1; NaN for fewer than two or where either does not vary.</summary>
    public static double RSquared(ReadOnlySpan<double> returns, ReadOnlySpan<double> benchmark)
    {
        var (own, other) = Pairs(returns, benchmark);
        return own.Length < 2 ? double.NaN : Moments.Line(other, own).RSquared;
    }

    /// <summary>
    /// (prod(1 + r) - 1 - riskFreeRate) / beta, a fraction of the whole span, not of a year; NaN where beta is. quantstats' Treynor ratio.
    /// </summary>
    public static double Treynor(ReadOnlySpan<double> returns, ReadOnlySpan<double> benchmark, double riskFreeRate = 0)
    {
        StatisticsGuard.Finite(riskFreeRate, nameof(riskFreeRate));
        return (ReturnStatistics.TotalReturn(returns) - riskFreeRate) / Beta(returns, benchmark);
    }

    /// <summary>
    /// Annual return over the benchmark's annual return (<see cref="ReturnStatistics.AnnualReturn"/> of each with its own length),
    /// without unit; NaN without returns.
    /// </summary>
    public static double Capture(ReadOnlySpan<double> returns, ReadOnlySpan<double> benchmark, double periodsPerYear) =>
        ReturnStatistics.AnnualReturn(returns, periodsPerYear) / ReturnStatistics.AnnualReturn(benchmark, periodsPerYear);

    /// <summary><see cref="Capture"/> over the periods in which the benchmark rose; NaN without one.</summary>
    public static double UpCapture(ReadOnlySpan<double> returns, ReadOnlySpan<double> benchmark, double periodsPerYear) =>
        CaptureWhere(returns, benchmark, periodsPerYear, value => value > 0);

    /// <summary><see cref="Capture"/> over the periods in which the benchmark fell; NaN without one.</summary>
    public static double DownCapture(ReadOnlySpan<double> returns, ReadOnlySpan<double> benchmark, double periodsPerYear) =>
        CaptureWhere(returns, benchmark, periodsPerYear, value => value < 0);

    /// <summary><see cref="UpCapture"/> over <see cref="DownCapture"/>, without unit.</summary>
    public static double UpDownCapture(ReadOnlySpan<double> returns, ReadOnlySpan<double> benchmark, double periodsPerYear) =>
        UpCapture(returns, benchmark, periodsPerYear) / DownCapture(returns, benchmark, periodsPerYear);

    /// <summary>
    /// Whether losses grow faster than the benchmark's moves: with pairs ordered by the benchmark, the return at its lowest and its highest,
    /// each weighted by its distance in benchmark from the middle pair (index n / 2 rounded half to even), less the return at the middle.
    /// Negative is fragile. NaN for fewer than three complete pairs. Taleb et al., "A New Heuristic Measure of Fragility and Tail Risks",
    /// 2012; empyrical's beta_fragility_heuristic.
    /// </summary>
    public static double BetaFragility(ReadOnlySpan<double> returns, ReadOnlySpan<double> benchmark)
    {
        var (own, other) = Pairs(returns, benchmark);
        if (own.Length < 3)
        {
            return double.NaN;
        }

        var order = Enumerable.Range(0, own.Length).OrderBy(index => other[index]).ToArray();
        var (low, middle, high) = (order[0], order[(int)Math.Round(own.Length / 2.0, MidpointRounding.ToEven)], order[^1]);
        var range = other[high] - other[low];
        var (lowWeight, highWeight) = range == 0
            ? (0.5, 0.5)
            : ((other[middle] - other[low]) / range, (other[high] - other[middle]) / range);
        return (lowWeight * own[low]) + (highWeight * own[high]) - own[middle];
    }

    private static double CaptureWhere(
        ReadOnlySpan<double> returns, ReadOnlySpan<double> benchmark, double periodsPerYear, Predicate<double> condition)
    {
        StatisticsGuard.SameLength(returns, benchmark, "the benchmark");
        var (own, other) = (new List<double>(), new List<double>());
        for (var index = 0; index < benchmark.Length; index++)
        {
            if (condition(benchmark[index]))
            {
                own.Add(returns[index]);
                other.Add(benchmark[index]);
            }
        }

        return Capture(own.ToArray(), other.ToArray(), periodsPerYear);
    }

    private static (double[] Own, double[] Other) Pairs(ReadOnlySpan<double> returns, ReadOnlySpan<double> benchmark)
    {
        StatisticsGuard.SameLength(returns, benchmark, "the benchmark");
        StatisticsGuard.Returns(returns);
        StatisticsGuard.Returns(benchmark, "benchmark");
        var (own, other) = (new List<double>(returns.Length), new List<double>(returns.Length));
        for (var index = 0; index < returns.Length; index++)
        {
            if (!double.IsNaN(returns[index]) && !double.IsNaN(benchmark[index]))
            {
                own.Add(returns[index]);
                other.Add(benchmark[index]);
            }
        }

        return (own.ToArray(), other.ToArray());
    }
}
