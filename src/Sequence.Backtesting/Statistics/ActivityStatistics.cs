namespace Sequence.Backtesting;

/// <summary>How much of the time and how much of the account was traded.</summary>
public static class ActivityStatistics
{
    /// <summary>
    /// Exposure in time: bars i with at least one trade of entry &lt;= i &lt;= exit over all bars, a fraction; NaN for no bars. Both ends
    /// count, as in backtesting.py.
    /// </summary>
    /// <param name="trades">Closed trades; entry and exit outside the bars are cut off.</param>
    /// <param name="bars">Number of bars.</param>
    public static double TimeInMarket(IReadOnlyList<ClosedTrade> trades, int bars)
    {
        ArgumentNullException.ThrowIfNull(trades);
        var change = new int[Math.Max(bars, 0) + 1];
        foreach (var trade in trades)
        {
            var (first, end) = (Math.Clamp(trade.EntryBar, 0, bars), Math.Clamp(trade.ExitBar + 1, 0, bars));
            if (first < end)
            {
                change[first]++;
                change[end]--;
            }
        }

        var (open, held) = (0, 0);
        for (var bar = 0; bar < bars; bar++)
        {
            open += change[bar];
            held += open > 0 ? 1 : 0;
        }

        return held / (double)bars;
    }

    /// <summary>
    /// Turnover a year: half of what was bought and sold over mean worth and years,
    /// sum(|size| (entry + exit)) / 2 / mean(E) / y, y = days / 365.25. 1 means the account was bought once and sold once a year.
    /// NaN for a single bar or a mean worth that is not positive. Only closed trades count.
    /// </summary>
    public static double Turnover(IReadOnlyList<ClosedTrade> trades, EquityCurve equity)
    {
        ArgumentNullException.ThrowIfNull(trades);
        ArgumentNullException.ThrowIfNull(equity);
        var traded = trades.Sum(trade => Math.Abs(trade.Size) * (trade.EntryPrice + trade.ExitPrice)) / 2;
        var years = (equity.Times.Span[^1] - equity.Times.Span[0]).TotalDays / 365.25;
        var worth = Moments.Mean(equity.Values.Span);
        return years > 0 && worth > 0 ? traded / worth / years : double.NaN;
    }
}
