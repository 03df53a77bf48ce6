namespace Sequence.Data;

/// <summary>Finds the frequency of timestamps, or says which of them does not fit one.</summary>
/// <remarks>
/// <para>The usual step is the most common gap; every other gap must be a multiple of it (the rows in between are missing).</para>
/// <list type="number">
/// <item>One row a month at most, at the same day of the month or always at its end: months, quarters or years.</item>
/// <item>
/// Daily, no row on a Saturday or Sunday although the range covers one, and at least half of its weekdays present: business
/// days. The weekdays that are missing become the calendar's holidays.
/// </item>
/// <item>Otherwise the largest unit that divides the usual step: weeks, days, hours, minutes, seconds.</item>
/// </list>
/// </remarks>
public static class FrequencyInference
{
    /// <summary>Infers the frequency of strictly increasing timestamps.</summary>
    /// <exception cref="DataFormatException">
    /// There are fewer than two, they do not increase, or they are irregular; the message names the first odd gap.
    /// </exception>
    public static Frequency Infer(ReadOnlySpan<DateTimeOffset> timestamps) =>
        TryInfer(timestamps, out var fault) ?? throw fault!.ToException();

    /// <summary>
    /// Checks a given frequency against strictly increasing timestamps: each must lie on its grid; gaps are allowed. For
    /// business days without a calendar the missing weekdays become holidays.
    /// </summary>
    /// <returns>The frequency, with holidays where they were found.</returns>
    /// <exception cref="DataFormatException">A timestamp is not on the grid; the message names the first.</exception>
    public static Frequency Check(Frequency frequency, ReadOnlySpan<DateTimeOffset> timestamps) =>
        TryCheck(frequency, timestamps, out var fault) ?? throw fault!.ToException();

    internal static Frequency? TryCheck(
        Frequency frequency, ReadOnlySpan<DateTimeOffset> timestamps, out GridFault? fault)
    {
        if (frequency is { Unit: FrequencyUnit.BusinessDay, Count: 1, Calendar: null } && WeekendRow(timestamps) is null)
        {
            frequency = new Frequency(FrequencyUnit.BusinessDay, 1, new BusinessCalendar(MissingWeekdays(timestamps)));
        }

        return TimeGrid.Place(frequency, timestamps, out fault) is null ? null : frequency;
    }

    internal static Frequency? TryInfer(ReadOnlySpan<DateTimeOffset> timestamps, out GridFault? fault)
    {
        if (timestamps.Length < 2)
        {
            fault = new GridFault(0, $"{timestamps.Length} timestamp(s) have no frequency to infer. Give the frequency.");
            return null;
        }

        for (var row = 1; row < timestamps.Length; row++)
        {
            if (timestamps[row] <= timestamps[row - 1])
            {
                fault = new GridFault(row, TimeGrid.NotIncreasing(timestamps, row));
                return null;
            }
        }

        var gaps = new long[timestamps.Length - 1];
        if (IsMonthly(timestamps))
        {
            for (var row = 1; row < timestamps.Length; row++)
            {
                gaps[row - 1] = MonthNumber(timestamps[row]) - MonthNumber(timestamps[row - 1]);
            }

            var months = (int)MostCommon(gaps);
            return Verify(MonthFrequency(months), gaps, months, timestamps, out fault);
        }

        for (var row = 1; row < timestamps.Length; row++)
        {
            gaps[row - 1] = (timestamps[row] - timestamps[row - 1]).Ticks;
        }

        var step = MostCommon(gaps);
        if (step == TimeSpan.TicksPerDay && AreBusinessDays(timestamps))
        {
            return TryCheck(new Frequency(FrequencyUnit.BusinessDay), timestamps, out fault);
        }

        if (step % TimeSpan.TicksPerSecond != 0 || step / TimeSpan.TicksPerSecond > int.MaxValue)
        {
            var odd = Array.IndexOf(gaps, step) + 1;
            fault = new GridFault(odd, $"{timestamps[odd]:O} comes {new TimeSpan(step):c} after the row before it; a " +
                "frequency counts whole seconds. Resample the data.");
            return null;
        }

        return Verify(TickFrequency(step), gaps, step, timestamps, out fault);
    }

