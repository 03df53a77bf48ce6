namespace Sequence.Daemon.Watching;

/// <summary>The errors of one forecast, as many as are kept; small, as there is a window of them a series.</summary>
/// <param name="Steps">Steps they are over.</param>
/// <param name="Absolute">Mean absolute error.</param>
/// <param name="Squared">Mean squared error.</param>
/// <param name="Signed">Mean of forecast minus outcome.</param>
internal readonly record struct WatchedErrors(int Steps, float Absolute, float Squared, float Signed)
{
    public static WatchedErrors Of(double error) => new(1, (float)Math.Abs(error), (float)(error * error), (float)error);

    /// <summary>Measures over a window.</summary>
    /// <param name="window">The errors of its forecasts.</param>
    /// <param name="scale">Mean absolute one-step change of the series; null where it is not known.</param>
    public static ErrorMeasures Measure(IReadOnlyCollection<WatchedErrors> window, double? scale)
    {
        var steps = window.Sum(one => (long)one.Steps);
        if (steps == 0)
        {
            return new ErrorMeasures(0, null, null, null, null);
        }

        var absolute = window.Sum(one => one.Steps * (double)one.Absolute) / steps;
        return new ErrorMeasures(
            steps,
            absolute,
            Math.Sqrt(window.Sum(one => one.Steps * (double)one.Squared) / steps),
            window.Sum(one => one.Steps * (double)one.Signed) / steps,
            scale > 0 ? absolute / scale : null);
    }
}
