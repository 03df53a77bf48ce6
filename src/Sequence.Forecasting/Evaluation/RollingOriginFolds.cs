namespace Sequence.Forecasting;

/// <summary>
/// The folds of a rolling-origin evaluation over n rows. With T the rows of the first training part, s the step, g the
/// gap, h the horizon, e the embargo, fold k = 0, 1, ... has
/// <code>
/// train end  t = T + k s
/// train        [0, t) expanding, [max(0, t - W), t) rolling, W by default T
/// test         [t + g, min(t + g + h, n))
/// fit          on the training rows before t + g - e, when k = 0 or the cadence says so
/// </code>
/// as long as the test part has h rows, or at least one where a partial fold is allowed.
/// </summary>
public static class RollingOriginFolds
{
    private static readonly IReadOnlyList<ForecastRow> NoForecasts = [];

    /// <summary>Makes the folds of rows without dates.</summary>
    /// <param name="rows">Number of rows, n.</param>
    /// <param name="firstTrainRows">Rows of the first training part, T; at least 1.</param>
    /// <param name="options">
    /// The rest; its <see cref="RollingOriginOptions.FirstOrigin"/> is not read. Row k stands for day k where the cadence goes
    /// by the calendar; give the timeline for real dates.
    /// </param>
    /// <returns>The folds in order of time; empty when the rows do not suffice for one.</returns>
    /// <exception cref="ConfigurationException">An option cannot be used.</exception>
    public static IReadOnlyList<RollingOriginFold> Create(int rows, int firstTrainRows, RollingOriginOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(firstTrainRows, 1);
        options.Validate();
        options.RequireTrainingRows(firstTrainRows);
        return Create(rows, firstTrainRows, options, row => DateTimeOffset.UnixEpoch.AddDays(row));
    }

    /// <summary>Makes the folds of a timeline.</summary>
    /// <param name="timeline">Timestamps of the rows, increasing.</param>
    /// <param name="options">How to walk through them.</param>
    /// <returns>
    /// The folds in order of time; empty when the rows do not suffice for one. Where the cadence reads forecasts, whether a
    /// fold after the first is fitted is found out only on the way, and is false here.
    /// </returns>
    /// <exception cref="ConfigurationException">An option cannot be used.</exception>
    /// <exception cref="Data.DataFormatException">The timeline leaves no row before or after the first origin.</exception>
    public static IReadOnlyList<RollingOriginFold> Create(ReadOnlyMemory<DateTimeOffset> timeline, RollingOriginOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var firstTrainRows = options.FirstOrigin.Locate(timeline.Span);
        options.RequireTrainingRows(firstTrainRows);
        return Create(timeline.Length, firstTrainRows, options, row => timeline.Span[row]);
    }

    private static List<RollingOriginFold> Create(
        int rows, int firstTrainRows, RollingOriginOptions options, Func<int, DateTimeOffset> timeOf)
    {
        var step = options.Step ?? options.Horizon;
        var window = options.WindowRows ?? firstTrainRows;
        var leastTargets = options.AllowPartialFold ? 1 : options.Horizon;
        var folds = new List<RollingOriginFold>();
        var lastFit = 0;
        var lastFitOrigin = default(DateTimeOffset);
        for (long trainEnd = firstTrainRows; trainEnd + options.Gap + leastTargets <= rows; trainEnd += step)
        {
            var end = (int)trainEnd;
            var testStart = end + options.Gap;
            var fold = new RollingOriginFold(
                folds.Count,
                options.Window == TrainingWindow.Rolling ? Math.Max(0, end - window) : 0,
                end,
                testStart,
                (int)Math.Min((long)testStart + options.Horizon, rows),
                Fit: folds.Count == 0,
                end - options.Withheld);
            if (fold.Index > 0 && !options.Refit.ReadsForecasts)
            {
                var isDue = options.Refit.IsDue(
                    new RefitQuestion(fold, timeOf(end - 1), lastFit, lastFitOrigin, NoForecasts));
                fold = fold with { Fit = isDue };
            }

            if (fold.Fit)
            {
                (lastFit, lastFitOrigin) = (fold.Index, timeOf(end - 1));
            }

            folds.Add(fold);
        }

        return folds;
    }
}
