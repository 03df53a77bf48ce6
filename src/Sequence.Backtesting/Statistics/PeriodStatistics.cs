namespace Sequence.Backtesting;

/// <summary>
/// Wins and losses counted over periods (a winning day), not over trades: for those see <see cref="TradeStatistics"/>. Returns are
/// fractions a period; a missing one (NaN) neither wins nor loses; an infinite one is refused.
/// </summary>
public static class PeriodStatistics
{
    /// <summary>Periods above zero over periods other than zero, a fraction; NaN where no period moved. quantstats gives 0 there.</summary>
    public static double WinRate(ReadOnlySpan<double> returns)
    {
        double wins = Wins(returns).Length;
        return wins / (wins + Losses(returns).Length);
    }

    /// <summary>Mean of the returns above zero, a fraction a period; NaN without one.</summary>
    public static double AverageWin(ReadOnlySpan<double> returns) => Moments.Mean(Wins(returns));

    /// <summary>Mean of the returns below zero, a negative fraction a period; NaN without one.</summary>
    public static double AverageLoss(ReadOnlySpan<double> returns) => Moments.Mean(Losses(returns));

    /// <summary>Highest return of a period, a fraction; NaN without returns.</summary>
    public static double Best(ReadOnlySpan<double> returns) => DistributionStatistics.Quantile(returns, 1);

    /// <summary>Lowest return of a period, a fraction; NaN without returns.</summary>
    public static double Worst(ReadOnlySpan<double> returns) => DistributionStatistics.Quantile(returns, 0);

    /// <summary>Average win over the absolute average loss, without unit; NaN without wins or losses.</summary>
    public static double PayoffRatio(ReadOnlySpan<double> returns) => AverageWin(returns) / -AverageLoss(returns);

    /// <summary>Sum of gains over the absolute sum of losses, without unit; infinite without losses, NaN without either.</summary>
    public static double ProfitFactor(ReadOnlySpan<double> returns) => Moments.Sum(Wins(returns)) / Math.Abs(Moments.Sum(Losses(returns)));

    /// <summary>Sum of returns over the absolute sum of losses, without unit; NaN without losses. Schwager, "Hedge Fund Market Wizards", 2012.</summary>
    public static double GainToPain(ReadOnlySpan<double> returns)
    {
        var losses = -Moments.Sum(Losses(returns));
        return losses > 0 ? Moments.Sum(returns) / losses : double.NaN;
    }

    /// <summary>
    /// (mean of returns not below zero / their number) / |mean of returns below zero / their number|, without unit; 0 without the
    /// former, NaN without the latter. quantstats' profit ratio.
    /// </summary>
    public static double ProfitRatio(ReadOnlySpan<double> returns)
    {
        var (losses, others) = (Losses(returns), Moments.Where(returns, value => value >= 0));
        return others.Length == 0 ? 0 : Moments.Mean(others) / others.Length / (-Moments.Mean(losses) / losses.Length);
    }

    /// <summary>
    /// Kelly's fraction of capital W - (1 - W) / P from the win rate W and the payoff ratio P of periods; NaN without wins or losses.
    /// Kelly, "A New Interpretation of Information Rate", 1956.
    /// </summary>
    public static double Kelly(ReadOnlySpan<double> returns)
    {
        var winRate = WinRate(returns);
        return winRate - ((1 - winRate) / PayoffRatio(returns));
    }

    /// <summary>Longest run of periods above zero.</summary>
    public static int LongestWinningRun(ReadOnlySpan<double> returns) => LongestRun(returns, 1);

    /// <summary>Longest run of periods below zero.</summary>
    public static int LongestLosingRun(ReadOnlySpan<double> returns) => LongestRun(returns, -1);

    /// <summary>
    /// Share of periods whose return is neither zero nor missing, a fraction; NaN without returns. quantstats rounds this exposure up to
    /// a hundredth.
    /// </summary>
    public static double ActiveShare(ReadOnlySpan<double> returns) =>
        (Wins(returns).Length + Losses(returns).Length) / (double)returns.Length;

    /// <summary>((1 - W) / (1 + W))^n with the win rate W over n periods, a probability; NaN where no period moved. quantstats' risk of ruin.</summary>
    public static double RiskOfRuin(ReadOnlySpan<double> returns)
    {
        var winRate = WinRate(returns);
        return Math.Pow((1 - winRate) / (1 + winRate), returns.Length);
    }

    /// <summary>The 99 per cent percentile over the mean of returns not below zero, without unit; NaN without the latter. quantstats' outlier win ratio.</summary>
    /// <param name="returns">Simple returns, fractions a period.</param>
    /// <param name="fraction">Percentile as a fraction.</param>
    public static double OutlierWinRatio(ReadOnlySpan<double> returns, double fraction = 0.99) =>
        DistributionStatistics.Quantile(returns, fraction) / Moments.Mean(Moments.Where(returns, value => value >= 0));

    /// <summary>The 1 per cent percentile over the mean of returns below zero, without unit; NaN without the latter. quantstats' outlier loss ratio.</summary>
    /// <param name="returns">Simple returns, fractions a period.</param>
    /// <param name="fraction">Percentile as a fraction.</param>
    public static double OutlierLossRatio(ReadOnlySpan<double> returns, double fraction = 0.01) =>
        DistributionStatistics.Quantile(returns, fraction) / Moments.Mean(Losses(returns));

    private static double[] Wins(ReadOnlySpan<double> returns)
    {
        StatisticsGuard.Returns(returns);
        return Moments.Where(returns, value => value > 0);
    }

    private static double[] Losses(ReadOnlySpan<double> returns)
    {
        StatisticsGuard.Returns(returns);
        return Moments.Where(returns, value => value < 0);
    }

    private static int LongestRun(ReadOnlySpan<double> returns, int sign)
    {
        StatisticsGuard.Returns(returns);
        var (run, longest) = (0, 0);
        foreach (var value in returns)
        {
            run = value * sign > 0 ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }
}
