using System.Globalization;
using Sequence.Data;

namespace Sequence.Backtesting;

/// <summary>
/// Making series of simple returns, r[t] = P[t+1] / P[t] - 1, fractions a period. NaN stands for a missing return throughout.
/// </summary>
public static class ReturnSeries
{
    /// <summary>r[t] = (P[t+1] - P[t]) / P[t]; one fewer than prices. A price of zero gives infinity or NaN, as the division does.</summary>
    public static double[] FromPrices(ReadOnlySpan<double> prices)
    {
        var returns = new double[Math.Max(prices.Length - 1, 0)];
        for (var index = 0; index < returns.Length; index++)
        {
            returns[index] = (prices[index + 1] - prices[index]) / prices[index];
        }

        return returns;
    }

    /// <summary>
    /// startingValue prod(1 + r) up to and with each period; the product less one where <paramref name="startingValue"/> is zero.
    /// A missing return counts as zero. empyrical's cum_returns.
    /// </summary>
    public static double[] Cumulative(ReadOnlySpan<double> returns, double startingValue = 0)
    {
        StatisticsGuard.Returns(returns);
        var cumulative = new double[returns.Length];
        var product = 1.0;
        for (var index = 0; index < returns.Length; index++)
        {
            product *= double.IsNaN(returns[index]) ? 1 : 1 + returns[index];
            cumulative[index] = startingValue == 0 ? product - 1 : product * startingValue;
        }

        return cumulative;
    }

    /// <summary>r[t] - other[t]: excess over a risk-free or benchmark return of the same period; NaN where either is missing.</summary>
    /// <exception cref="DataFormatException">Lengths differ.</exception>
    public static double[] Excess(ReadOnlySpan<double> returns, ReadOnlySpan<double> other)
    {
        StatisticsGuard.SameLength(returns, other, "what is subtracted");
        var excess = new double[returns.Length];
        for (var index = 0; index < returns.Length; index++)
        {
            excess[index] = returns[index] - other[index];
        }

        return excess;
    }

    /// <summary>r[t] - perPeriod: excess over a rate that is the same every period.</summary>
    public static double[] Excess(ReadOnlySpan<double> returns, double perPeriod)
    {
        var excess = new double[returns.Length];
        for (var index = 0; index < returns.Length; index++)
        {
            excess[index] = returns[index] - perPeriod;
        }

        return excess;
    }

    /// <summary>
    /// The return a period that compounds to an annual rate: (1 + annualRate)^(1 / A) - 1; NaN for a rate of -100 per cent or less.
    /// </summary>
    public static double PerPeriod(double annualRate, double periodsPerYear)
    {
        StatisticsGuard.PeriodsPerYear(periodsPerYear);
        return periodsPerYear == 1 ? annualRate : annualRate <= -1 ? double.NaN : Math.Pow(1 + annualRate, 1 / periodsPerYear) - 1;
    }

    /// <summary>
    /// Two series on the union of their times, ascending, NaN where a series has none; what pandas calls an outer join.
    /// </summary>
    /// <exception cref="DataFormatException">A series has not one time for each return, or a time twice.</exception>
    public static (double[] First, double[] Second) Align(
        ReadOnlySpan<DateTimeOffset> firstTimes, ReadOnlySpan<double> first, ReadOnlySpan<DateTimeOffset> secondTimes, ReadOnlySpan<double> second)
    {
        var firstAt = ByTime(firstTimes, first, "first");
        var secondAt = ByTime(secondTimes, second, "second");
        var times = firstAt.Keys.Union(secondAt.Keys).Order().ToArray();
        return (
            [.. times.Select(time => firstAt.GetValueOrDefault(time, double.NaN))],
            [.. times.Select(time => secondAt.GetValueOrDefault(time, double.NaN))]);
    }

    /// <summary>
    /// Returns compounded over each part of the calendar that has any, in order: prod(1 + r) - 1, a missing return counting as zero.
    /// A day is that of the time's own offset. empyrical keys its weeks by calendar year and splits the one across new year; here
    /// it stays whole.
    /// </summary>
    /// <param name="times">Times of the returns, not decreasing; [returns].</param>
    /// <param name="returns">Simple returns.</param>
    /// <param name="period">Part of the calendar.</param>
    /// <exception cref="DataFormatException">Lengths differ, times decrease, or a return is infinite.</exception>
    public static double[] Aggregate(ReadOnlySpan<DateTimeOffset> times, ReadOnlySpan<double> returns, CalendarPeriod period)
    {
        RequireTimes(times, returns, "returns");
        StatisticsGuard.Returns(returns);
        var aggregated = new List<double>();
        (int, int) current = default;
        var product = 1.0;
        for (var index = 0; index < returns.Length; index++)
        {
            if (index > 0 && times[index] < times[index - 1])
            {
                throw new DataFormatException($"times[{index}] ({times[index]:u}) comes before times[{index - 1}] ({times[index - 1]:u}); sort by time.");
            }

            var key = Key(times[index].DateTime, period);
            if (index > 0 && key != current)
            {
                aggregated.Add(product - 1);
                product = 1;
            }

            current = key;
            product *= double.IsNaN(returns[index]) ? 1 : 1 + returns[index];
        }

        if (returns.Length > 0)
        {
            aggregated.Add(product - 1);
        }

        return [.. aggregated];
    }

    internal static (int Year, int Part) Key(DateTime time, CalendarPeriod period) => period switch
    {
        CalendarPeriod.Week => (ISOWeek.GetYear(time), ISOWeek.GetWeekOfYear(time)),
        CalendarPeriod.Month => (time.Year, time.Month),
        CalendarPeriod.Quarter => (time.Year, (time.Month + 2) / 3),
        CalendarPeriod.Year => (time.Year, 0),
        _ => throw new ConfigurationException($"{period} is not a part of the calendar."),
    };

    private static Dictionary<DateTimeOffset, double> ByTime(ReadOnlySpan<DateTimeOffset> times, ReadOnlySpan<double> values, string name)
    {
        RequireTimes(times, values, name);
        var byTime = new Dictionary<DateTimeOffset, double>(times.Length);
        for (var index = 0; index < times.Length; index++)
        {
            if (!byTime.TryAdd(times[index], values[index]))
            {
                throw new DataFormatException($"Time {times[index]:u} occurs twice in the {name} series, again at {index}; keep one return for each time.");
            }
        }

        return byTime;
    }

    private static void RequireTimes(ReadOnlySpan<DateTimeOffset> times, ReadOnlySpan<double> values, string name)
    {
        if (times.Length != values.Length)
        {
            throw new DataFormatException($"There are {times.Length} times and {values.Length} values of {name}; give one time for each.");
        }
    }
}
