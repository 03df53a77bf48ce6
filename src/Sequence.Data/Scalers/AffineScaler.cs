using System.Text.Json.Serialization;

namespace Sequence.Data.Scalers;

/// <summary>
/// A pointwise scaler: scaled = (value - offset) / scale, value = scaled * scale + offset. Its children differ in how they
/// choose the two numbers.
/// </summary>
public abstract record AffineScaler : Scaler
{
    private protected AffineScaler()
    {
    }

    /// <inheritdoc />
    [JsonIgnore]
    public sealed override int Lag => 0;

    private protected abstract double Offset { get; }

    private protected abstract double Divisor { get; }

    /// <inheritdoc />
    public sealed override void Transform(ReadOnlySpan<double> values, Span<double> scaled)
    {
        RequireTransformLengths(values.Length, scaled.Length);
        var (offset, divisor) = (Offset, Divisor);
        for (var index = 0; index < values.Length; index++)
        {
            scaled[index] = (values[index] - offset) / divisor;
        }
    }

    /// <inheritdoc />
    public sealed override void Invert(ReadOnlySpan<double> scaled, double anchor, Span<double> values)
    {
        RequireSameLength(scaled.Length, values.Length);
        var (offset, divisor) = (Offset, Divisor);
        for (var index = 0; index < scaled.Length; index++)
        {
            values[index] = (scaled[index] * divisor) + offset;
        }
    }
}
