using Sequence.Data.Checkpoints;

namespace Sequence.Data.Scalers;

/// <summary>
/// Maps the training range on [0, 1]: scaled = (value - minimum) / (maximum - minimum). Later values may leave that range.
/// A constant series is divided by 1.
/// </summary>
/// <param name="Minimum">Smallest training value.</param>
/// <param name="Maximum">Largest training value; not below the minimum.</param>
public sealed record MinMaxScaler(double Minimum, double Maximum) : AffineScaler
{
    internal const string Kind = "min-max";

    /// <summary>Smallest training value.</summary>
    public double Minimum { get; } = RequireFiniteParameter(Minimum, "minimum");

    /// <summary>Largest training value; not below the minimum.</summary>
    public double Maximum { get; } = RequireFiniteParameter(Maximum, "maximum") >= Minimum
        ? Maximum
        : throw new DataFormatException($"The scaler's maximum {Maximum} lies below its minimum {Minimum}.");

    private protected override double Offset => Minimum;

    private protected override double Divisor => Maximum > Minimum ? Maximum - Minimum : 1;

    /// <summary>Fits the range.</summary>
    /// <exception cref="DataFormatException">There are no values, or one is not finite.</exception>
    public static MinMaxScaler Fit(ReadOnlySpan<double> trainingValues)
    {
        RequireFinite(trainingValues, atLeast: 1);
        var (minimum, maximum) = (trainingValues[0], trainingValues[0]);
        foreach (var value in trainingValues)
        {
            minimum = Math.Min(minimum, value);
            maximum = Math.Max(maximum, value);
        }

        return new MinMaxScaler(minimum, maximum);
    }

    internal static MinMaxScaler FromJson(JsonFields fields) =>
        new(fields.Number(nameof(Minimum)), fields.Number(nameof(Maximum)));
}
