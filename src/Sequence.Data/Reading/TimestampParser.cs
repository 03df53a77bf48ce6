using System.Globalization;

namespace Sequence.Data;

/// <summary>Reads timestamps from text; UTC is assumed where the text has no offset.</summary>
/// <param name="format">The only format to accept, or null for the known ones.</param>
internal sealed class TimestampParser(string? format)
{
    public const string Accepted =
        "2024-01-31, 2024-01-31T09:30:00 (with or without offset), 2024/1/31, 1/31/2024 (month first), 2024-01, 2024, " +
        "202401, 20240131, 2024Q1, unix seconds or milliseconds";

    private static readonly string[] KnownFormats =
    [
        "yyyy-MM-dd",
        "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mmK",
        "yyyy-MM-dd'T'HH:mmK",
        "M/d/yyyy",
        "M/d/yyyy H:mm",
        "M/d/yyyy H:mm:ss",
        "yyyy/M/d",
        "yyyy/M/d H:mm",
        "yyyy/M/d H:mm:ss",
        "yyyy-MM",
    ];

    private readonly string[] _formats = format is null ? KnownFormats : [format];
    private string? _last;

    public bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset timestamp)
    {
        if (_last is not null && TryExact(text, _last, out timestamp))
        {
            return true;
        }

        foreach (var one in _formats)
        {
            if (TryExact(text, one, out timestamp))
            {
                _last = one;
                return true;
            }
        }

        timestamp = default;
        return format is null && (TryNumber(text, out timestamp) || TryQuarter(text, out timestamp));
    }

    private static bool TryExact(ReadOnlySpan<char> text, string format, out DateTimeOffset timestamp) =>
        DateTimeOffset.TryParseExact(
            text,
            format,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out timestamp);

    private static bool TryNumber(ReadOnlySpan<char> text, out DateTimeOffset timestamp)
    {
        timestamp = default;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        switch (text.Length)
        {
            case 4:
                return TryExact(text, "yyyy", out timestamp);
            case 6:
                return TryExact(text, "yyyyMM", out timestamp);
            case 8:
                return TryExact(text, "yyyyMMdd", out timestamp);
            case >= 9 and <= 11:
                timestamp = DateTimeOffset.FromUnixTimeSeconds(number);
                return true;
            case 12 or 13 or 14:
                timestamp = DateTimeOffset.FromUnixTimeMilliseconds(number);
                return true;
            default:
                return false;
        }
    }

    /// <summary>"1970Q1", "1970 Q1" or "1970-Q1": the first day of the quarter.</summary>
    private static bool TryQuarter(ReadOnlySpan<char> text, out DateTimeOffset timestamp)
    {
        timestamp = default;
        if (text.Length is not (6 or 7)
            || (text.Length == 7 && text[4] is not (' ' or '-'))
            || text[^2] is not ('Q' or 'q')
            || text[^1] is < '1' or > '4'
            || !int.TryParse(text[..4], NumberStyles.None, CultureInfo.InvariantCulture, out var year)
            || year < 1)
        {
            return false;
        }

        timestamp = new DateTimeOffset(year, (3 * (text[^1] - '1')) + 1, 1, 0, 0, 0, TimeSpan.Zero);
        return true;
    }
}
