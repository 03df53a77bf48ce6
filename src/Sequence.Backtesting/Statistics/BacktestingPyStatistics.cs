using Sequence.Data;

namespace Sequence.Backtesting;

/// <summary>
/// The statistics of the Python package backtesting.py, under its definitions, for comparison with its numbers. Where a definition is odd
/// (percent-based profit factor, alpha of the whole span, compounded Sharpe ratio), <see cref="PerformanceSummary"/> has the usual one.
/// Values in per cent are in per cent here. Undefined is NaN, or null for a duration.
/// </summary>
/// <remarks>
/// Daily returns are those of the last worth of each calendar day (of each week, month or year where the median step of the last hundred
/// bars is 7, 31 or 365 days), g their geometric mean and s their standard deviation. A is 52, 12 or 1 for those, else 365 where more than
/// 0.6 of two sevenths of the bars lie at weekends and 252 where not.
/// </remarks>
public sealed record BacktestingPyStatistics
{
    /// <summary>Bars whose median step counts.</summary>
    private const int StepBars = 100;

    /// <summary>Time of the first bar.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>Time of the last bar.</summary>
    public required DateTimeOffset End { get; init; }

    /// <summary>End - start.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Share of bars within a closed trade, entry and exit included, per cent.</summary>
    public required double ExposureTime { get; init; }

    /// <summary>Worth at the last bar, in cash.</summary>
    public required double EquityFinal { get; init; }

    /// <summary>Highest worth, in cash.</summary>
    public required double EquityPeak { get; init; }

    /// <summary>Commissions of closed trades, in cash.</summary>
    public required double Commissions { get; init; }

    /// <summary>E[last] / E[0] - 1, per cent.</summary>
    public required double Return { get; init; }

    /// <summary>C[last] / C[w] - 1 with w the warm-up bar, per cent.</summary>
    public required double BuyAndHoldReturn { get; init; }

    /// <summary>(1 + g)^A - 1, per cent; 0 when one day lost everything.</summary>
    public required double AnnualReturn { get; init; }

    /// <summary>sqrt((s^2 + (1 + g)^2)^A - (1 + g)^(2A)), per cent.</summary>
    public required double AnnualVolatility { get; init; }

    /// <summary>(E[last] / E[0])^(365.25 / days) - 1, per cent; NaN when no time passed.</summary>
    public required double CompoundAnnualGrowth { get; init; }

    /// <summary>(annual return - risk-free rate) / annual volatility; NaN without volatility.</summary>
    public required double Sharpe { get; init; }

    /// <summary>(annual return - risk-free rate) / (sqrt(mean(min(r, 0)^2)) sqrt(A)); infinite without a losing day.</summary>
    public required double Sortino { get; init; }

    /// <summary>Annual return / |maximum drawdown|; NaN without drawdown.</summary>
    public required double Calmar { get; init; }

    /// <summary>Return - rf - beta (buy-and-hold return - rf), over the whole span, per cent.</summary>
    public required double Alpha { get; init; }

    /// <summary>cov / var of log returns a bar, equity on close. NaN for fewer than three bars, or once worth is zero.</summary>
    public required double Beta { get; init; }

    /// <summary>Deepest drawdown, per cent, at most 0.</summary>
    public required double MaxDrawdown { get; init; }

    /// <summary>Mean of the episodes' depths, per cent; an episode lasts at least two bars.</summary>
    public required double AverageDrawdown { get; init; }

    /// <summary>Longest episode from peak to recovery, rounded up to the bars' resolution (day, hour, minute, second, ...).</summary>
    public required TimeSpan? MaxDrawdownDuration { get; init; }

    /// <summary>Mean length of the episodes, rounded up to the bars' resolution.</summary>
    public required TimeSpan? AverageDrawdownDuration { get; init; }

    /// <summary>Number of closed trades.</summary>
    public required int Trades { get; init; }

    /// <summary>Trades with profit over all, per cent.</summary>
    public required double WinRate { get; init; }

    /// <summary>Highest return of a trade, per cent.</summary>
    public required double BestTrade { get; init; }

