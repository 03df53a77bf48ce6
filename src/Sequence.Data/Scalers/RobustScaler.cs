using Sequence.Data.Checkpoints;

namespace Sequence.Data.Scalers;

/// <summary>
/// Median and interquartile range: scaled = (value - median) / scale with scale = q(0.75) - q(0.25), quantiles linearly
/// interpolated between order statistics. Outliers move neither. An interquartile range of 0 becomes scale 1.
/// </summary>
/// <param name="Median">Median of the training values.</param>
/// <param name="Scale">Interquartile range of the training values; above 0.</param>
public sealed record RobustScaler(double Median, double Scale) : AffineScaler
{
    internal const string Kind = "robust";

    /// <summary>Median of the training values.</summary>
    public double Median { get; } = RequireFiniteParameter(Median, "median");

    /// <summary>Interquartile range of the training values; above 0.</summary>
    public double Scale { get; } = RequireScale(Scale);

    private protected override double Offset => Median;

    private protected override double Divisor => Scale;

    /// <summary>Fits median and interquartile range.</summary>
    /// <exception cref="DataFormatException">There are no values, or one is not finite.</exception>
    public static RobustScaler Fit(ReadOnlySpan<double> trainingValues)
    {
        RequireFinite(trainingValues, atLeast: 1);
        var sorted = trainingValues.ToArray();
        Array.Sort(sorted);
        var range = Quantile(sorted, 0.75) - Quantile(sorted, 0.25);
        return new RobustScaler(Quantile(sorted, 0.5), range > 0 ? range : 1);
    }

    internal static RobustScaler FromJson(JsonFields fields) =>
        new(fields.Number(nameof(Median)), fields.Number(nameof(Scale)));

    private static double Quantile(double[] sorted, double level)
    {
        var position = level * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }
}