    private static Frequency? Verify(
        Frequency frequency, long[] gaps, long step, ReadOnlySpan<DateTimeOffset> timestamps, out GridFault? fault)
    {
        var odd = Array.FindIndex(gaps, gap => gap % step != 0) + 1;
        if (odd > 0)
        {
            fault = new GridFault(odd, $"the timestamps are irregular: {timestamps[odd]:u} comes " +
                $"{timestamps[odd] - timestamps[odd - 1]:c} after {timestamps[odd - 1]:u}, which is no multiple of the usual " +
                $"step {frequency}. Resample the data or correct the timestamp.");
            return null;
        }

        return TimeGrid.Place(frequency, timestamps, out fault) is null ? null : frequency;
    }

    private static bool IsMonthly(ReadOnlySpan<DateTimeOffset> timestamps)
    {
        var anchor = timestamps[TimeGrid.MonthAnchor(timestamps)];
        var monthly = new Frequency(FrequencyUnit.Month);
        foreach (var timestamp in timestamps)
        {
            if (monthly.RowsBetween(anchor, timestamp) is null)
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreBusinessDays(ReadOnlySpan<DateTimeOffset> timestamps)
    {
        if (WeekendRow(timestamps) is not null)
        {
            return false;
        }

        var (first, last) = (DateOf(timestamps[0]), DateOf(timestamps[^1]));
        var weekdays = 0;
        for (var date = first; date <= last; date = date.AddDays(1))
        {
            weekdays += IsWeekend(date) ? 0 : 1;
        }

        var coversWeekend = last.DayNumber - first.DayNumber + 1 > weekdays;
        return coversWeekend && 2 * timestamps.Length >= weekdays;
    }

    private static int? WeekendRow(ReadOnlySpan<DateTimeOffset> timestamps)
    {
        for (var row = 0; row < timestamps.Length; row++)
        {
            if (IsWeekend(DateOf(timestamps[row])))
            {
                return row;
            }
        }

        return null;
    }

    private static List<DateOnly> MissingWeekdays(ReadOnlySpan<DateTimeOffset> timestamps)
    {
        List<DateOnly> missing = [];
        for (var row = 1; row < timestamps.Length; row++)
        {
            var end = DateOf(timestamps[row]);
            for (var date = DateOf(timestamps[row - 1]).AddDays(1); date < end; date = date.AddDays(1))
            {
                if (!IsWeekend(date))
                {
                    missing.Add(date);
                }
            }
        }

        return missing;
    }

    private static long MostCommon(long[] gaps) =>
        gaps.CountBy(gap => gap).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).First().Key;

    private static Frequency MonthFrequency(int months) => months switch
    {
        _ when months % 12 == 0 => new Frequency(FrequencyUnit.Year, months / 12),
        _ when months % 3 == 0 => new Frequency(FrequencyUnit.Quarter, months / 3),
        _ => new Frequency(FrequencyUnit.Month, months),
    };

    private static Frequency TickFrequency(long step)
    {
        (FrequencyUnit Unit, long Ticks)[] units =
        [
            (FrequencyUnit.Week, 7 * TimeSpan.TicksPerDay),
            (FrequencyUnit.Day, TimeSpan.TicksPerDay),
            (FrequencyUnit.Hour, TimeSpan.TicksPerHour),
            (FrequencyUnit.Minute, TimeSpan.TicksPerMinute),
            (FrequencyUnit.Second, TimeSpan.TicksPerSecond),
        ];
        var (unit, ticks) = units.First(one => step % one.Ticks == 0);
        return new Frequency(unit, (int)(step / ticks));
    }

    private static int MonthNumber(DateTimeOffset timestamp) => (12 * timestamp.Year) + timestamp.Month;

    private static DateOnly DateOf(DateTimeOffset timestamp) => DateOnly.FromDateTime(timestamp.Date);

    private static bool IsWeekend(DateOnly date) => date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
}
