using System.Text.Json.Serialization;

namespace Sequence.Streaming;

/// <summary>Where a convolution puts its zeros, so that the output is as long as the input.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ConvolutionPadding>))]
public enum ConvolutionPadding
{
    /// <summary>Both sides alike: an output sees inputs after it.</summary>
    Same,

    /// <summary>All before the first input: an output sees nothing after it.</summary>
    Causal,
}
