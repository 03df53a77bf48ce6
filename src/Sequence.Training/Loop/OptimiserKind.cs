using System.Text.Json.Serialization;

namespace Sequence.Training;

/// <summary>The fourth door: which update rule turns gradients into steps.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OptimiserKind>))]
public enum OptimiserKind
{
    /// <summary>AdamW (Loshchilov and Hutter 2019).</summary>
    AdamW,

    /// <summary>Stochastic gradient descent with momentum 0.9.</summary>
    Sgd,
}
