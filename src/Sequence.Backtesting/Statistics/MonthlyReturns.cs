namespace Sequence.Backtesting;

/// <summary>Returns of an equity curve by calendar year and month, compounded: the table of a tear sheet.</summary>
public sealed class MonthlyReturns
{
    private const int MonthsPerYear = 12;

    private readonly double[] _months;
    private readonly double[] _years;

    private MonthlyReturns(int firstYear, double[] months, double[] years)
    {
        FirstYear = firstYear;
        _months = months;
        _years = years;
    }

    /// <summary>Year of the first bar.</summary>
    public int FirstYear { get; }

    /// <summary>Number of calendar years from the first bar to the last.</summary>
    public int Years => _years.Length;

    /// <summary>
    /// E at the last bar of a month over E at the last bar before that month, less 1; the first month counts from the first bar. A month
    /// without bars is NaN. Months are those of the bars' own offsets.
    /// </summary>
    public static MonthlyReturns Of(EquityCurve equity)
    {
        ArgumentNullException.ThrowIfNull(equity);
        var times = equity.Times.Span;
        var worth = equity.Values.Span;
        var (first, last) = (times[0].Year, times[^1].Year);
        var months = new double[(last - first + 1) * MonthsPerYear];
        var years = new double[last - first + 1];
        Array.Fill(months, double.NaN);
        Array.Fill(years, double.NaN);
        var (beforeMonth, beforeYear) = (worth[0], worth[0]);
        for (var bar = 0; bar < worth.Length; bar++)
        {
            var time = times[bar];
            if (bar > 0 && times[bar - 1].Year != time.Year)
            {
                beforeYear = worth[bar - 1];
            }

            if (bar > 0 && (times[bar - 1].Year, times[bar - 1].Month) != (time.Year, time.Month))
            {
                beforeMonth = worth[bar - 1];
            }

            var year = time.Year - first;
            months[(year * MonthsPerYear) + time.Month - 1] = Change(beforeMonth, worth[bar]);
            years[year] = Change(beforeYear, worth[bar]);
        }

        return new MonthlyReturns(first, months, years);
    }

    /// <summary>Return of a month, a fraction; NaN where the curve has no bar in it.</summary>
    /// <param name="year">Calendar year.</param>
    /// <param name="month">From 1 to 12.</param>
    /// <exception cref="ConfigurationException">The year is outside the table or the month is none.</exception>
    public double Month(int year, int month)
    {
        RequireYear(year);
        return month is >= 1 and <= MonthsPerYear
            ? _months[((year - FirstYear) * MonthsPerYear) + month - 1]
            : throw new ConfigurationException($"month is {month}; give a number from 1 to 12.");
    }

    /// <summary>Return of a calendar year, its months compounded, a fraction; NaN where the curve has no bar in it.</summary>
    /// <param name="year">Calendar year.</param>
    /// <exception cref="ConfigurationException">The year is outside the table.</exception>
    public double Year(int year)
    {
        RequireYear(year);
        return _years[year - FirstYear];
    }

    private static double Change(double before, double after) => before == 0 ? 0 : (after / before) - 1;

    private void RequireYear(int year)
    {
        if (year < FirstYear || year >= FirstYear + Years)
        {
            throw new ConfigurationException($"year is {year}; the table has {FirstYear} to {FirstYear + Years - 1}.");
        }
    }
}
