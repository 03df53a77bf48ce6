using System.Text.Json.Serialization;

namespace Sequence.Streaming;

/// <summary>What a stack adds to its encoded inputs to tell positions apart.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PositionEncoding>))]
public enum PositionEncoding
{
    /// <summary>Nothing: the mixer knows the order by itself.</summary>
    None,

    /// <summary>
    /// Sines and cosines of the position p from 0 on (Vaswani et al., "Attention Is All You Need", 2017, section 3.5): feature
    /// 2i gets sin(p / 10000^(2i / features)), feature 2i + 1 the cosine of the same angle.
    /// </summary>
    Sinusoidal,
}
