namespace Sequence.Backtesting;

/// <summary>
/// The account of a backtest in one record, under usual definitions. r are simple returns bar to bar, A the periods a year, fractions are
/// not in per cent. Undefined is NaN, or null for a duration.
/// </summary>
public sealed record PerformanceSummary
{
    private const double Tail = 0.05;
    private const double Confidence = 0.95;

    /// <summary>Time of the first bar.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>Time of the last bar.</summary>
    public required DateTimeOffset End { get; init; }

    /// <summary>Number of bars.</summary>
    public required int Bars { get; init; }

    /// <summary>A, as given or inferred; NaN for a single bar without one given.</summary>
    public required double PeriodsPerYear { get; init; }

    /// <summary>Worth at the first bar, in cash.</summary>
    public required double InitialEquity { get; init; }

    /// <summary>Worth at the last bar, in cash.</summary>
    public required double FinalEquity { get; init; }

    /// <summary>Final over initial worth less 1, a fraction.</summary>
    public required double TotalReturn { get; init; }

    /// <summary>(final / initial)^(365.25 / days) - 1, a fraction a year by calendar (<see cref="ReturnStatistics.CompoundAnnualGrowth"/>).</summary>
    public required double CompoundAnnualGrowth { get; init; }

    /// <summary>s(r) sqrt(A), a fraction a year.</summary>
    public required double Volatility { get; init; }

    /// <summary>Sharpe ratio a year by the convention chosen.</summary>
    public required double Sharpe { get; init; }

    /// <summary>Sortino ratio a year by the convention chosen.</summary>
    public required double Sortino { get; init; }

    /// <summary>Compound annual growth over |maximum drawdown|; NaN without a drawdown.</summary>
    public required double Calmar { get; init; }

    /// <summary>Gains over losses about the risk-free return a period (<see cref="ReturnStatistics.Omega"/>).</summary>
    public required double Omega { get; init; }

    /// <summary>Deepest drawdown, a fraction of at most 0.</summary>
    public required double MaxDrawdown { get; init; }

    /// <summary>Longest drawdown from peak to recovery, or to the end; null without one.</summary>
    public required TimeSpan? MaxDrawdownDuration { get; init; }

    /// <summary>Mean depth of drawdown episodes, a fraction of at most 0; NaN without one.</summary>
    public required double AverageDrawdown { get; init; }

    /// <summary>Ulcer index (<see cref="UlcerConvention.Martin"/>), a fraction.</summary>
    public required double UlcerIndex { get; init; }

    /// <summary>Historical 95 per cent value at risk of a bar, a fraction, negative for a loss.</summary>
    public required double ValueAtRisk { get; init; }

    /// <summary>Historical 95 per cent conditional value at risk of a bar, a fraction, negative for a loss.</summary>
    public required double ConditionalValueAtRisk { get; init; }

    /// <summary>95th over 5th percentile in absolute value.</summary>
    public required double TailRatio { get; init; }

    /// <summary>R^2 of the line through log worth.</summary>
    public required double Stability { get; init; }

    /// <summary>Skewness of r (<see cref="SkewnessConvention.Population"/>).</summary>
    public required double Skewness { get; init; }

    /// <summary>Kurtosis of r, 3 for a normal distribution (<see cref="KurtosisConvention.Population"/>).</summary>
    public required double Kurtosis { get; init; }

    /// <summary>Probability that the true ratio of excess returns is above zero (<see cref="SharpeInference.Probabilistic(ReadOnlySpan{double}, double)"/>).</summary>
    public required double ProbabilisticSharpe { get; init; }

    /// <summary>Bars before the ratio is above zero at 95 per cent; NaN where it is not above zero.</summary>
    public required double MinimumTrackRecordLength { get; init; }

    /// <summary>Number of closed trades.</summary>
    public required int Trades { get; init; }

    /// <summary>Trades with profit over all, a fraction.</summary>
    public required double WinRate { get; init; }

    /// <summary>Gains over losses of trades in cash.</summary>
    public required double ProfitFactor { get; init; }

    /// <summary>Mean profit of a trade, in cash.</summary>
    public required double Expectancy { get; init; }

    /// <summary>System quality number (<see cref="TradeStatistics.SystemQualityNumber"/>).</summary>
    public required double SystemQualityNumber { get; init; }

    /// <summary>Kelly's fraction of capital (<see cref="TradeStatistics.Kelly"/>).</summary>
    public required double Kelly { get; init; }

    /// <summary>Share of bars within a closed trade, a fraction.</summary>
    public required double Exposure { get; init; }

    /// <summary>Times a year that the mean worth was bought and sold (<see cref="ActivityStatistics.Turnover"/>).</summary>
    public required double Turnover { get; init; }

    /// <summary>Commissions of closed trades, in cash.</summary>
    public required double Commissions { get; init; }

    /// <summary>Alpha a year (<see cref="AlphaConvention.Compounded"/>), a fraction; null without a benchmark.</summary>
    public required double? Alpha { get; init; }

    /// <summary>cov / var of returns with the benchmark's; null without one.</summary>
    public required double? Beta { get; init; }

    /// <summary>Information ratio a year; null without a benchmark.</summary>
    public required double? InformationRatio { get; init; }

