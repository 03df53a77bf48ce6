using Sequence.Data;
using Sequence.Numerics;

namespace Sequence.Forecasting;

/// <summary>The two things done at a fold: a fit and the forecasts. Neither depends on which worker does it, or when.</summary>
internal sealed class FoldWork(
    IForecaster forecaster,
    Panel panel,
    DateTimeOffset[] timeline,
    RollingOriginOptions options,
    CancellationToken cancellationToken)
{
    public DateTimeOffset OriginOf(RollingOriginFold fold) => timeline[fold.TrainEnd - 1];

    /// <exception cref="FoldFault">The fit failed.</exception>
    public FittedModel Fit(RollingOriginFold fold, FittedModel? before)
    {
        try
        {
            var shown = Cut(timeline[fold.TrainStart], timeline[fold.FitEnd - 1], options.MinimumRows);
            if (shown.Length == 0)
            {
                throw new DataFormatException(
                    $"No series has the {options.MinimumRows} rows that MinimumRows asks for up to {timeline[fold.FitEnd - 1]:u}. Give a later " +
                    "first origin or ask for fewer.");
            }

            var context = new FitContext
            {
                WarmStart = options.RefitStart == RefitStart.Warm ? before?.Model : null,
                Validation = options.Validation,
                Seed = options.Seed is { } seed ? new CounterRandom(seed, (ulong)fold.Index).NextUInt64() : null,
            };
            var model = forecaster.Fit(new Panel(shown), context, cancellationToken);
            return new FittedModel(model, shown.Select(series => series.Id).ToHashSet(StringComparer.Ordinal));
        }
        catch (Exception exception) when (!IsCancelled(exception))
        {
            throw new FoldFault(fold.Index, OriginOf(fold), panel.Count == 1 ? panel[0].Id : null, exception);
        }
    }

    /// <exception cref="FoldFault">A forecast failed.</exception>
    public IReadOnlyList<ForecastRow> Forecast(RollingOriginFold fold, FittedModel fitted)
    {
        var rows = new List<ForecastRow>();
        foreach (var history in Cut(timeline[fold.TrainStart], OriginOf(fold), minimumRows: 1))
        {
            if (!fitted.SeriesIds.Contains(history.Id))
            {
                continue;
            }

            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                AddRows(rows, fitted.Model, panel[history.Id], history, fold);
            }
            catch (Exception exception) when (!IsCancelled(exception))
            {
                throw new FoldFault(fold.Index, OriginOf(fold), history.Id, exception);
            }
        }

        return rows;
    }

    private bool IsCancelled(Exception exception) =>
        exception is OperationCanceledException && cancellationToken.IsCancellationRequested;

    private void AddRows(
        List<ForecastRow> rows, IForecastModel model, TimeSeries series, TimeSeries history, RollingOriginFold fold)
    {
        var times = series.Timestamps.Span;
        var firstTarget = FirstOrigin.RowsUpTo(times, history.Timestamps.Span[^1]) + options.Gap;
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
                OriginOf(fold),
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

    private TimeSeries[] Cut(DateTimeOffset first, DateTimeOffset last, int minimumRows)
    {
        var histories = new List<TimeSeries>(panel.Count);
        foreach (var series in panel)
        {
            var times = series.Timestamps.Span;
            var start = times.BinarySearch(first);
            start = start >= 0 ? start : ~start;
            var length = FirstOrigin.RowsUpTo(times, last) - start;
            if (length >= minimumRows)
            {
                histories.Add(series.Slice(start, length));
            }
        }

        return [.. histories];
    }
}
