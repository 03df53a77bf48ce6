namespace Sequence.Data;

/// <summary>The spacing of a regular grid of timestamps: a count of a unit, and the calendar business days follow.</summary>
/// <param name="Unit">What is counted.</param>
/// <param name="Count">How many units lie between two rows; at least 1.</param>
/// <param name="Calendar">Holidays for <see cref="FrequencyUnit.BusinessDay"/>; null means weekends only.</param>
public sealed record Frequency(FrequencyUnit Unit, int Count = 1, BusinessCalendar? Calendar = null)
{
    /// <summary>The timestamp a number of rows later (or earlier when negative).</summary>
    public DateTimeOffset Add(DateTimeOffset timestamp, int rows)
    {
        var amount = checked(rows * Count);
        return Unit switch
        {
            FrequencyUnit.Second => timestamp.AddSeconds(amount),
            FrequencyUnit.Minute => timestamp.AddMinutes(amount),
            FrequencyUnit.Hour => timestamp.AddHours(amount),
            FrequencyUnit.Day => timestamp.AddDays(amount),
            FrequencyUnit.BusinessDay => (Calendar ?? BusinessCalendar.WeekendsOnly).AddBusinessDays(timestamp, amount),
            FrequencyUnit.Week => timestamp.AddDays(7.0 * amount),
            FrequencyUnit.Month => AddMonths(timestamp, amount),
            FrequencyUnit.Quarter => AddMonths(timestamp, checked(3 * amount)),
            FrequencyUnit.Year => AddMonths(timestamp, checked(12 * amount)),
            _ => throw new InvalidOperationException($"Unknown frequency unit {Unit}."),
        };
    }

    private static DateTimeOffset AddMonths(DateTimeOffset timestamp, int months)
    {
        var moved = timestamp.AddMonths(months);
        var isEndOfMonth = timestamp.Day == DateTime.DaysInMonth(timestamp.Year, timestamp.Month);
        return isEndOfMonth ? moved.AddDays(DateTime.DaysInMonth(moved.Year, moved.Month) - moved.Day) : moved;
    }
}
