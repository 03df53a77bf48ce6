using System.Numerics.Tensors;

namespace Sequence.Streaming;

/// <summary>The term D u of a state-space layer.</summary>
internal static class SkipConnection
{
    /// <summary>y[c, h] += D[c, h] u[h].</summary>
    public static void Add(ReadOnlySpan<float> skip, ReadOnlySpan<float> input, Span<float> output)
    {
        for (var start = 0; start < output.Length; start += input.Length)
        {
            var channel = output.Slice(start, input.Length);
            TensorPrimitives.MultiplyAdd(skip.Slice(start, input.Length), input, channel, channel);
        }
    }
}
