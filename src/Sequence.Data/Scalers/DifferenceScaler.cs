using System.Text.Json.Serialization;

namespace Sequence.Data.Scalers;

/// <summary>
/// First differences: scaled[t] = value[t] - value[t-1]. The inverse is a running sum from the anchor:
/// value[t] = value[t-1] + scaled[t].
/// </summary>
public sealed record DifferenceScaler : Scaler
{
    internal const string Kind = "difference";

    /// <inheritdoc />
    [JsonIgnore]
    public override int Lag => 1;

    /// <summary>Checks that differences can be taken; there is nothing to estimate.</summary>
    /// <exception cref="DataFormatException">There are fewer than two values, or one is not finite.</exception>
    public static DifferenceScaler Fit(ReadOnlySpan<double> trainingValues)
    {
        RequireFinite(trainingValues, atLeast: 2);
        return new DifferenceScaler();
    }

    /// <inheritdoc />
    public override void Transform(ReadOnlySpan<double> values, Span<double> scaled)
    {
        RequireTransformLengths(values.Length, scaled.Length);
        for (var index = 0; index < scaled.Length; index++)
        {
            scaled[index] = values[index + 1] - values[index];
        }
    }

    /// <inheritdoc />
    public override void Invert(ReadOnlySpan<double> scaled, double anchor, Span<double> values)
    {
        RequireSameLength(scaled.Length, values.Length);
        for (var index = 0; index < scaled.Length; index++)
        {
            anchor += scaled[index];
            values[index] = anchor;
        }
    }
}
