using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Sequence.Data;

/// <summary>The spacing of a regular grid of timestamps: a count of a unit, and the calendar business days follow.</summary>
/// <remarks>
/// <para>
/// Written in short codes: an optional count and S, min, H, D, B (business day), W, M, Q or Y, for example "D", "15min",
/// "2W". In JSON it is that code, or an object with the code and the holidays when there are any.
/// </para>
/// <para>
/// Adding whole months keeps the day of the month where it exists, and an end of month stays an end of month: so adding
/// rows and taking them off again gives the timestamp back for days 1 to 27 and for ends of months.
/// </para>
/// </remarks>
[JsonConverter(typeof(FrequencyJsonConverter))]
public sealed record Frequency
{
    private static readonly (string Code, FrequencyUnit Unit)[] Codes =
    [
        ("S", FrequencyUnit.Second),
        ("min", FrequencyUnit.Minute),
        ("H", FrequencyUnit.Hour),
        ("D", FrequencyUnit.Day),
        ("B", FrequencyUnit.BusinessDay),
        ("W", FrequencyUnit.Week),
        ("M", FrequencyUnit.Month),
        ("Q", FrequencyUnit.Quarter),
        ("Y", FrequencyUnit.Year),
    ];

    /// <summary>Creates a frequency.</summary>
    /// <param name="Unit">What is counted.</param>
    /// <param name="Count">How many units lie between two rows; at least 1.</param>
    /// <param name="Calendar">Holidays for <see cref="FrequencyUnit.BusinessDay"/>; null means weekends only.</param>
    /// <exception cref="ConfigurationException">
    /// The count is below 1, the unit is unknown, or a calendar is given for another unit than business days.
    /// </exception>
    public Frequency(FrequencyUnit Unit, int Count = 1, BusinessCalendar? Calendar = null)
    {
        List<string> faults = [];
        if (!Enum.IsDefined(Unit))
        {
            faults.Add($"There is no frequency unit {(int)Unit}.");
        }

        if (Count < 1)
        {
            faults.Add($"The count of a frequency is {Count}; it must be at least 1.");
        }

        if (Calendar is not null && Unit != FrequencyUnit.BusinessDay)
        {
            faults.Add($"A calendar belongs to business days, not to the unit {Unit}.");
        }

        ConfigurationException.ThrowIfAny(faults);
        this.Unit = Unit;
        this.Count = Count;
        this.Calendar = Calendar is { Holidays.Count: 0 } ? null : Calendar;
    }

    /// <summary>What is counted.</summary>
    public FrequencyUnit Unit { get; }

    /// <summary>How many units lie between two rows; at least 1.</summary>
    public int Count { get; }

    /// <summary>Holidays for <see cref="FrequencyUnit.BusinessDay"/>; null means weekends only.</summary>
    public BusinessCalendar? Calendar { get; }

    /// <summary>Months between two rows, or null for a unit that does not count months.</summary>
    internal int? Months => Unit switch
    {
        FrequencyUnit.Month => Count,
        FrequencyUnit.Quarter => checked(3 * Count),
        FrequencyUnit.Year => checked(12 * Count),
        _ => null,
    };

    /// <summary>Reads a short code: an optional count and S, min, H, D, B, W, M, Q or Y.</summary>
    /// <exception cref="ConfigurationException">The text is no such code.</exception>
    public static Frequency Parse(string text) => TryParse(text, out var frequency)
        ? frequency
        : throw new ConfigurationException(
            $"'{text}' is not a frequency. Give an optional count and one of {string.Join(", ", Codes.Select(one => one.Code))}, " +
            "for example D, 15min or 2W.");

    /// <summary>Reads a short code; false when the text is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Frequency? frequency)
    {
        frequency = null;
        var digits = text?.TakeWhile(char.IsAsciiDigit).Count() ?? 0;
        var count = 1;
        if (text is null || (digits > 0 && !int.TryParse(text.AsSpan(0, digits), CultureInfo.InvariantCulture, out count)) || count < 1)
        {
            return false;
        }

        foreach (var (code, unit) in Codes)
        {
            if (text.AsSpan(digits).Equals(code, StringComparison.OrdinalIgnoreCase))
            {
                frequency = new Frequency(unit, count);
                return true;
            }
        }

        return false;
    }

    /// <summary>The short code, for example "D" or "15min". Holidays are not part of it.</summary>
    public override string ToString()
    {
        var code = Codes.First(one => one.Unit == Unit).Code;
        return Count == 1 ? code : Count.ToString(CultureInfo.InvariantCulture) + code;
    }