    /// <summary>Lowest return of a trade, per cent.</summary>
    public required double WorstTrade { get; init; }

    /// <summary>Geometric mean of the trades' returns, per cent; 0 when one lost everything.</summary>
    public required double AverageTrade { get; init; }

    /// <summary>Longest time in a trade, rounded up to the bars' resolution.</summary>
    public required TimeSpan? MaxTradeDuration { get; init; }

    /// <summary>Mean time in a trade, rounded up to the bars' resolution.</summary>
    public required TimeSpan? AverageTradeDuration { get; init; }

    /// <summary>Sum of positive returns over the absolute sum of negative ones; NaN without the latter.</summary>
    public required double ProfitFactor { get; init; }

    /// <summary>Mean of the trades' returns, per cent.</summary>
    public required double Expectancy { get; init; }

    /// <summary>sqrt(N) mean / s of profits in cash; NaN where they do not vary.</summary>
    public required double SystemQualityNumber { get; init; }

    /// <summary>W - (1 - W) / (average win / average loss) in cash; NaN without wins or losses.</summary>
    public required double Kelly { get; init; }

    /// <summary>Computes all of them.</summary>
    /// <param name="equity">Worth at each bar.</param>
    /// <param name="trades">Closed trades.</param>
    /// <param name="closes">Close of each bar, in price; [bars].</param>
    /// <param name="warmUpBar">Bar from which buying and holding counts: the last index at which some indicator first has a value.</param>
    /// <param name="riskFreeRate">Annual rate, a fraction.</param>
    /// <exception cref="DataFormatException">There is not one close for each bar.</exception>
    /// <exception cref="ConfigurationException">The warm-up bar is not a bar, or the rate is not finite.</exception>
    public static BacktestingPyStatistics Compute(
        EquityCurve equity,
        IReadOnlyList<ClosedTrade> trades,
        ReadOnlyMemory<double> closes,
        int warmUpBar,
        double riskFreeRate = 0)
    {
        ArgumentNullException.ThrowIfNull(equity);
        ArgumentNullException.ThrowIfNull(trades);
        var times = equity.Times.Span;
        var worth = equity.Values.Span;
        var price = closes.Span;
        if (price.Length != worth.Length)
        {
            throw new DataFormatException($"There are {price.Length} closes and {worth.Length} bars of equity; give one close for each bar.");
        }

        if (warmUpBar < 0 || warmUpBar >= price.Length)
        {
            throw new ConfigurationException($"warmUpBar is {warmUpBar}; give the index of one of the {price.Length} bars.");
        }

        StatisticsGuard.Finite(riskFreeRate, nameof(riskFreeRate));
        var step = times.Length < 2 ? TimeSpan.FromDays(1) : Periodicity.MedianStep(times[Math.Max(0, times.Length - StepBars)..]);
        var resolution = Resolution(step);
        var (returns, periodsPerYear) = Daily(times, worth, step.Days);
        var annualReturn = ReturnStatistics.CompoundedReturn(returns, periodsPerYear);
        var annualVolatility = ReturnStatistics.CompoundedVolatility(returns, periodsPerYear);
        var totalReturn = (worth[^1] / worth[0]) - 1;
        var buyAndHold = (price[^1] / price[warmUpBar]) - 1;
        var beta = LogBeta(worth, price);
        var depth = DrawdownStatistics.Maximum(worth);

        // A drop in the very last bar is no episode there: it has no bar between the peak and its end.
        var episodes = DrawdownStatistics.Episodes(equity).Where(episode => episode.EndBar > episode.PeakBar + 1).ToArray();
        return new BacktestingPyStatistics
        {
            Start = times[0],
            End = times[^1],
            Duration = times[^1] - times[0],
            ExposureTime = 100 * ActivityStatistics.TimeInMarket(trades, worth.Length),
            EquityFinal = worth[^1],
            EquityPeak = Peak(worth),
            Commissions = TradeStatistics.Commissions(trades),
            Return = 100 * totalReturn,
            BuyAndHoldReturn = 100 * buyAndHold,
            AnnualReturn = 100 * annualReturn,
            AnnualVolatility = 100 * annualVolatility,
            CompoundAnnualGrowth = 100 * ReturnStatistics.CompoundAnnualGrowth(worth[0], worth[^1], times[^1] - times[0]),
            Sharpe = annualVolatility == 0 ? double.NaN : (annualReturn - riskFreeRate) / annualVolatility,
            Sortino = (annualReturn - riskFreeRate) / ReturnStatistics.DownsideDeviation(returns, periodsPerYear),
            Calmar = depth == 0 ? double.NaN : annualReturn / -depth,
            Alpha = 100 * (totalReturn - riskFreeRate - (beta * (buyAndHold - riskFreeRate))),
            Beta = beta,
            MaxDrawdown = 100 * depth,
            AverageDrawdown = 100 * (episodes.Length > 0 ? DrawdownStatistics.AverageDepth(episodes) : MeanOfFalls(worth)),
            MaxDrawdownDuration = RoundUp(DrawdownStatistics.LongestDuration(episodes), resolution),
            AverageDrawdownDuration = RoundUp(DrawdownStatistics.AverageDuration(episodes), resolution),
            Trades = trades.Count,
            WinRate = 100 * TradeStatistics.WinRate(trades),
            BestTrade = 100 * TradeStatistics.Best(trades, TradeBasis.Return),
            WorstTrade = 100 * TradeStatistics.Worst(trades, TradeBasis.Return),
            AverageTrade = 100 * TradeStatistics.GeometricMeanReturn(trades),
            MaxTradeDuration = RoundUp(TradeStatistics.LongestDuration(trades), resolution),
            AverageTradeDuration = RoundUp(TradeStatistics.AverageDuration(trades), resolution),
            ProfitFactor = TradeStatistics.ProfitFactor(trades, TradeBasis.Return),
            Expectancy = 100 * TradeStatistics.Expectancy(trades, ExpectancyConvention.MeanReturn),
            SystemQualityNumber = TradeStatistics.SystemQualityNumber(trades),
            Kelly = TradeStatistics.Kelly(trades),
        };
    }

