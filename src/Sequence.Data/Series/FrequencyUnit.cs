namespace Sequence.Data;

/// <summary>The unit a <see cref="Frequency"/> counts in.</summary>
public enum FrequencyUnit
{
    /// <summary>Seconds.</summary>
    Second,

    /// <summary>Minutes.</summary>
    Minute,

    /// <summary>Hours.</summary>
    Hour,

    /// <summary>Calendar days.</summary>
    Day,

    /// <summary>Monday to Friday without the calendar's holidays.</summary>
    BusinessDay,

    /// <summary>Weeks of seven days.</summary>
    Week,

    /// <summary>Calendar months; an end of month stays an end of month.</summary>
    Month,

    /// <summary>Three calendar months.</summary>
    Quarter,

    /// <summary>Calendar years.</summary>
    Year,
}
