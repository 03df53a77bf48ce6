using System.Text.Json.Serialization;
using Sequence.Data.Checkpoints;

namespace Sequence.Data.Scalers;

/// <summary>
/// One scaler after another: scaled = second(first(value)), value = first^-1(second^-1(scaled)). At most one of the two
/// may have a lag, because a single anchor can restart only one running sum.
/// </summary>
/// <param name="First">Applied to the values, for example log-returns.</param>
/// <param name="Second">Applied to the result of the first, for example z-scores.</param>
public sealed record ChainScaler(Scaler First, Scaler Second) : Scaler
{
    internal const string Kind = "chain";

    /// <summary>Applied to the values.</summary>
    public Scaler First { get; } = First
        ?? throw new DataFormatException("A chain of scalers lacks its first scaler.");

    /// <summary>Applied to the result of the first.</summary>
    public Scaler Second { get; } = Second switch
    {
        null => throw new DataFormatException("A chain of scalers lacks its second scaler."),
        { Lag: > 0 } when First is { Lag: > 0 } => throw new DataFormatException(
            $"A chain can hold only one scaler with a lag, not {First.GetType().Name} and {Second.GetType().Name}."),
        _ => Second,
    };

    /// <inheritdoc />
    [JsonIgnore]
    public override int Lag => First.Lag + Second.Lag;

    /// <inheritdoc />
    public override void Transform(ReadOnlySpan<double> values, Span<double> scaled)
    {
        RequireTransformLengths(values.Length, scaled.Length);
        if (Second.Lag == 0)
        {
            First.Transform(values, scaled);
            Second.Transform(scaled, scaled);
            return;
        }

        var between = new double[values.Length];
        First.Transform(values, between);
        Second.Transform(between, scaled);
    }

    /// <inheritdoc />
    public override void Invert(ReadOnlySpan<double> scaled, double anchor, Span<double> values)
    {
        var scaledAnchor = anchor;
        if (Second.Lag > 0)
        {
            First.Transform([anchor], new Span<double>(ref scaledAnchor));
        }

        Second.Invert(scaled, scaledAnchor, values);
        First.Invert(values, anchor, values);
    }

    internal static ChainScaler FromJson(JsonFields fields) =>
        new(Part(fields, nameof(First)), Part(fields, nameof(Second)));

    private static Scaler Part(JsonFields fields, string property) =>
        FromJson(fields.Required(property), fields.Place + "." + property);
}
