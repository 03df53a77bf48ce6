using System.Text.Json.Serialization;

namespace Sequence.Training;

/// <summary>How an error is weighed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LossKind>))]
public enum LossKind
{
    /// <summary>Mean of (y - t)^2.</summary>
    Squared,

    /// <summary>Mean of |y - t|.</summary>
    Absolute,

    /// <summary>Mean of (y - t)^2 / 2 within 1 and |y - t| - 1/2 beyond (Huber 1964).</summary>
    Huber,

    /// <summary>
    /// Mean of -log softmax(y)[c] = log sum_k exp(y[k]) - y[c]: y the outputs, one for each class, c the class index. The
    /// others compare values; this one is for classes.
    /// </summary>
    CrossEntropy,
}
