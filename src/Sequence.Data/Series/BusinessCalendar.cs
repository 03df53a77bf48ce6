namespace Sequence.Data;

/// <summary>Which dates are business days: Monday to Friday without the holidays.</summary>
/// <remarks>Two calendars are equal when they have the same business days.</remarks>
public sealed class BusinessCalendar : IEquatable<BusinessCalendar>
{
    /// <summary>Monday to Friday, no holidays.</summary>
    public static readonly BusinessCalendar WeekendsOnly = new([]);

    private readonly SortedSet<DateOnly> _holidays;

    /// <summary>Creates a calendar with these holidays; dates on a weekend change nothing and are not kept.</summary>
    public BusinessCalendar(IEnumerable<DateOnly> holidays) => _holidays = [.. holidays.Where(date => !IsWeekend(date))];

    /// <summary>The weekdays that are no business days, in order.</summary>
    public IReadOnlyCollection<DateOnly> Holidays => _holidays;

    /// <summary>Whether this date is a business day.</summary>
    public bool IsBusinessDay(DateOnly date) => !IsWeekend(date) && !_holidays.Contains(date);

    /// <summary>The same time of day a number of business days later (or earlier when negative).</summary>
    public DateTimeOffset AddBusinessDays(DateTimeOffset timestamp, int days)
    {
        var direction = Math.Sign(days);
        for (var left = Math.Abs((long)days); left > 0;)
        {
            timestamp = timestamp.AddDays(direction);
            if (IsBusinessDay(DateOnly.FromDateTime(timestamp.Date)))
            {
                left--;
            }
        }

        return timestamp;
    }

    /// <summary>A calendar with these holidays as well.</summary>
    public BusinessCalendar With(IEnumerable<DateOnly> holidays) => new(_holidays.Concat(holidays));

    /// <inheritdoc />
    public bool Equals(BusinessCalendar? other) => other is not null && _holidays.SetEquals(other._holidays);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as BusinessCalendar);

    /// <inheritdoc />
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var holiday in _holidays)
        {
            hash.Add(holiday);
        }

        return hash.ToHashCode();
    }

    private static bool IsWeekend(DateOnly date) => date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
}
