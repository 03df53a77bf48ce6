using Sequence.Data;

namespace Sequence.Backtesting;

/// <summary>
/// When an exchange trades: the hours of a session in the exchange's own time zone, on the days of a business calendar. A bar
/// outside them marks positions but fills nothing; a day order ends with its session.
/// </summary>
public sealed record TradingCalendar
{
    /// <summary>Time zone of the hours.</summary>
    /// <value>Default: UTC.</value>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>First moment of a session, of the local day.</summary>
    /// <value>Default: midnight.</value>
    public TimeOnly OpensAt { get; init; }

    /// <summary>
    /// Last moment of a session, itself included, of the local day; when not after <see cref="OpensAt"/> the session runs past
    /// midnight and belongs to the day it ends on.
    /// </summary>
    /// <value>Default: midnight, a session of the whole day.</value>
    public TimeOnly ClosesAt { get; init; }

    /// <summary>The days that trade.</summary>
    /// <value>Default: null, every day.</value>
    public BusinessCalendar? Days { get; init; }

    /// <summary>The day of the session a moment belongs to; null when the market is closed.</summary>
    public DateOnly? SessionOf(DateTimeOffset time)
    {
        var local = TimeZoneInfo.ConvertTime(time, TimeZone);
        var day = DateOnly.FromDateTime(local.DateTime);
        var clock = TimeOnly.FromDateTime(local.DateTime);
        if (OpensAt < ClosesAt)
        {
            if (clock < OpensAt || clock > ClosesAt)
            {
                return null;
            }
        }
        else if (OpensAt > ClosesAt)
        {
            if (clock >= OpensAt)
            {
                day = day.AddDays(1);
            }
            else if (clock > ClosesAt)
            {
                return null;
            }
        }

        return Days is null || Days.IsBusinessDay(day) ? day : null;
    }
}
