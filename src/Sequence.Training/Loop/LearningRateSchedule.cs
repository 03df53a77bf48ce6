using System.Text.Json.Serialization;

namespace Sequence.Training;

/// <summary>How the learning rate moves with the epochs passed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LearningRateSchedule>))]
public enum LearningRateSchedule
{
    /// <summary>Always the initial rate.</summary>
    Constant,

    /// <summary>Initial rate * 0.5^epoch, the epoch counted from 0.</summary>
    Halving,

    /// <summary>Initial rate * (1 + cos(pi * epoch / epochs)) / 2 (Loshchilov and Hutter 2017), the epoch counted from 0.</summary>
    Cosine,

    /// <summary>
    /// Moves at every step. With e the epochs passed, as a real number, and w the warm-up epochs: initial rate * e / w
    /// before w, then initial rate * (1 + cos(pi * (e - w) / (epochs - w))) / 2. The state-space papers train so.
    /// </summary>
    WarmupCosine,

    /// <summary>
    /// Moves at every step: initial rate * e / w before w and initial rate * sqrt(w / e) after (Vaswani et al. 2017), with e
    /// and w as above. It needs a warm-up.
    /// </summary>
    WarmupInverseSquareRoot,
}
