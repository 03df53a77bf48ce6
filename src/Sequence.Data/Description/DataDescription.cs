namespace Sequence.Data;

/// <summary>What a series looks like, for people. The statistics are over the known target values, null without any.</summary>
/// <param name="Id">Identifier of the series.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Start">First timestamp, null without rows.</param>
/// <param name="End">Last timestamp, null without rows.</param>
/// <param name="Frequency">Spacing of the rows.</param>
/// <param name="Holidays">How many weekdays of the calendar between start and end are no business days.</param>
/// <param name="Missing">How many target values are missing.</param>
/// <param name="Minimum">Smallest value.</param>
/// <param name="Maximum">Largest value.</param>
/// <param name="Mean">Mean.</param>
/// <param name="StandardDeviation">Population standard deviation (divisor n).</param>
/// <param name="PastCovariates">Names of the past covariates.</param>
/// <param name="FutureCovariates">Names of the future covariates.</param>
/// <param name="StaticCovariates">Names of the static covariates.</param>
public sealed record DataDescription(
    string Id,
    int Rows,
    DateTimeOffset? Start,
    DateTimeOffset? End,
    Frequency Frequency,
    int Holidays,
    int Missing,
    double? Minimum,
    double? Maximum,
    double? Mean,
    double? StandardDeviation,
    IReadOnlyList<string> PastCovariates,
    IReadOnlyList<string> FutureCovariates,
    IReadOnlyList<string> StaticCovariates)
{
    /// <summary>Describes a series.</summary>
    public static DataDescription Describe(TimeSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        double[] known = [.. series.Values.ToArray().Where(value => !double.IsNaN(value))];
        double? mean = known.Length > 0 ? known.Average() : null;
        return new DataDescription(
            series.Id,
            series.Length,
            series.Length > 0 ? series.Timestamps.Span[0] : null,
            series.Length > 0 ? series.Timestamps.Span[^1] : null,
            series.Frequency,
            CountHolidays(series),
            series.Length - known.Length,
            known.Length > 0 ? known.Min() : null,
            known.Length > 0 ? known.Max() : null,
            mean,
            mean is { } center ? Math.Sqrt(known.Average(value => (value - center) * (value - center))) : null,
            [.. series.PastCovariates.Keys],
            [.. series.FutureCovariates.Keys],
            [.. series.StaticCovariates.Keys]);
    }

    private static int CountHolidays(TimeSeries series)
    {
        if (series.Frequency.Calendar is not { } calendar || series.Length == 0)
        {
            return 0;
        }

        var start = DateOnly.FromDateTime(series.Timestamps.Span[0].Date);
        var end = DateOnly.FromDateTime(series.Timestamps.Span[^1].Date);
        return calendar.Holidays.Count(holiday => holiday >= start && holiday <= end);
    }
}
