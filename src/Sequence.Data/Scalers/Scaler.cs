using System.Text.Json;
using System.Text.Json.Serialization;
using Sequence.Data.Checkpoints;

namespace Sequence.Data.Scalers;

/// <summary>
/// A fitted, invertible transformation of a series. Fitted on training rows only; immutable afterwards; its JSON form is
/// part of a checkpoint.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = KindField)]
[JsonDerivedType(typeof(IdentityScaler), IdentityScaler.Kind)]
[JsonDerivedType(typeof(StandardScaler), StandardScaler.Kind)]
[JsonDerivedType(typeof(MinMaxScaler), MinMaxScaler.Kind)]
[JsonDerivedType(typeof(RobustScaler), RobustScaler.Kind)]
[JsonDerivedType(typeof(DifferenceScaler), DifferenceScaler.Kind)]
[JsonDerivedType(typeof(LogReturnScaler), LogReturnScaler.Kind)]
[JsonDerivedType(typeof(ChainScaler), ChainScaler.Kind)]
public abstract record Scaler
{
    private const string KindField = "kind";

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

    /// <summary>Reads a scaler of any kind.</summary>
    /// <exception cref="JsonException">A field is missing, unknown or of another type.</exception>
    /// <exception cref="DataFormatException">A number is out of range.</exception>
    internal static Scaler FromJson(JsonElement element, string place)
    {
        var fields = new JsonFields(element, place);
        var kind = fields.Text(KindField);
        Scaler scaler = kind switch
        {
            IdentityScaler.Kind => new IdentityScaler(),
            StandardScaler.Kind => StandardScaler.FromJson(fields),
            MinMaxScaler.Kind => MinMaxScaler.FromJson(fields),
            RobustScaler.Kind => RobustScaler.FromJson(fields),
            DifferenceScaler.Kind => new DifferenceScaler(),
            LogReturnScaler.Kind => new LogReturnScaler(),
            ChainScaler.Kind => ChainScaler.FromJson(fields),
            _ => throw new JsonException($"{place} has the unknown kind '{kind}'."),
        };
        fields.RequireNoOther();
        return scaler;
    }

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
