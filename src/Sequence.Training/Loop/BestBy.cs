using System.Text.Json.Serialization;

namespace Sequence.Training;

/// <summary>What tells which epoch's weights are the best.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BestBy>))]
public enum BestBy
{
    /// <summary>The least loss on the validation set.</summary>
    Loss,

    /// <summary>The greatest accuracy on it; the first of equals.</summary>
    Accuracy,
}