    /// <summary>The timestamp a number of rows later (or earlier when negative).</summary>
    /// <exception cref="DataFormatException">The result lies outside the years 1 to 9999.</exception>
    public DateTimeOffset Add(DateTimeOffset timestamp, int rows)
    {
        try
        {
            var amount = checked(rows * Count);
            return Unit switch
            {
                FrequencyUnit.Second => timestamp.AddTicks(checked(amount * TimeSpan.TicksPerSecond)),
                FrequencyUnit.Minute => timestamp.AddTicks(checked(amount * TimeSpan.TicksPerMinute)),
                FrequencyUnit.Hour => timestamp.AddTicks(checked(amount * TimeSpan.TicksPerHour)),
                FrequencyUnit.Day => timestamp.AddTicks(checked(amount * TimeSpan.TicksPerDay)),
                FrequencyUnit.BusinessDay => (Calendar ?? BusinessCalendar.WeekendsOnly).AddBusinessDays(timestamp, amount),
                FrequencyUnit.Week => timestamp.AddTicks(checked(amount * 7 * TimeSpan.TicksPerDay)),
                _ => AddMonths(timestamp, checked(rows * Months!.Value)),
            };
        }
        catch (Exception exception) when (exception is ArgumentOutOfRangeException or OverflowException)
        {
            throw new DataFormatException(
                $"{rows} rows of {this} from {timestamp:u} lead outside the years 1 to 9999.", innerException: exception);
        }
    }

    /// <summary>
    /// How many rows lie between two timestamps: n with Add(from, n) = to, or null when <paramref name="to"/> is not on the
    /// grid through <paramref name="from"/>.
    /// </summary>
    public int? RowsBetween(DateTimeOffset from, DateTimeOffset to)
    {
        var rows = Unit switch
        {
            FrequencyUnit.Second => WholeSteps(to - from, TimeSpan.TicksPerSecond),
            FrequencyUnit.Minute => WholeSteps(to - from, TimeSpan.TicksPerMinute),
            FrequencyUnit.Hour => WholeSteps(to - from, TimeSpan.TicksPerHour),
            FrequencyUnit.Day => WholeSteps(to - from, TimeSpan.TicksPerDay),
            FrequencyUnit.Week => WholeSteps(to - from, 7 * TimeSpan.TicksPerDay),
            FrequencyUnit.BusinessDay => BusinessRows(from, to),
            _ => WholeMonths(from, to),
        };
        return rows is >= int.MinValue and <= int.MaxValue ? (int)rows : null;
    }

    private static DateTimeOffset AddMonths(DateTimeOffset timestamp, int months)
    {
        var moved = timestamp.AddMonths(months);
        return IsEndOfMonth(timestamp) ? moved.AddDays(DateTime.DaysInMonth(moved.Year, moved.Month) - moved.Day) : moved;
    }

    private static bool IsEndOfMonth(DateTimeOffset timestamp) =>
        timestamp.Day == DateTime.DaysInMonth(timestamp.Year, timestamp.Month);

    private long? WholeSteps(TimeSpan gap, long unit)
    {
        var (quotient, remainder) = Math.DivRem(gap.Ticks, unit);
        return remainder == 0 && quotient % Count == 0 ? quotient / Count : null;
    }

    private long? WholeMonths(DateTimeOffset from, DateTimeOffset to)
    {
        to = to.ToOffset(from.Offset);
        var months = (12 * (to.Year - from.Year)) + to.Month - from.Month;
        return months % Months!.Value == 0 && AddMonths(from, months) == to ? months / Months.Value : null;
    }

    private long? BusinessRows(DateTimeOffset from, DateTimeOffset to)
    {
        to = to.ToOffset(from.Offset);
        var calendar = Calendar ?? BusinessCalendar.WeekendsOnly;
        var direction = to >= from ? 1 : -1;
        if (from.TimeOfDay != to.TimeOfDay || !calendar.IsBusinessDay(DateOnly.FromDateTime(to.Date)))
        {
            return null;
        }

        var days = 0L;
        for (var date = DateOnly.FromDateTime(from.Date); date != DateOnly.FromDateTime(to.Date);)
        {
            date = date.AddDays(direction);
            days += calendar.IsBusinessDay(date) ? direction : 0;
        }

        return days % Count == 0 ? days / Count : null;
    }
}
