using System.Numerics.Tensors;

namespace Sequence.Streaming;

/// <summary>The sum S of outer products k v^T that linear attention keeps for each head, [key size, value size].</summary>
internal static class AttentionMemory
{
    /// <summary>S = S + k v^T, then h = S^T q.</summary>
    public static void Step(
        ReadOnlySpan<float> query, ReadOnlySpan<float> key, ReadOnlySpan<float> value, Span<float> memory, Span<float> head)
    {
        head.Clear();
        for (var unit = 0; unit < key.Length; unit++)
        {
            var row = memory.Slice(unit * value.Length, value.Length);
            TensorPrimitives.MultiplyAdd(value, key[unit], row, row);
            TensorPrimitives.MultiplyAdd(row, query[unit], head, head);
        }
    }
}