    /// <summary>Computes the account.</summary>
    /// <param name="equity">Worth at each bar.</param>
    /// <param name="trades">Closed trades.</param>
    /// <param name="options">Conventions; null for the defaults.</param>
    /// <exception cref="ConfigurationException">An option cannot be used; all faults at once.</exception>
    public static PerformanceSummary Of(
        EquityCurve equity, IReadOnlyList<ClosedTrade> trades, PerformanceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(equity);
        ArgumentNullException.ThrowIfNull(trades);
        options ??= new PerformanceOptions();
        ConfigurationException.ThrowIfAny(options.Faults());
        var times = equity.Times.Span;
        var worth = equity.Values.Span;
        var returns = equity.Returns();
        var periodsPerYear = options.PeriodsPerYear ?? Periodicity.PeriodsPerYear(times);

        // A single bar has no period, and no return that one would be used on.
        var annual = double.IsNaN(periodsPerYear) ? 1 : periodsPerYear;
        var riskFree = ReturnSeries.PerPeriod(options.RiskFreeRate, annual);
        var excess = ReturnSeries.Excess(returns, riskFree);
        var growth = ReturnStatistics.CompoundAnnualGrowth(worth[0], worth[^1], times[^1] - times[0]);
        var drawdown = DrawdownStatistics.Series(worth);
        var depth = drawdown.Min();
        var episodes = DrawdownStatistics.Episodes(equity);
        var (own, benchmark) = Common(equity, options.Benchmark);
        var compared = options.Benchmark is not null;
        return new PerformanceSummary
        {
            Start = times[0],
            End = times[^1],
            Bars = worth.Length,
            PeriodsPerYear = periodsPerYear,
            InitialEquity = worth[0],
            FinalEquity = worth[^1],
            TotalReturn = (worth[^1] / worth[0]) - 1,
            CompoundAnnualGrowth = growth,
            Volatility = ReturnStatistics.Volatility(returns, annual),
            Sharpe = ReturnStatistics.Sharpe(returns, annual, options.SharpeConvention, options.RiskFreeRate),
            Sortino = ReturnStatistics.Sortino(returns, annual, options.SortinoConvention, options.RiskFreeRate),
            Calmar = depth < 0 ? growth / -depth : double.NaN,
            Omega = ReturnStatistics.Omega(returns, riskFree),
            MaxDrawdown = depth,
            MaxDrawdownDuration = DrawdownStatistics.LongestDuration(episodes),
            AverageDrawdown = DrawdownStatistics.AverageDepth(episodes),
            UlcerIndex = DrawdownStatistics.UlcerIndex(drawdown, UlcerConvention.Martin),
            ValueAtRisk = DistributionStatistics.ValueAtRisk(returns, TailRiskConvention.Historical, Tail),
            ConditionalValueAtRisk = DistributionStatistics.ConditionalValueAtRisk(returns, TailRiskConvention.Historical, Tail),
            TailRatio = DistributionStatistics.TailRatio(returns, Tail),
            Stability = ReturnStatistics.Stability(returns),
            Skewness = DistributionStatistics.Skewness(returns, SkewnessConvention.Population),
            Kurtosis = DistributionStatistics.Kurtosis(returns, KurtosisConvention.Population),
            ProbabilisticSharpe = SharpeInference.Probabilistic(excess, 0),
            MinimumTrackRecordLength = SharpeInference.PerPeriod(excess) > 0
                ? SharpeInference.MinimumTrackRecordLength(excess, 0, Confidence)
                : double.NaN,
            Trades = trades.Count,
            WinRate = TradeStatistics.WinRate(trades),
            ProfitFactor = TradeStatistics.ProfitFactor(trades, TradeBasis.Cash),
            Expectancy = TradeStatistics.Expectancy(trades, ExpectancyConvention.MeanCash),
            SystemQualityNumber = TradeStatistics.SystemQualityNumber(trades),
            Kelly = TradeStatistics.Kelly(trades),
            Exposure = ActivityStatistics.TimeInMarket(trades, worth.Length),
            Turnover = ActivityStatistics.Turnover(trades, equity),
            Commissions = TradeStatistics.Commissions(trades),
            Alpha = compared
                ? BenchmarkStatistics.Alpha(own, benchmark, annual, AlphaConvention.Compounded, options.RiskFreeRate)
                : null,
            Beta = compared ? BenchmarkStatistics.Beta(own, benchmark) : null,
            InformationRatio = compared ? BenchmarkStatistics.InformationRatio(own, benchmark, annual) : null,
        };
    }

    /// <summary>Returns of both curves between the times they share.</summary>
    private static (double[] Own, double[] Benchmark) Common(EquityCurve equity, EquityCurve? benchmark)
    {
        if (benchmark is null)
        {
            return ([], []);
        }

        var (own, other) = ReturnSeries.Align(equity.Times.Span, equity.Values.Span, benchmark.Times.Span, benchmark.Values.Span);
        var shared = Enumerable.Range(0, own.Length).Where(index => !double.IsNaN(own[index]) && !double.IsNaN(other[index])).ToArray();
        return (
            Changes([.. shared.Select(index => own[index])]),
            Changes([.. shared.Select(index => other[index])]));
    }

    /// <summary>As <see cref="EquityCurve.Returns"/>: from zero worth there is no return.</summary>
    private static double[] Changes(double[] worth) =>
        [.. worth.Skip(1).Zip(worth, (after, before) => before == 0 ? 0 : (after / before) - 1)];
}
