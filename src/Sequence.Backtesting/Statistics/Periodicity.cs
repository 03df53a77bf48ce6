namespace Sequence.Backtesting;

/// <summary>How many bars a market has in a year, from the times of its bars.</summary>
public static class Periodicity
{
    private const double DaysPerYear = 365.25;

    /// <summary>
    /// Periods a year for risk. With m the median step between bars and a market that trades at weekends when more than 0.6 of two sevenths
    /// of the bars lie there:
    /// from 300 days on 1; from 75 on 4; from 25 on 12; from 6 on 52; from 1.5 on 365.25 / m; from 20 hours on 365 at weekends, else 252;
    /// below that, bars on an average day that has any, times 365 or 252. NaN for fewer than two bars, which have no step.
    /// </summary>
    /// <param name="times">Times of the bars, increasing.</param>
    public static double PeriodsPerYear(ReadOnlySpan<DateTimeOffset> times)
    {
        if (times.Length < 2)
        {
            return double.NaN;
        }

        var median = MedianStep(times).TotalDays;
        double tradingDays = TradesAtWeekends(times) ? 365 : 252;
        return median switch
        {
            >= 300 => 1,
            >= 75 => 4,
            >= 25 => 12,
            >= 6 => 52,
            >= 1.5 => DaysPerYear / median,
            >= 20.0 / 24 => tradingDays,
            _ => tradingDays * times.Length / DistinctDays(times),
        };
    }

    /// <summary>Median of the steps between bars, the mean of the middle two where their number is even.</summary>
    internal static TimeSpan MedianStep(ReadOnlySpan<DateTimeOffset> times)
    {
        var steps = new long[times.Length - 1];
        for (var index = 0; index < steps.Length; index++)
        {
            steps[index] = (times[index + 1] - times[index]).Ticks;
        }

        Array.Sort(steps);
        var middle = steps.Length / 2;
        return TimeSpan.FromTicks(steps.Length % 2 == 1 ? steps[middle] : (steps[middle - 1] + steps[middle]) / 2);
    }

    /// <summary>Whether the share of bars on a Saturday or Sunday is above 0.6 of the two sevenths of a market that never rests.</summary>
    internal static bool TradesAtWeekends(ReadOnlySpan<DateTimeOffset> times)
    {
        var weekend = 0;
        foreach (var time in times)
        {
            weekend += time.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 1 : 0;
        }

        return weekend / (double)times.Length > 2.0 / 7 * 0.6;
    }

    private static int DistinctDays(ReadOnlySpan<DateTimeOffset> times)
    {
        var days = new HashSet<DateTime>();
        foreach (var time in times)
        {
            days.Add(time.Date);
        }

        return days.Count;
    }
}
