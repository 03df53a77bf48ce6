using Sequence.Data.Checkpoints;

namespace Sequence.Data.Scalers;

/// <summary>
/// z-score: scaled = (value - mean) / scale, where scale is the population standard deviation (divisor n) of the training
/// values. A constant series has scale 1, so that it is centred and never divided by zero.
/// </summary>
/// <param name="Mean">Mean of the training values.</param>
/// <param name="Scale">Standard deviation of the training values; above 0.</param>
public sealed record StandardScaler(double Mean, double Scale) : AffineScaler
{
    internal const string Kind = "standard";

    /// <summary>Mean of the training values.</summary>
    public double Mean { get; } = RequireFiniteParameter(Mean, "mean");

    /// <summary>Standard deviation of the training values; above 0.</summary>
    public double Scale { get; } = RequireScale(Scale);

    private protected override double Offset => Mean;

    private protected override double Divisor => Scale;

    /// <summary>Fits mean and standard deviation.</summary>
    /// <exception cref="DataFormatException">There are no values, or one is not finite.</exception>
    public static StandardScaler Fit(ReadOnlySpan<double> trainingValues)
    {
        RequireFinite(trainingValues, atLeast: 1);
        if (!trainingValues.ContainsAnyExcept(trainingValues[0]))
        {
            return new StandardScaler(trainingValues[0], 1);
        }

        var sum = 0.0;
        foreach (var value in trainingValues)
        {
            sum += value;
        }

        var mean = sum / trainingValues.Length;
        var squares = 0.0;
        foreach (var value in trainingValues)
        {
            squares += (value - mean) * (value - mean);
        }

        var deviation = Math.Sqrt(squares / trainingValues.Length);
        return new StandardScaler(mean, deviation > 0 ? deviation : 1);
    }

    internal static StandardScaler FromJson(JsonFields fields) =>
        new(fields.Number(nameof(Mean)), fields.Number(nameof(Scale)));
}