    /// <summary>
    /// The values under backtesting.py's own names and in its order: a time, a duration (null where undefined), a count or a number. The
    /// commissions are there only when they are not zero.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Named()
    {
        List<KeyValuePair<string, object?>> named =
        [
            new("Start", Start),
            new("End", End),
            new("Duration", Duration),
            new("Exposure Time [%]", ExposureTime),
            new("Equity Final [$]", EquityFinal),
            new("Equity Peak [$]", EquityPeak),
        ];
        if (Commissions != 0)
        {
            named.Add(new("Commissions [$]", Commissions));
        }

        named.AddRange(
        [
            new("Return [%]", Return),
            new("Buy & Hold Return [%]", BuyAndHoldReturn),
            new("Return (Ann.) [%]", AnnualReturn),
            new("Volatility (Ann.) [%]", AnnualVolatility),
            new("CAGR [%]", CompoundAnnualGrowth),
            new("Sharpe Ratio", Sharpe),
            new("Sortino Ratio", Sortino),
            new("Calmar Ratio", Calmar),
            new("Alpha [%]", Alpha),
            new("Beta", Beta),
            new("Max. Drawdown [%]", MaxDrawdown),
            new("Avg. Drawdown [%]", AverageDrawdown),
            new("Max. Drawdown Duration", MaxDrawdownDuration),
            new("Avg. Drawdown Duration", AverageDrawdownDuration),
            new("# Trades", Trades),
            new("Win Rate [%]", WinRate),
            new("Best Trade [%]", BestTrade),
            new("Worst Trade [%]", WorstTrade),
            new("Avg. Trade [%]", AverageTrade),
            new("Max. Trade Duration", MaxTradeDuration),
            new("Avg. Trade Duration", AverageTradeDuration),
            new("Profit Factor", ProfitFactor),
            new("Expectancy [%]", Expectancy),
            new("SQN", SystemQualityNumber),
            new("Kelly Criterion", Kelly),
        ]);
        return named;
    }

