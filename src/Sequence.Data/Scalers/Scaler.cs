using System.Text.Json.Serialization;

namespace Sequence.Data.Scalers;

/// <summary>
/// A fitted, invertible transformation of a series. Fitted on training rows only; immutable afterwards; its JSON form is
/// part of a checkpoint.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(IdentityScaler), "none")]
[JsonDerivedType(typeof(StandardScaler), "standard")]
[JsonDerivedType(typeof(MinMaxScaler), "min-max")]
[JsonDerivedType(typeof(RobustScaler), "robust")]
[JsonDerivedType(typeof(DifferenceScaler), "difference")]
[JsonDerivedType(typeof(LogReturnScaler), "log-return")]
[JsonDerivedType(typeof(ChainScaler), "chain")]
public abstract record Scaler
{
    /// <summary>
    /// How many values before the first are needed to transform it: 0 for pointwise scalers, 1 for differences and
    /// log-returns.
    /// </summary>
    [JsonIgnore]
    public abstract int Lag { get; }

    /// <summary>Transforms values[Lag..] into scaled, which is Lag shorter. The spans may not overlap unless Lag is 0.</summary>
    /// <exception cref="ModelException">The lengths do not fit.</exception>
    public abstract void Transform(ReadOnlySpan<double> values, Span<double> scaled);

    /// <summary>
    /// Inverts a run of consecutive scaled values that follow the value <paramref name="anchor"/> (ignored by pointwise
    /// scalers). The spans may be the same.
    /// </summary>
    /// <exception cref="ModelException">The lengths do not fit.</exception>
    public abstract void Invert(ReadOnlySpan<double> scaled, double anchor, Span<double> values);

    private protected void RequireTransformLengths(int values, int scaled)
    {
        if (values < Lag || scaled != values - Lag)
        {
            throw new ModelException(
                $"{GetType().Name} turns n values into n - {Lag}; it was given {values} values and room for {scaled}.");
        }
    }

    private protected static void RequireSameLength(int scaled, int values)
    {
        if (scaled != values)
        {
            throw new ModelException($"Inverting {scaled} scaled values needs room for {scaled} values, not {values}.");
        }
    }

    private protected static void RequireFinite(ReadOnlySpan<double> trainingValues, int atLeast)
    {
        if (trainingValues.Length < atLeast)
        {
            throw new DataFormatException(
                $"A scaler needs at least {atLeast} training value(s); there are {trainingValues.Length}.");
        }

        for (var index = 0; index < trainingValues.Length; index++)
        {
            if (!double.IsFinite(trainingValues[index]))
            {
                throw new DataFormatException(
                    $"A scaler is fitted on finite values, but value {index} is {trainingValues[index]}. " +
                    "Resolve missing values first.");
            }
        }
    }

    private protected static double RequireFiniteParameter(double value, string name) => double.IsFinite(value)
        ? value
        : throw new DataFormatException($"The scaler's {name} is {value}; it must be a finite number.");

    private protected static double RequireScale(double value) => double.IsFinite(value) && value > 0
        ? value
        : throw new DataFormatException($"The scaler's scale is {value}; it must be finite and above 0.");
}
