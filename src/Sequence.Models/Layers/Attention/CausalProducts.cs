using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// What the heads of linear attention read from the past: y[k] = S[k]^T q[k] with S[k] = S[k-1] + k[k] v[k]^T.
/// </summary>
internal static class CausalProducts
{
    /// <summary>Within a block all pairs of times are formed; before it only S is kept.</summary>
    private const long Block = 64;

    /// <summary>The whole sequence at once.</summary>
    /// <param name="query">[batch, heads, length, key size].</param>
    /// <param name="key">[batch, heads, length, key size].</param>
    /// <param name="value">[batch, heads, length, value size].</param>
    /// <param name="memory">S before the first time, [batch, heads, key size, value size]; null for zero.</param>
    /// <returns>y [batch, heads, length, value size], and S after the last time.</returns>
    public static (Tensor Output, Tensor Memory) Run(Tensor query, Tensor key, Tensor value, Tensor? memory)
    {
        var (batch, heads, length) = (query.shape[0], query.shape[1], query.shape[2]);
        var (keySize, valueSize) = (query.shape[3], value.shape[3]);
        var block = Math.Min(Block, length);
        var blocks = (length + block - 1) / block;

        Tensor Cut(Tensor source)
        {
            var size = source.shape[3];
            var missing = (blocks * block) - length;
            var padded = missing == 0
                ? source
                : cat([source, zeros([batch, heads, missing, size], dtype: source.dtype, device: source.device)], dim: 2);
            return padded.reshape(batch * heads * blocks, block, size);
        }

        var (queries, keys, values) = (Cut(query), Cut(key), Cut(value));
        var within = queries.bmm(keys.transpose(1, 2)).tril().bmm(values);

        // S before each block, and after the last, is a running sum of the blocks' own sums.
        var own = keys.transpose(1, 2).bmm(values).reshape(batch, heads, blocks, keySize, valueSize);
        var start = memory ?? zeros([batch, heads, keySize, valueSize], dtype: query.dtype, device: query.device);
        var running = cat([start.unsqueeze(2), own], dim: 2).cumsum(2);
        var before = running.narrow(2, 0, blocks).reshape(batch * heads * blocks, keySize, valueSize);
        var output = within.add(queries.bmm(before)).reshape(batch, heads, blocks * block, valueSize);
        return (output.narrow(2, 0, length), running.select(2, blocks));
    }

    /// <summary>One time: S' = S + k v^T and y = S'^T q.</summary>
    /// <param name="query">[batch, heads, key size].</param>
    /// <param name="key">[batch, heads, key size].</param>
    /// <param name="value">[batch, heads, value size].</param>
    /// <param name="memory">S, [batch, heads, key size, value size]; null for zero.</param>
    public static (Tensor Output, Tensor Memory) Step(Tensor query, Tensor key, Tensor value, Tensor? memory)
    {
        var product = key.unsqueeze(3).mul(value.unsqueeze(2));
        var next = memory is null ? product : memory.add(product);
        return (einsum("bhk,bhkv->bhv", query, next), next);
    }
}
