using Sequence.Data;

namespace Sequence.Forecasting;

/// <summary>
/// Rolling-origin evaluation, also called walk-forward or time-series cross-validation: fit on a training part, forecast
/// the rows after it, move the origin forward, repeat. Source: Tashman, Out-of-sample tests of forecasting accuracy,
/// 2000. The folds are those of <see cref="RollingOriginFolds"/>.
/// </summary>
/// <remarks>
/// A panel is walked along the union of its timestamps: at every origin each series is cut at the same moment, so that a
/// model shared between series sees nothing from after it. The target of step s is the series' own row gap + s after its
/// last training row. A series with no row in the training part that was last fitted, or without enough targets, is left
/// out of that fold.
/// </remarks>
public static class RollingOrigin
{
    /// <summary>Evaluates a forecaster on a single series.</summary>
    /// <param name="forecaster">What to evaluate.</param>
    /// <param name="series">The whole series, without missing values.</param>
    /// <param name="options">How to walk through it.</param>
    /// <param name="progress">Told the share of folds done, in [0, 1], after each.</param>
    /// <param name="cancellationToken">Stops between folds, and inside a fit that heeds it.</param>
    /// <exception cref="ConfigurationException">An option cannot be used.</exception>
    /// <exception cref="DataFormatException">The series is too short or has missing values.</exception>
    public static RollingOriginResult Evaluate(
        IForecaster forecaster,
        TimeSeries series,
        RollingOriginOptions options,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default) =>
        Evaluate(forecaster, new Panel([series]), options, progress, cancellationToken);

    /// <summary>Evaluates a forecaster on a panel.</summary>
    /// <param name="forecaster">What to evaluate.</param>
    /// <param name="panel">The whole series, without missing values.</param>
    /// <param name="options">How to walk through them.</param>
    /// <param name="progress">Told the share of folds done, in [0, 1], after each.</param>
    /// <param name="cancellationToken">Stops between folds, and inside a fit that heeds it.</param>
    /// <exception cref="ConfigurationException">An option cannot be used.</exception>
    /// <exception cref="DataFormatException">A series is too short or has missing values.</exception>
    public static RollingOriginResult Evaluate(
        IForecaster forecaster,
        Panel panel,
        RollingOriginOptions options,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(forecaster);
        ArgumentNullException.ThrowIfNull(panel);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        foreach (var series in panel)
        {
            HistoryCheck.RequireFinite(series, 0);
        }

        var timeline = Timeline(panel);
        var firstTrainRows = options.FirstOrigin.Locate(timeline);
        var folds = RollingOriginFolds.Create(timeline.Length, firstTrainRows, options);
        var rows = new List<ForecastRow>();
        var fittedIds = new HashSet<string>(StringComparer.Ordinal);
        IForecastModel? model = null;
        var fits = 0;
        foreach (var fold in folds)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var histories = Cut(panel, timeline[fold.TrainStart], timeline[fold.TrainEnd - 1]);
            if (model is null || fold.Fit)
            {
                var warmStart = options.RefitStart == RefitStart.Warm ? model : null;
                model = forecaster.Fit(new Panel(histories), warmStart, cancellationToken);
                fittedIds = histories.Select(history => history.Id).ToHashSet(StringComparer.Ordinal);
                fits++;
            }

            foreach (var history in histories.Where(history => fittedIds.Contains(history.Id)))
            {
                AddRows(rows, model, panel[history.Id], history, fold, options);
            }

            progress?.Report((fold.Index + 1.0) / folds.Count);
        }

        if (rows.Count == 0)
        {
            throw new DataFormatException(
                $"The data have {timeline.Length} rows: with the first origin {options.FirstOrigin} ({firstTrainRows} rows), " +
                $"a gap of {options.Gap} and a horizon of {options.Horizon} no complete fold is left. " +
                "Give a longer series, an earlier first origin or a shorter horizon.");
        }

        var table = new ForecastTable(rows);
        return new RollingOriginResult(
            forecaster.Name, folds.Count, fits, table, table.Accuracy(), table.AccuracyByStep());
    }

    private static void AddRows(
        List<ForecastRow> rows,
        IForecastModel model,
        TimeSeries series,
        TimeSeries history,
        RollingOriginFold fold,
        RollingOriginOptions options)
    {
        var times = series.Timestamps.Span;
        var origin = history.Timestamps.Span[^1];
        var firstTarget = FirstOrigin.RowsUpTo(times, origin) + options.Gap;
        var targets = Math.Min(options.Horizon, series.Length - firstTarget);
        if (targets < 1 || (targets < options.Horizon && !options.AllowPartialFold))
        {
            return;
        }

        var forecast = model.Forecast(history, options.Gap + targets, options.Levels);
        var season = options.SeasonLength ?? BaselineCatalogue.SeasonLength(series.Frequency);
        var absoluteScale = PointAccuracy.SeasonalAbsoluteScale(history.Values.Span, season);
        var squaredScale = PointAccuracy.SeasonalSquaredScale(history.Values.Span, season);
        for (var step = 1; step <= targets; step++)
        {
            var ahead = options.Gap + step - 1;
            rows.Add(new ForecastRow(
                series.Id,
                fold.Index,
                origin,
                times[firstTarget + step - 1],
                step,
                series.Values.Span[firstTarget + step - 1],
                forecast.Mean[ahead],
                forecast.Intervals
                    .Select(interval => new IntervalBounds(interval.Level, interval.Lower[ahead], interval.Upper[ahead]))
                    .ToArray(),
                history.Values.Span[^1],
                absoluteScale,
                squaredScale));
        }
    }

    private static DateTimeOffset[] Timeline(Panel panel) => panel.Count == 1
        ? panel[0].Timestamps.ToArray()
        : new SortedSet<DateTimeOffset>(panel.SelectMany(series => series.Timestamps.ToArray())).ToArray();

    private static TimeSeries[] Cut(Panel panel, DateTimeOffset first, DateTimeOffset last)
    {
        var histories = new List<TimeSeries>(panel.Count);
        foreach (var series in panel)
        {
            var times = series.Timestamps.Span;
            var start = times.BinarySearch(first);
            start = start >= 0 ? start : ~start;
            var length = FirstOrigin.RowsUpTo(times, last) - start;
            if (length > 0)
            {
                histories.Add(series.Slice(start, length));
            }
        }

        return [.. histories];
    }
}
