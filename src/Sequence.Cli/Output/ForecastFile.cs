using System.Globalization;
using Sequence.Forecasting;

namespace Sequence.Cli;

/// <summary>Forecasts as rows: series, timestamp, step, mean, lower and upper of each level.</summary>
internal static class ForecastFile
{
    public static IReadOnlyList<string> Header(IReadOnlyList<Forecast> forecasts) =>
    [
        "series", "timestamp", "step", "mean",
        .. forecasts[0].Intervals.SelectMany(interval => new[] { $"lower{interval.Level}", $"upper{interval.Level}" }),
    ];

    public static IEnumerable<IReadOnlyList<string>> Rows(IEnumerable<Forecast> forecasts, Func<double?, string> number) =>
        from forecast in forecasts
        from step in Enumerable.Range(0, forecast.Horizon)
        select (IReadOnlyList<string>)
        [
            forecast.SeriesId,
            forecast.Timestamps[step].ToString(forecast.Timestamps[step].TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-ddTHH:mm:ssZ"),
            (step + 1).ToString(),
            number(forecast.Mean[step]),
            .. forecast.Intervals.SelectMany(interval => new[] { number(interval.Lower[step]), number(interval.Upper[step]) }),
        ];

    /// <summary>How a person reads the numbers of these forecasts: all with the same decimals.</summary>
    public static Func<double?, string> NumberFormat(IEnumerable<Forecast> forecasts) => Terminal.ColumnFormat(
        forecasts.SelectMany(forecast => forecast.Mean).Select(value => (double?)value));

    /// <summary>Writes comma-separated values under a temporary name and renames it.</summary>
    public static async Task WriteAsync(string path, IReadOnlyList<Forecast> forecasts, CancellationToken cancellationToken)
    {
        var lines = Rows(forecasts, value => value?.ToString("R", CultureInfo.InvariantCulture) ?? string.Empty)
            .Prepend(Header(forecasts))
            .Select(fields => string.Join(',', fields.Select(Quote)));
        await TextFile.WriteAsync(path, string.Join('\n', lines) + "\n", cancellationToken);
    }

    private static string Quote(string field) => field.AsSpan().IndexOfAny(",\"\r\n") < 0
        ? field
        : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
