namespace Sequence.Backtesting;

/// <summary>
/// Drawdowns: how far worth lies below its highest so far, D[t] = E[t] / max(E[0..t]) - 1, a fraction from 0 down to -1; below -1 only
/// for an account that owes. Where no worth was above zero so far, D[t] is 0.
/// </summary>
public static class DrawdownStatistics
{
    /// <summary>D at each bar; [bars].</summary>
    /// <param name="equity">Worth at each bar, in cash.</param>
    public static double[] Series(ReadOnlySpan<double> equity)
    {
        var drawdown = new double[equity.Length];
        var peak = double.NegativeInfinity;
        for (var bar = 0; bar < equity.Length; bar++)
        {
            peak = Math.Max(peak, equity[bar]);
            drawdown[bar] = peak > 0 ? (equity[bar] / peak) - 1 : 0;
        }

        return drawdown;
    }

    /// <summary>
    /// D after each return of a curve that starts at 1 before the first; [returns]. A missing return counts as zero. An infinite one is
    /// refused.
    /// </summary>
    public static double[] SeriesOfReturns(ReadOnlySpan<double> returns)
    {
        double[] curve = [1, .. ReturnSeries.Cumulative(returns, 1)];
        return Series(curve)[1..];
    }

    /// <summary>Deepest drawdown min(D), a fraction of at most 0; NaN without bars.</summary>
    /// <param name="equity">Worth at each bar, in cash.</param>
    public static double Maximum(ReadOnlySpan<double> equity) => Lowest(Series(equity));

    /// <summary>Deepest drawdown of a curve that starts at 1 before the first return; NaN without returns. empyrical's max_drawdown.</summary>
    public static double MaximumOfReturns(ReadOnlySpan<double> returns) => Lowest(SeriesOfReturns(returns));

    /// <summary>
    /// Stretches between bars at the peak (D = 0) that have at least one bar below it, in order; the last ends with the curve if the
    /// peak is not reached again.
    /// </summary>
    public static IReadOnlyList<DrawdownEpisode> Episodes(EquityCurve equity)
    {
        ArgumentNullException.ThrowIfNull(equity);
        var times = equity.Times.Span;
        var drawdown = Series(equity.Values.Span);
        var episodes = new List<DrawdownEpisode>();
        var (peak, trough) = (0, 0);
        for (var bar = 1; bar < drawdown.Length; bar++)
        {
            var recovered = drawdown[bar] == 0;
            trough = drawdown[bar] < drawdown[trough] ? bar : trough;
            if (recovered || bar == drawdown.Length - 1)
            {
                if (trough > peak)
                {
                    episodes.Add(new DrawdownEpisode(
                        peak, trough, bar, times[peak], times[trough], times[bar], drawdown[trough], recovered));
                }

                (peak, trough) = (bar, bar);
            }
        }

        return episodes;
    }

    /// <summary>Mean depth of the episodes, a fraction of at most 0; NaN without one.</summary>
    public static double AverageDepth(IReadOnlyList<DrawdownEpisode> episodes)
    {
        ArgumentNullException.ThrowIfNull(episodes);
        return Moments.Mean([.. episodes.Select(episode => episode.Depth)]);
    }

    /// <summary>Longest episode in calendar time; null without one.</summary>
    public static TimeSpan? LongestDuration(IReadOnlyList<DrawdownEpisode> episodes)
    {
        ArgumentNullException.ThrowIfNull(episodes);
        return episodes.Count == 0 ? null : episodes.Max(episode => episode.Duration);
    }

    /// <summary>Mean length of the episodes in calendar time, rounded up to a tick; null without one.</summary>
    public static TimeSpan? AverageDuration(IReadOnlyList<DrawdownEpisode> episodes)
    {
        ArgumentNullException.ThrowIfNull(episodes);
        return episodes.Count == 0 ? null : TimeSpan.FromTicks((long)Math.Ceiling(episodes.Average(episode => (decimal)episode.Duration.Ticks)));
    }

    /// <summary>
    /// sqrt(sum(D^2) / n), or n - 1 by convention: depth and length of drawdowns in one fraction. NaN without bars (or with one, for
    /// n - 1).
    /// </summary>
    /// <param name="drawdown">D at each bar, from <see cref="Series"/> or <see cref="SeriesOfReturns"/>.</param>
    /// <param name="convention">The divisor.</param>
    public static double UlcerIndex(ReadOnlySpan<double> drawdown, UlcerConvention convention)
    {
        var sum = 0.0;
        foreach (var depth in drawdown)
        {
            sum += depth * depth;
        }

        return convention switch
        {
            UlcerConvention.Martin => Math.Sqrt(sum / drawdown.Length),
            UlcerConvention.QuantStats => drawdown.Length < 2 ? double.NaN : Math.Sqrt(sum / (drawdown.Length - 1)),
            _ => throw new ConfigurationException($"{convention} is not a convention for the ulcer index."),
        };
    }

    private static double Lowest(ReadOnlySpan<double> drawdown)
    {
        var lowest = drawdown.IsEmpty ? double.NaN : 0;
        foreach (var depth in drawdown)
        {
            lowest = Math.Min(lowest, depth);
        }

        return lowest;
    }
}
