using System.Globalization;

namespace Sequence.Daemon.Dashboard;

/// <summary>Times and numbers as they are read on a page.</summary>
internal static class DashboardText
{
    /// <summary>A time in UTC; the day alone where nothing more is meant.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString(
        time.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : time.Second == 0 ? "yyyy-MM-dd HH:mm" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A time in UTC to the minute, of what happened rather than of what was measured.</summary>
    public static string Minute(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>How long something took, as "45 s", "3 min 20 s" or "2 h 5 min".</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (int)span.TotalSeconds)} s"),
        { TotalMinutes: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{span.Minutes} min {span.Seconds} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours} h {span.Minutes} min"),
    };

    /// <summary>A number to five digits.</summary>
    public static string Number(double value)
    {
        if (!double.IsFinite(value))
        {
            return "–";
        }

        var size = Math.Abs(value);
        return size != 0 && size is < 1e-3 or >= 1e9 ? value.ToString("0.####E+0", CultureInfo.InvariantCulture)
            : size >= 1000 ? value.ToString("#,0.#", CultureInfo.InvariantCulture)
            : value.ToString("G5", CultureInfo.InvariantCulture);
    }

    /// <summary>A level of coverage, as "80 %".</summary>
    public static string Level(double percent) => string.Create(CultureInfo.InvariantCulture, $"{percent:0.##} %");
}
