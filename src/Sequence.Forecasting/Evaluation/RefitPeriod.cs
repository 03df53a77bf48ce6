namespace Sequence.Forecasting;

/// <summary>A stretch of the calendar, in UTC.</summary>
public enum RefitPeriod
{
    /// <summary>Monday to Sunday.</summary>
    Week,

    /// <summary>A calendar month.</summary>
    Month,

    /// <summary>January to March and so on.</summary>
    Quarter,

    /// <summary>A calendar year.</summary>
    Year,
}
