using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// Softmax attention in a sliding window with global positions; see <see cref="LongformerAttentionDeclaration"/>.
/// Bidirectional; there is no state.
/// </summary>
/// <remarks>
/// Work and memory are linear in the length: blocks of queries see only the keys in reach and the global ones.
/// </remarks>
public sealed class LongformerAttentionLayer : SequenceLayer
{
    private const long SmallestBlock = 64;

    /// <summary>Creates the layer.</summary>
    /// <exception cref="ConfigurationException">A size is out of range; lists every fault.</exception>
    public LongformerAttentionLayer(LongformerAttentionDeclaration declaration)
    {
        declaration.Validate();
        Declaration = declaration;
    }

    /// <inheritdoc />
    public override LongformerAttentionDeclaration Declaration { get; }

    /// <inheritdoc />
    internal override Tensor ForwardMasked(IWeightSource weights, Tensor input, Tensor? mask, TrainingPass? training)
    {
        using var scope = NewDisposeScope();
        var global = Math.Min(Declaration.GlobalPositions, input.shape[1]);
        var heads = AttendToWindow(weights, input, mask, global);
        if (global > 0)
        {
            var first = nn.functional.scaled_dot_product_attention(
                AttentionHeads.Project(Declaration, weights, "q_global_proj", input.narrow(1, 0, global)),
                AttentionHeads.Project(Declaration, weights, "k_global_proj", input),
                AttentionHeads.Project(Declaration, weights, "v_global_proj", input),
                mask is null ? null : AttentionHeads.KeysPresent(mask));
            heads = cat([first, heads.narrow(2, global, input.shape[1] - global)], dim: 2);
        }

        return AttentionHeads.Output(Declaration, weights, heads).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    protected override LayerResult ForwardCore(
        IWeightSource weights, Tensor input, LayerState? state, TrainingPass? training, bool keepState)
    {
        AttentionHeads.RequireNoState(Declaration, state);
        return new(ForwardMasked(weights, input, mask: null, training), null);
    }

    /// <inheritdoc />
    protected override LayerResult StepCore(IWeightSource weights, Tensor input, LayerState? state) =>
        throw new ModelException($"Layer '{Declaration.Prefix}' has no step.");

    /// <summary>
    /// Every query against the keys of its window and the global ones, [batch, heads, length, size]. Cut into blocks: the
    /// queries of a block see the keys of the block and of a window before and after it. The rows of the global positions
    /// mean nothing.
    /// </summary>
    private Tensor AttendToWindow(IWeightSource weights, Tensor input, Tensor? mask, long global)
    {
        var (batch, length) = (input.shape[0], input.shape[1]);
        var (heads, size) = (Declaration.Heads, Declaration.KeySize);
        var window = Math.Min(Declaration.Window, length - 1);
        var block = Math.Min(length, Math.Max(SmallestBlock, window));
        var blocks = (length + block - 1) / block;
        var after = (blocks * block) - length;
        var reach = block + (2 * window);

        // Without a mask all sequences see the same keys, and one mask of a block serves them; with one it is theirs alone.
        var outer = mask is null ? blocks : batch * blocks;
        Tensor Grouped(Tensor source) => mask is null
            ? source.permute(2, 0, 1, 3, 4).flatten(1, 2)
            : source.permute(0, 2, 1, 3, 4).flatten(0, 1);

        Tensor Padded(Tensor source, long before, long behind)
        {
            Tensor Zeros(long positions) =>
                zeros([batch, heads, positions, size], dtype: source.dtype, device: source.device);
            return cat([Zeros(before), source, Zeros(behind)], dim: 2);
        }

        Tensor Keys(string projection)
        {
            var source = AttentionHeads.Project(Declaration, weights, projection, input);
            var near = Padded(source, window, after + window).unfold(2, reach, block).transpose(3, 4);
            return Grouped(global == 0
                ? near
                : cat([near, source.narrow(2, 0, global).unsqueeze(2).expand(-1, -1, blocks, -1, -1)], dim: 3));
        }

        var query = AttentionHeads.Project(Declaration, weights, "q_proj", input);
        var queries = Grouped(Padded(query, 0, after).reshape(batch, heads, blocks, block, size));
        var seen = Visible(mask, length, window, block, blocks, global, input.device).reshape(outer, 1, block, -1);
        var read = nn.functional.scaled_dot_product_attention(queries, Keys("k_proj"), Keys("v_proj"), seen);
        var ordered = mask is null
            ? read.reshape(blocks, batch, heads, block, size).permute(1, 2, 0, 3, 4)
            : read.reshape(batch, blocks, heads, block, size).permute(0, 2, 1, 3, 4);
        return ordered.reshape(batch, heads, blocks * block, size).narrow(2, 0, length);
    }

    /// <summary>Which of the keys in reach, and then of the global ones, each query sees: [batch or 1, blocks, block, keys].</summary>
    private static Tensor Visible(
        Tensor? mask, long length, long window, long block, long blocks, long global, Device device)
    {
        Tensor Range(long count) => arange(count, dtype: ScalarType.Int64, device: device);
        Tensor Number(long value) => tensor(value, dtype: ScalarType.Int64, device: device);

        var row = Range(block).unsqueeze(1);
        var distance = Range(block + (2 * window)).sub(Number(window)).unsqueeze(0).sub(row);
        var position = Range(blocks).reshape(blocks, 1, 1).mul(Number(block)).add(row).add(distance);
        var isThere = position.ge(Number(global)).logical_and(position.lt(Number(length))).unsqueeze(0);
        if (mask is not null)
        {
            var present = mask.squeeze(2).to(ScalarType.Bool);
            var behind = zeros([mask.shape[0], (blocks * block) - length], dtype: ScalarType.Bool, device: device);
            var kept = cat([present, behind], dim: 1).index_select(1, position.clamp(Number(0), Number((blocks * block) - 1)).flatten());
            isThere = isThere.logical_and(kept.reshape(mask.shape[0], blocks, block, -1));
        }

        // Every query sees itself, so that none beyond the end of its sequence is left without a key.
        var near = distance.abs().le(Number(window)).logical_and(isThere).logical_or(distance.eq(Number(0)));
        if (global == 0)
        {
            return near;
        }

        var first = mask is null
            ? ones([1, 1, 1, global], dtype: ScalarType.Bool, device: device)
            : mask.narrow(1, 0, global).to(ScalarType.Bool).reshape(mask.shape[0], 1, 1, global);
        return cat([near, first.expand(near.shape[0], blocks, block, global)], dim: 3);
    }
}
