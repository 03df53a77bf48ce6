using Sequence.Data;

namespace Sequence.Daemon.Watching;

/// <summary>
/// Which forecasts of a series are watched to their end: of each stretch of so many rows of its grid one, so that about 16 wait for
/// their outcomes at a time however far they look ahead. The origin alone decides, so that it does not matter where a reading of the
/// forecasts begins. The place within a stretch varies, so that a series that pauses at night or at weekends is not always passed over.
/// </summary>
/// <param name="frequency">Of the series.</param>
/// <param name="horizon">Steps of its forecasts.</param>
internal sealed class WatchedOrigins(Frequency frequency, int horizon)
{
    private const int MostWaiting = 16;
    private const int DaysOfWeek = 7;
    private const int BusinessDaysOfWeek = 5;

    // Fibonacci hashing: the upper half of a product with 2^64 over the golden ratio.
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    private readonly long _stretch = (horizon + MostWaiting - 1) / MostWaiting;

    public bool Includes(DateTimeOffset origin)
    {
        if (_stretch == 1)
        {
            return true;
        }

        var (stretch, place) = Math.DivRem(Row(origin), _stretch);
        return place == (long)((ulong)stretch * Multiplier >> 32) % _stretch;
    }

    /// <summary>The number of a row on the grid of the calendar; holidays have numbers as well.</summary>
    private long Row(DateTimeOffset origin)
    {
        var time = origin.UtcDateTime;
        var months = (12L * time.Year) + time.Month - 1;
        var units = frequency.Unit switch
        {
            FrequencyUnit.Second => time.Ticks / TimeSpan.TicksPerSecond,
            FrequencyUnit.Minute => time.Ticks / TimeSpan.TicksPerMinute,
            FrequencyUnit.Hour => time.Ticks / TimeSpan.TicksPerHour,
            FrequencyUnit.Day => time.Ticks / TimeSpan.TicksPerDay,
            FrequencyUnit.Week => time.Ticks / TimeSpan.TicksPerDay / DaysOfWeek,
            FrequencyUnit.BusinessDay => BusinessDay(time),
            FrequencyUnit.Month => months,
            FrequencyUnit.Quarter => months / 3,
            _ => time.Year,
        };
        return units / frequency.Count;
    }

    /// <summary>The calendar began on a Monday.</summary>
    private static long BusinessDay(DateTime time)
    {
        var (week, day) = Math.DivRem(time.Ticks / TimeSpan.TicksPerDay, DaysOfWeek);
        return (BusinessDaysOfWeek * week) + Math.Min(day, BusinessDaysOfWeek - 1);
    }
}
