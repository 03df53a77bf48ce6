using System.Text.Json.Serialization;

namespace Sequence.Data.Scalers;

/// <summary>
/// A fitted, invertible transformation of a series. Fitted on training rows only; immutable afterwards; its JSON form is
/// part of a checkpoint.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
public abstract record Scaler
{
    /// <summary>
    /// How many values before the first are needed to transform it: 0 for pointwise scalers, 1 for differences and
    /// log-returns.
    /// </summary>
    [JsonIgnore]
    public abstract int Lag { get; }

    /// <summary>Transforms values[Lag..] into scaled, which is Lag shorter. The spans may not overlap unless Lag is 0.</summary>
    public abstract void Transform(ReadOnlySpan<double> values, Span<double> scaled);

    /// <summary>
    /// Inverts a run of consecutive scaled values that follow the value <paramref name="anchor"/> (ignored by pointwise
    /// scalers). The spans may be the same.
    /// </summary>
    public abstract void Invert(ReadOnlySpan<double> scaled, double anchor, Span<double> values);
}