    /// <summary>Returns of the last worth of each part of the calendar, NaN from zero to zero, and A.</summary>
    private static (double[] Returns, double PeriodsPerYear) Daily(
        ReadOnlySpan<DateTimeOffset> times, ReadOnlySpan<double> worth, int stepDays)
    {
        CalendarPeriod? period = stepDays switch
        {
            7 => CalendarPeriod.Week,
            31 => CalendarPeriod.Month,
            365 => CalendarPeriod.Year,
            _ => null,
        };
        List<double> last = [];
        (int, int) current = default;
        for (var bar = 0; bar < worth.Length; bar++)
        {
            var time = times[bar].DateTime;
            var key = period is { } part ? ReturnSeries.Key(time, part) : (time.Year, time.DayOfYear);
            if (bar > 0 && key == current)
            {
                last[^1] = worth[bar];
            }
            else
            {
                last.Add(worth[bar]);
            }

            current = key;
        }

        var returns = new double[last.Count - 1];
        for (var day = 0; day < returns.Length; day++)
        {
            returns[day] = (last[day + 1] / last[day]) - 1;
        }

        return (returns, period switch
        {
            CalendarPeriod.Week => 52,
            CalendarPeriod.Month => 12,
            CalendarPeriod.Year => 1,
            _ => Periodicity.TradesAtWeekends(times) ? 365 : 252,
        });
    }

    private static double Peak(ReadOnlySpan<double> worth)
    {
        var peak = worth[0];
        foreach (var value in worth)
        {
            peak = Math.Max(peak, value);
        }

        return peak;
    }

    private static double LogBeta(ReadOnlySpan<double> worth, ReadOnlySpan<double> price)
    {
        var count = worth.Length - 1;
        if (count < 2)
        {
            return double.NaN;
        }

        var (own, market) = (new double[count], new double[count]);
        var (meanOwn, meanMarket) = (0.0, 0.0);
        for (var bar = 0; bar < count; bar++)
        {
            own[bar] = Math.Log(worth[bar + 1] / worth[bar]);
            market[bar] = Math.Log(price[bar + 1] / price[bar]);
            meanOwn += own[bar] / count;
            meanMarket += market[bar] / count;
        }

        var (covariance, variance) = (0.0, 0.0);
        for (var bar = 0; bar < count; bar++)
        {
            covariance += (own[bar] - meanOwn) * (market[bar] - meanMarket);
            variance += (market[bar] - meanMarket) * (market[bar] - meanMarket);
        }

        return covariance / variance;
    }

    /// <summary>The largest unit of time that a step is a whole number of.</summary>
    private static TimeSpan Resolution(TimeSpan step)
    {
        TimeSpan[] units =
        [
            TimeSpan.FromDays(1),
            TimeSpan.FromHours(1),
            TimeSpan.FromMinutes(1),
            TimeSpan.FromSeconds(1),
            TimeSpan.FromMilliseconds(1),
            TimeSpan.FromMicroseconds(1),
        ];
        return units.FirstOrDefault(unit => step.Ticks % unit.Ticks == 0, TimeSpan.FromTicks(1));
    }

    /// <summary>Rounded up to the resolution, towards zero where negative: with trades on the close an exit may lie before its entry.</summary>
    private static TimeSpan? RoundUp(TimeSpan? duration, TimeSpan resolution) => duration is { } span
        ? TimeSpan.FromTicks((long)Math.Ceiling((decimal)span.Ticks / resolution.Ticks) * resolution.Ticks)
        : null;

    /// <summary>What backtesting.py averages when there is no episode: every bar below the peak, which is then the last alone.</summary>
    private static double MeanOfFalls(ReadOnlySpan<double> worth)
    {
        var (peak, sum, count) = (0.0, 0.0, 0);
        foreach (var value in worth)
        {
            peak = Math.Max(peak, value);
            if (value < peak)
            {
                sum += (value / peak) - 1;
                count++;
            }
        }

        return count == 0 ? double.NaN : sum / count;
    }
}
