namespace Sequence.Daemon.Watching;

/// <summary>The errors of one forecast, as many as are kept; small, as there is a window of them a series.</summary>
/// <param name="Steps">Steps they are over.</param>
/// <param name="Absolute">Mean absolute error.</param>
/// <param name="Root">Root of the mean squared error: its square would leave the range of the type long before the error does.</param>
/// <param name="Signed">Mean of forecast minus outcome.</param>
internal readonly record struct WatchedErrors(int Steps, float Absolute, float Root, float Signed)
{
    public static WatchedErrors Of(double error) => new(1, (float)Math.Abs(error), (float)Math.Abs(error), (float)error);

    public static WatchedErrors Read(BinaryReader reader) => new(reader.ReadInt32(), reader.ReadSingle(), reader.ReadSingle(), reader.ReadSingle());

    public void Write(BinaryWriter writer)
    {
        writer.Write(Steps);
        writer.Write(Absolute);
        writer.Write(Root);
        writer.Write(Signed);
    }

    /// <summary>Measures over a window; null where one is too large to be said.</summary>
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
            Finite(absolute),
            Finite(Math.Sqrt(window.Sum(one => one.Steps * (double)one.Root * one.Root) / steps)),
            Finite(window.Sum(one => one.Steps * (double)one.Signed) / steps),
            scale is > 0 and < double.PositiveInfinity ? Finite(absolute / scale.Value) : null);
    }

    private static double? Finite(double measure) => double.IsFinite(measure) ? measure : null;
}
