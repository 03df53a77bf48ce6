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
}
