using System.Text.Json.Serialization;

namespace Sequence.Training;

/// <summary>How the learning rate moves from epoch to epoch, counted from 0.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LearningRateSchedule>))]
public enum LearningRateSchedule
{
    /// <summary>Always the initial rate.</summary>
    Constant,

    /// <summary>Initial rate * 0.5^epoch.</summary>
    Halving,

    /// <summary>Initial rate * (1 + cos(pi * epoch / epochs)) / 2 (Loshchilov and Hutter 2017).</summary>
    Cosine,
}
