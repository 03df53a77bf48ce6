using System.Text.Json.Serialization;

namespace Sequence.Streaming;

/// <summary>How the outputs of all times become one.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Pooling>))]
public enum Pooling
{
    /// <summary>The output at the last valid time.</summary>
    Last,

    /// <summary>The mean of the outputs over the valid length.</summary>
    Mean,

    /// <summary>The output at the first time.</summary>
    First,
}
