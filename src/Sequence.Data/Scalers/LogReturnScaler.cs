using System.Text.Json.Serialization;

namespace Sequence.Data.Scalers;

/// <summary>
/// Log-returns: scaled[t] = ln(value[t] / value[t-1]). The inverse compounds from the anchor:
/// value[t] = value[t-1] * exp(scaled[t]). Every value must be above 0.
/// </summary>
public sealed record LogReturnScaler : Scaler
{
    internal const string Kind = "log-return";

    /// <inheritdoc />
    [JsonIgnore]
    public override int Lag => 1;

    /// <summary>Checks that log-returns can be taken; there is nothing to estimate.</summary>
    /// <exception cref="DataFormatException">
    /// There are fewer than two values, or one is not finite or not above 0 (its index is in the message).
    /// </exception>
    public static LogReturnScaler Fit(ReadOnlySpan<double> trainingValues)
    {
        RequireFinite(trainingValues, atLeast: 2);
        for (var index = 0; index < trainingValues.Length; index++)
        {
            RequirePositive(trainingValues[index], index);
        }

        return new LogReturnScaler();
    }

    /// <inheritdoc />
    /// <exception cref="DataFormatException">A value is not above 0; its index is in the message.</exception>
    public override void Transform(ReadOnlySpan<double> values, Span<double> scaled)
    {
        RequireTransformLengths(values.Length, scaled.Length);
        RequirePositive(values[0], 0);
        for (var index = 0; index < scaled.Length; index++)
        {
            RequirePositive(values[index + 1], index + 1);
            scaled[index] = Math.Log(values[index + 1] / values[index]);
        }
    }

    /// <inheritdoc />
    public override void Invert(ReadOnlySpan<double> scaled, double anchor, Span<double> values)
    {
        RequireSameLength(scaled.Length, values.Length);
        for (var index = 0; index < scaled.Length; index++)
        {
            anchor *= Math.Exp(scaled[index]);
            values[index] = anchor;
        }
    }

    private static void RequirePositive(double value, int index)
    {
        if (value <= 0)
        {
            throw new DataFormatException(
                $"Log-returns need values above 0, but value {index} is {value}. Use the difference or standard scaler.");
        }
    }
}
