using Sequence.Data;
using Sequence.Forecasting;

namespace Sequence.Backtesting;

/// <summary>Forecasts of a market's closes.</summary>
public static class MarketForecasts
{
    /// <summary>
    /// Walks a forecaster forward over the closes of every asset, as <see cref="RollingOrigin"/> does, and also from the last
    /// bars, whose outcomes are not known: a trader stands there every day. Actual is NaN in their rows.
    /// </summary>
    /// <param name="market">The bars; an asset without any is left out.</param>
    /// <param name="forecaster">What to fit and forecast with.</param>
    /// <param name="frequency">Spacing of the bars.</param>
    /// <param name="options">Folds. A last fold is never partial.</param>
    /// <param name="cancellationToken">Stops between folds.</param>
    /// <returns>
    /// The forecasts. A series that has no bar at an origin, because it has ended or misses one, is left out of that fold: it could not be traded.
    /// </returns>
    /// <exception cref="ConfigurationException">An option cannot be used.</exception>
    /// <exception cref="DataFormatException">The market is too short for a first fold.</exception>
    public static ForecastTable WalkForward(
        Market market,
        IForecaster forecaster,
        Frequency frequency,
        RollingOriginOptions options,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(market);
        ArgumentNullException.ThrowIfNull(frequency);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var last = market.Times.Span[^1];
        var panel = new Panel(market.Assets
            .Where(series => series.Length > 0)
            .Select(series => Extend(series.ToTimeSeries(frequency), last, options.Gap + options.Horizon)));
        var table = RollingOrigin.Evaluate(
            forecaster, panel, options with { AllowPartialFold = false }, cancellationToken: cancellationToken).Table;
        var rows = table.Rows
            .Where(row => row.Origin <= last && market[row.SeriesId].Times.Span.BinarySearch(row.Origin) >= 0)
            .Select(row => row.Timestamp <= last ? row : row with { Actual = double.NaN });
        return new ForecastTable([.. rows]);
    }

    /// <summary>
    /// Appends rows after the market's end, so that the last real row is an origin like any other. They are targets only: no
    /// training part reaches them, and their values, the last close again, are taken out of the table.
    /// </summary>
    private static TimeSeries Extend(TimeSeries series, DateTimeOffset last, int rows)
    {
        var times = new DateTimeOffset[rows];
        for (var row = 0; row < rows; row++)
        {
            times[row] = last = series.Frequency.Add(last, 1);
        }

        return new TimeSeries(
            series.Id,
            series.Frequency,
            (DateTimeOffset[])[.. series.Timestamps.Span, .. times],
            (double[])[.. series.Values.Span, .. Enumerable.Repeat(series.Values.Span[^1], rows)],
            series.PastCovariates.ToDictionary(
                pair => pair.Key,
                pair => (ReadOnlyMemory<double>)(double[])[.. pair.Value.Span, .. Enumerable.Repeat(double.NaN, rows)],
                StringComparer.Ordinal));
    }
}
