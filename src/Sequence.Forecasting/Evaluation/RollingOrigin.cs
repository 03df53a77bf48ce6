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
/// <para>
/// Everything that is estimated, scalers included, is estimated by the fit, which is shown the training part alone. Where
/// <see cref="RollingOriginOptions.Folder"/> is given, every finished fold is kept there, and the same evaluation begun
/// again does the rest: it makes again the fits that the rest needs (all before, where they are warm) and ends with the
/// result it would have had, as far as the forecaster fits the same model again from the same data and seed.
/// </para>
/// </remarks>
public static class RollingOrigin
{
    /// <summary>Evaluates a forecaster on a single series.</summary>
    /// <param name="forecaster">What to evaluate.</param>
    /// <param name="series">The whole series, without missing values.</param>
    /// <param name="options">How to walk through it.</param>
    /// <param name="progress">Told the share of folds done, in [0, 1], after each.</param>
    /// <param name="cancellationToken">Stops between folds, and inside a fit that heeds it.</param>
    /// <exception cref="ConfigurationException">An option cannot be used, or the folder is of another evaluation.</exception>
    /// <exception cref="FoldException">A fold failed; holds the forecasts of those before it.</exception>
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
    /// <exception cref="ConfigurationException">An option cannot be used, or the folder is of another evaluation.</exception>
    /// <exception cref="FoldException">A fold failed; holds the forecasts of those before it.</exception>
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
        var folds = RollingOriginFolds.Create(timeline, options);
        if (folds.Count == 0)
        {
            throw NoFold(timeline, options);
        }

        var folder = options.Folder is { } path
            ? FoldFolder.Open(path, WalkFingerprint.Of(forecaster, panel, folds[0].TrainEnd, options))
            : null;
        var work = new FoldWork(forecaster, panel, timeline, options, cancellationToken);
        var finished = new Walk(work, folds, options, folder, progress, cancellationToken).Run();
        var table = new ForecastTable([.. finished.SelectMany(fold => fold.Rows)]);
        if (table.Rows.Count == 0)
        {
            throw NoFold(timeline, options);
        }

        var fits = finished.Where(fold => fold.Fitted).Select(fold => fold.Index).ToArray();
        return new RollingOriginResult(
            forecaster.Name,
            finished.Count,
            fits.Length,
            table,
            table.Accuracy(),
            table.AccuracyByStep(),
            fits,
            finished.Count < folds.Count);
    }

    /// <summary>
    /// The forecasts of all folds that are whole in the folder of an evaluation, also of one that was stopped or failed.
    /// </summary>
    /// <param name="folder">What <see cref="RollingOriginOptions.Folder"/> named.</param>
    /// <exception cref="DataFormatException">The folder cannot be read.</exception>
    public static ForecastTable ReadFinished(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return new ForecastTable([.. FoldFolder.Read(folder).SelectMany(fold => fold.Rows)]);
    }

    private static DataFormatException NoFold(DateTimeOffset[] timeline, RollingOriginOptions options) => new(
        $"The data have {timeline.Length} rows: with the first origin {options.FirstOrigin} " +
        $"({options.FirstOrigin.Locate(timeline)} rows), a gap of {options.Gap} and a horizon of {options.Horizon} no complete " +
        "fold is left. Give a longer series, an earlier first origin or a shorter horizon.");

    private static DateTimeOffset[] Timeline(Panel panel) => panel.Count == 1
        ? panel[0].Timestamps.ToArray()
        : new SortedSet<DateTimeOffset>(panel.SelectMany(series => series.Timestamps.ToArray())).ToArray();
}
