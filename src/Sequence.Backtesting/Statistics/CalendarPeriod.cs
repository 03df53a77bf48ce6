namespace Sequence.Backtesting;

/// <summary>A part of the calendar that returns are compounded over.</summary>
public enum CalendarPeriod
{
    /// <summary>Monday to Sunday (ISO 8601), a week across new year undivided.</summary>
    Week,

    /// <summary>A calendar month.</summary>
    Month,

    /// <summary>Three calendar months from January, April, July or October.</summary>
    Quarter,

    /// <summary>A calendar year.</summary>
    Year,
}
