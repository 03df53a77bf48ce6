using System.Text.Json.Serialization;

namespace Sequence.Data.Checkpoints;

/// <summary>What a weight does in its layer; learning rates, decay and masks are chosen by it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WeightRole>))]
public enum WeightRole
{
    /// <summary>Maps an input into the layer.</summary>
    Input,

    /// <summary>Maps the state to the next state.</summary>
    Hidden,

    /// <summary>Maps the layer's units to its output.</summary>
    Output,

    /// <summary>A bias, gain or other vector; exempt from weight decay.</summary>
    Vector,

    /// <summary>A step size or time constant; exempt from weight decay, trained at the rate for dynamics.</summary>
    TimeScale,

    /// <summary>A running statistic: stored with the weights, never trained.</summary>
    Statistic,

    /// <summary>
    /// What makes up the state matrix of a continuous system, or maps inputs into its state: exempt from weight decay,
    /// trained at the rate for dynamics.
    /// </summary>
    Dynamics,

    /// <summary>A constant of the layer: stored with the weights, never trained.</summary>
    Constant,
}
