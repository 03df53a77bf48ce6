namespace Sequence.Backtesting;

/// <summary>
/// Statistics over closed trades. A trade wins when its <see cref="ClosedTrade.ProfitLoss"/> (or, on that basis, its return) is above
/// zero and loses when below. NaN, or null for durations, without the trades an equation needs.
/// </summary>
public static class TradeStatistics
{
    /// <summary>Trades with profit above zero over all trades, a fraction; NaN without trades.</summary>
    public static double WinRate(IReadOnlyList<ClosedTrade> trades) =>
        Values(trades, TradeBasis.Cash).Count(value => value > 0) / (double)trades.Count;

    /// <summary>Sum of gains over the absolute sum of losses, without unit; NaN without a loss.</summary>
    /// <param name="trades">Closed trades.</param>
    /// <param name="basis">Whether gains are in cash or in per cent: the two differ whenever sizes do.</param>
    public static double ProfitFactor(IReadOnlyList<ClosedTrade> trades, TradeBasis basis)
    {
        var values = Values(trades, basis);
        var losses = -Moments.Sum(Losses(values));
        return losses > 0 ? Moments.Sum(Wins(values)) / losses : double.NaN;
    }

    /// <summary>Mean outcome of a trade by convention; NaN without trades (LEAN: without wins or losses).</summary>
    public static double Expectancy(IReadOnlyList<ClosedTrade> trades, ExpectancyConvention convention)
    {
        switch (convention)
        {
            case ExpectancyConvention.MeanReturn:
                return Moments.Mean(Values(trades, TradeBasis.Return));
            case ExpectancyConvention.MeanCash:
                return Moments.Mean(Values(trades, TradeBasis.Cash));
            case ExpectancyConvention.Lean:
                var winRate = WinRate(trades);
                return (winRate * PayoffRatio(trades, TradeBasis.Cash)) - (1 - winRate);
            default:
                throw new ConfigurationException($"{convention} is not a convention for expectancy.");
        }
    }

    /// <summary>
    /// System quality number sqrt(N) mean(P) / s(P) of profits in cash, s with N - 1; NaN for fewer than two trades or where they do not
    /// vary. Tharp, "Definitive Guide to Position Sizing", 2008, with cash in the place of R-multiples.
    /// </summary>
    public static double SystemQualityNumber(IReadOnlyList<ClosedTrade> trades)
    {
        var values = Values(trades, TradeBasis.Cash);
        var deviation = Moments.StandardDeviation(values);
        return deviation > 0 ? Math.Sqrt(values.Length) * Moments.Mean(values) / deviation : double.NaN;
    }

    /// <summary>
    /// Kelly's fraction of capital W - (1 - W) / P from the win rate W and the payoff ratio P in cash; NaN without wins or losses.
    /// Kelly, "A New Interpretation of Information Rate", 1956.
    /// </summary>
    public static double Kelly(IReadOnlyList<ClosedTrade> trades)
    {
        var winRate = WinRate(trades);
        return winRate - ((1 - winRate) / PayoffRatio(trades, TradeBasis.Cash));
    }

    /// <summary>Average gain over the absolute average loss, without unit; NaN without wins or losses.</summary>
    public static double PayoffRatio(IReadOnlyList<ClosedTrade> trades, TradeBasis basis) =>
        AverageWin(trades, basis) / -AverageLoss(trades, basis);

    /// <summary>Mean gain of a winning trade, in cash or as a fraction; NaN without one.</summary>
    public static double AverageWin(IReadOnlyList<ClosedTrade> trades, TradeBasis basis) => Moments.Mean(Wins(Values(trades, basis)));

    /// <summary>Mean loss of a losing trade, negative, in cash or as a fraction; NaN without one.</summary>
    public static double AverageLoss(IReadOnlyList<ClosedTrade> trades, TradeBasis basis) => Moments.Mean(Losses(Values(trades, basis)));

    /// <summary>Best trade, in cash or as a fraction; NaN without trades.</summary>
    public static double Best(IReadOnlyList<ClosedTrade> trades, TradeBasis basis) =>
        Values(trades, basis).DefaultIfEmpty(double.NaN).Max();

    /// <summary>Worst trade, in cash or as a fraction; NaN without trades.</summary>
    public static double Worst(IReadOnlyList<ClosedTrade> trades, TradeBasis basis) =>
        Values(trades, basis).DefaultIfEmpty(double.NaN).Min();

    /// <summary>
    /// exp(mean(log(1 + return))) - 1, what a trade brings when all is staked again on the next; 0 when one lost everything or more, as in
    /// backtesting.py; NaN without trades.
    /// </summary>
    public static double GeometricMeanReturn(IReadOnlyList<ClosedTrade> trades) =>
        ReturnStatistics.RuinFreeGeometricMean(Values(trades, TradeBasis.Return));

    /// <summary>Sum of profits and losses, in cash; 0 without trades.</summary>
    public static double NetProfit(IReadOnlyList<ClosedTrade> trades) => Moments.Sum(Values(trades, TradeBasis.Cash));

    /// <summary>Sum of commissions, in cash; 0 without trades.</summary>
    public static double Commissions(IReadOnlyList<ClosedTrade> trades)
    {
        ArgumentNullException.ThrowIfNull(trades);
        return trades.Sum(trade => trade.Commission);
    }

    /// <summary>Longest time from entry to exit; null without trades.</summary>
    public static TimeSpan? LongestDuration(IReadOnlyList<ClosedTrade> trades)
    {
        ArgumentNullException.ThrowIfNull(trades);
        return trades.Count == 0 ? null : trades.Max(trade => trade.Duration);
    }

    /// <summary>Mean time from entry to exit, rounded up to a tick; null without trades.</summary>
    public static TimeSpan? AverageDuration(IReadOnlyList<ClosedTrade> trades)
    {
        ArgumentNullException.ThrowIfNull(trades);
        return trades.Count == 0 ? null : TimeSpan.FromTicks((long)Math.Ceiling(trades.Average(trade => (decimal)trade.Duration.Ticks)));
    }

    private static double[] Values(IReadOnlyList<ClosedTrade> trades, TradeBasis basis)
    {
        ArgumentNullException.ThrowIfNull(trades);
        return basis switch
        {
            TradeBasis.Cash => [.. trades.Select(trade => trade.ProfitLoss)],
            TradeBasis.Return => [.. trades.Select(trade => trade.Return)],
            _ => throw new ConfigurationException($"{basis} is not a basis for trades."),
        };
    }

    private static double[] Wins(double[] values) => Moments.Where(values, value => value > 0);

    private static double[] Losses(double[] values) => Moments.Where(values, value => value < 0);
}
