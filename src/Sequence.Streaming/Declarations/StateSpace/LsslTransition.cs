using System.Text.Json.Serialization;

namespace Sequence.Streaming;

/// <summary>What of the continuous system x' = A x + B u a linear state-space layer trains.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LsslTransition>))]
public enum LsslTransition
{
    /// <summary>Nothing: A [states, states] and B [states] are constants ("LSSL-f" in the paper).</summary>
    Fixed,

    /// <summary>One A [states, states] and B [states] for all features.</summary>
    Shared,

    /// <summary>An A [features, states, states] and B [features, states] of its own for each feature.</summary>
    PerFeature,
}
