using System.Text.Json.Serialization;

namespace Sequence.Streaming;

/// <summary>How a block normalises its features.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Normalisation>))]
public enum Normalisation
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Batch normalisation of each feature (<see cref="BatchNormalisationDeclaration"/>).</summary>
    Batch,

    /// <summary>Layer normalisation over the features of each time (<see cref="LayerNormalisationDeclaration"/>).</summary>
    Layer,
}
