namespace Sequence.Forecasting;

/// <summary>
/// The folds of a rolling-origin evaluation over n rows. With T the rows of the first training part, s the step, g the
/// gap, h the horizon, fold k = 0, 1, ... has
/// <code>
/// train end  e = T + k s
/// train        [0, e) expanding, [max(0, e - W), e) rolling, W by default T
/// test         [e + g, min(e + g + h, n))
/// fit          when k = 0, or when refit > 0 and k is a multiple of refit
/// </code>
/// as long as the test part has h rows, or at least one where a partial fold is allowed.
/// </summary>
public static class RollingOriginFolds
{
    /// <summary>Makes the folds.</summary>
    /// <param name="rows">Number of rows, n.</param>
    /// <param name="firstTrainRows">Rows of the first training part, T; at least 1.</param>
    /// <param name="options">The rest; its <see cref="RollingOriginOptions.FirstOrigin"/> is not read.</param>
    /// <returns>The folds in order of time; empty when the rows do not suffice for one.</returns>
    /// <exception cref="ConfigurationException">An option cannot be used.</exception>
    public static IReadOnlyList<RollingOriginFold> Create(int rows, int firstTrainRows, RollingOriginOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(firstTrainRows, 1);
        options.Validate();
        var step = options.Step ?? options.Horizon;
        var window = options.WindowRows ?? firstTrainRows;
        var leastTargets = options.AllowPartialFold ? 1 : options.Horizon;
        var folds = new List<RollingOriginFold>();
        for (long trainEnd = firstTrainRows; trainEnd + options.Gap + leastTargets <= rows; trainEnd += step)
        {
            var end = (int)trainEnd;
            var testStart = end + options.Gap;
            folds.Add(new RollingOriginFold(
                folds.Count,
                options.Window == TrainingWindow.Rolling ? Math.Max(0, end - window) : 0,
                end,
                testStart,
                (int)Math.Min((long)testStart + options.Horizon, rows),
                folds.Count == 0 || (options.RefitEvery > 0 && folds.Count % options.RefitEvery == 0)));
        }

        return folds;
    }
}
