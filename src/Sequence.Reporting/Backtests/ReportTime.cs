using System.Globalization;

namespace Sequence.Reporting;

/// <summary>Moments as text, UTC.</summary>
internal static class ReportTime
{
    public static string Text(DateTimeOffset time)
    {
        var utc = time.UtcDateTime;
        var format = utc.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : utc.Second == 0 ? "yyyy-MM-dd HH:mm" : "yyyy-MM-dd HH:mm:ss";
        return utc.ToString(format, CultureInfo.InvariantCulture);
    }
}
