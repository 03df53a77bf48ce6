using System.Text.Json.Serialization;

namespace Sequence.Data.Scalers;

/// <summary>Leaves the values as they are: scaled = value.</summary>
public sealed record IdentityScaler : Scaler
{
    internal const string Kind = "none";

    /// <inheritdoc />
    [JsonIgnore]
    public override int Lag => 0;

    /// <inheritdoc />
    public override void Transform(ReadOnlySpan<double> values, Span<double> scaled)
    {
        RequireTransformLengths(values.Length, scaled.Length);
        values.CopyTo(scaled);
    }

    /// <inheritdoc />
    public override void Invert(ReadOnlySpan<double> scaled, double anchor, Span<double> values)
    {
        RequireSameLength(scaled.Length, values.Length);
        scaled.CopyTo(values);
    }
}
