namespace Sequence.Data;

/// <summary>Which dates are business days: Monday to Friday without the holidays.</summary>
public sealed class BusinessCalendar
{
    /// <summary>Monday to Friday, no holidays.</summary>
    public static readonly BusinessCalendar WeekendsOnly = new([]);

    private readonly HashSet<DateOnly> _holidays;

    /// <summary>Creates a calendar with these holidays; dates on a weekend change nothing.</summary>
    public BusinessCalendar(IEnumerable<DateOnly> holidays) => _holidays = [.. holidays];

    /// <summary>The holidays.</summary>
    public IReadOnlyCollection<DateOnly> Holidays => _holidays;

    /// <summary>Whether this date is a business day.</summary>
    public bool IsBusinessDay(DateOnly date) =>
        date.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !_holidays.Contains(date);

    /// <summary>The same time of day a number of business days later (or earlier when negative).</summary>
    public DateTimeOffset AddBusinessDays(DateTimeOffset timestamp, int days)
    {
        var direction = Math.Sign(days);
        for (var left = Math.Abs(days); left > 0;)
        {
            timestamp = timestamp.AddDays(direction);
            if (IsBusinessDay(DateOnly.FromDateTime(timestamp.Date)))
            {
                left--;
            }
        }

        return timestamp;
    }
}
