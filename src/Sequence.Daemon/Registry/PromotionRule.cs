using System.Globalization;
using Sequence.Forecasting;

namespace Sequence.Daemon.Registry;

/// <summary>
/// Whether a version is better than the champion, by the Diebold-Mariano test (<see cref="DieboldMariano"/>, horizon 1) over the
/// newest event times, one-sided, of all series of the model together.
/// </summary>
/// <remarks>
/// With e1, e2 the errors of champion and other at event time t of series s, and over the window m_s = mean of (e1^2 + e2^2) / 2,
/// which makes series of any unit weigh the same and favours neither:
/// <code>
/// L1[t] = mean over the series s that have t of e1^2 / m_s,    L2[t] likewise,    d[t] = L1[t] - L2[t]
/// </code>
/// and the test is on d[t], of which there is one an event time: series that err together at one time count once, not many times.
/// Pairs of errors whose squares are beyond the range of numbers are left out.
/// </remarks>
internal static class PromotionRule
{
    /// <summary>The test.</summary>
    /// <param name="scores">Pairs of errors by series.</param>
    /// <param name="options">How it is done.</param>
    /// <param name="after">Only event times after this one; null for all.</param>
    /// <exception cref="DaemonException">It cannot be done with these errors.</exception>
    public static PromotionVerdict Test(
        IReadOnlyList<IReadOnlyCollection<ScorePair>> scores, PromotionOptions options, DateTimeOffset? after = null)
    {
        ScorePair[][] series = [.. scores.Select(pairs => pairs.Where(HasSquares).ToArray())];
        var times = series.SelectMany(pairs => pairs).Select(pair => pair.Time).Where(time => after is null || time > after)
            .Distinct().OrderDescending().Take(options.Window).ToArray();
        if (times.Length < options.MinimumPairs)
        {
            return new PromotionVerdict(
                false, series.Length, times.Length, times.Length == 0 ? null : times[0], null, null, null,
                $"There are errors of {times.Length} event times; the test needs {options.MinimumPairs}.");
        }

        var first = times[^1];
        var sums = new SortedDictionary<DateTimeOffset, (double Champion, double Other, int Count)>();
        var looked = 0;
        foreach (var pairs in series)
        {
            var window = pairs.Where(pair => pair.Time >= first).ToArray();
            if (window.Length == 0)
            {
                continue;
            }

            looked++;
            // Divided one by one: their sum may be beyond the range of numbers.
            var scale = window.Sum(pair => ((pair.Champion * pair.Champion) + (pair.Other * pair.Other)) / (2 * window.Length));
            foreach (var pair in window)
            {
                var (champion, other, count) = sums.GetValueOrDefault(pair.Time);
                sums[pair.Time] = scale > 0
                    ? (champion + (pair.Champion * pair.Champion / scale), other + (pair.Other * pair.Other / scale), count + 1)
                    : (champion, other, count + 1);
            }
        }

        var result = Test(sums.Values);
        var pValue = result.Statistic > 0 ? result.PValue / 2 : 1 - (result.PValue / 2);
        var isBetter = result.Statistic > 0 && pValue < options.Level;
        var reason = string.Create(
            CultureInfo.InvariantCulture,
            $"over {times.Length} event times of {looked} series the chance that it is no better is {pValue:G3}, which is {(isBetter ? "below" : "not below")} {options.Level}.");
        return new PromotionVerdict(isBetter, looked, times.Length, times[0], result.MeanLossDifference, Finite(result.Statistic), pValue, reason);
    }

    private static bool HasSquares(ScorePair pair) => double.IsFinite((pair.Champion * pair.Champion) + (pair.Other * pair.Other));

    private static DieboldMarianoResult Test(IReadOnlyCollection<(double Champion, double Other, int Count)> sums)
    {
        try
        {
            // The test squares what it is given.
            return DieboldMariano.Test(
                [.. sums.Select(sum => Math.Sqrt(sum.Champion / sum.Count))], [.. sums.Select(sum => Math.Sqrt(sum.Other / sum.Count))]);
        }
        catch (SequenceException error) when (error is not DaemonException)
        {
            throw new DaemonException(DaemonFault.Conflict, $"The versions cannot be compared: {error.Message} Later errors may allow it.", error);
        }
    }

    /// <summary>JSON has no infinity, which the statistic is when one is better by the same amount every time.</summary>
    private static double Finite(double statistic) => double.IsFinite(statistic) ? statistic : Math.CopySign(double.MaxValue, statistic);
}
