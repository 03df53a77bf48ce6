using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// Softmax attention: in each head h[k] = sum over j of softmax over j (q[k]^T k[j] / sqrt(key size)) v[j], y = W_out h +
/// b_out; j runs up to k, over the last positions of the context, or over the whole sequence (Vaswani et al., "Attention
/// Is All You Need", 2017). With a context of c the state holds the keys and values of the last c - 1 positions, or of
/// fewer where there were fewer, each [batch, heads, positions, key size]; without one there is no state.
/// </summary>
/// <remarks>
/// With a context, work and memory are linear in the length: blocks of queries see only the keys in reach. Materialised, the
/// scores of all pairs are written out; otherwise libtorch's fused kernel never holds them all.
/// </remarks>
public sealed class SoftmaxAttentionLayer : SequenceLayer
{
    private const long SmallestBlock = 64;

    /// <summary>Creates the layer.</summary>
    /// <exception cref="ConfigurationException">A size is out of range; lists every fault.</exception>
    public SoftmaxAttentionLayer(SoftmaxAttentionDeclaration declaration)
    {
        declaration.Validate();
        Declaration = declaration;
    }

    /// <inheritdoc />
    public override SoftmaxAttentionDeclaration Declaration { get; }

    /// <inheritdoc />
    internal override Tensor ForwardMasked(IWeightSource weights, Tensor input, Tensor? mask, TrainingPass? training) =>
        mask is not null && Declaration.Bidirectional
            ? AttendToAll(weights, input, AttentionHeads.KeysPresent(mask))
            : base.ForwardMasked(weights, input, mask, training);

    /// <inheritdoc />
    protected override LayerResult ForwardCore(
        IWeightSource weights, Tensor input, LayerState? state, TrainingPass? training, bool keepState)
    {
        RequireOwnState(state, input.shape[0]);
        if (Declaration.Context is not { } context)
        {
            return new(AttendToAll(weights, input, keysPresent: null), null);
        }

        var query = AttentionHeads.Project(Declaration, weights, "q_proj", input);
        var key = AttentionHeads.Project(Declaration, weights, "k_proj", input);
        var value = AttentionHeads.Project(Declaration, weights, "v_proj", input);
        var keys = state is null ? key : cat([state.Tensors[0], key], dim: 2);
        var values = state is null ? value : cat([state.Tensors[1], value], dim: 2);
        var heads = AttendToContext(query, keys, values, Math.Min(context, keys.shape[2]));
        return new(
            AttentionHeads.Output(Declaration, weights, heads),
            keepState ? new LayerState([Last(keys, context - 1).clone(), Last(values, context - 1).clone()]) : null);
    }

    /// <inheritdoc />
    protected override LayerResult StepCore(IWeightSource weights, Tensor input, LayerState? state)
    {
        RequireOwnState(state, input.shape[0]);
        var query = AttentionHeads.ProjectOne(Declaration, weights, "q_proj", input);
        var key = AttentionHeads.ProjectOne(Declaration, weights, "k_proj", input).unsqueeze(2);
        var value = AttentionHeads.ProjectOne(Declaration, weights, "v_proj", input).unsqueeze(2);
        var keys = state is null ? key : cat([state.Tensors[0], key], dim: 2);
        var values = state is null ? value : cat([state.Tensors[1], value], dim: 2);
        var root = tensor(Math.Sqrt(Declaration.KeySize), dtype: query.dtype, device: query.device);
        var attention = einsum("bhd,bhjd->bhj", query, keys).div(root).softmax(2);
        var heads = einsum("bhj,bhjd->bhd", attention, values);
        var kept = Declaration.Context!.Value - 1;
        return new(
            AttentionHeads.OutputOne(Declaration, weights, heads), new LayerState([Last(keys, kept), Last(values, kept)]));
    }

    /// <summary>Attention without a context.</summary>
    /// <param name="weights">Gives the declared weights.</param>
    /// <param name="input">[batch, length, features].</param>
    /// <param name="keysPresent">Which keys may be attended, [batch, 1, 1, length]; only bidirectional. Null: all.</param>
    private Tensor AttendToAll(IWeightSource weights, Tensor input, Tensor? keysPresent)
    {
        var query = AttentionHeads.Project(Declaration, weights, "q_proj", input);
        var key = AttentionHeads.Project(Declaration, weights, "k_proj", input);
        var value = AttentionHeads.Project(Declaration, weights, "v_proj", input);
        if (!Declaration.Materialised)
        {
            return AttentionHeads.Output(
                Declaration,
                weights,
                nn.functional.scaled_dot_product_attention(
                    query, key, value, keysPresent, is_casual: !Declaration.Bidirectional));
        }

        var attention = AllPairs(query, key, keysPresent).flatten(0, 1);
        return AttentionHeads.Output(Declaration, weights, attention.bmm(value.flatten(0, 1)).reshape(value.shape));
    }

    /// <summary>The attention weights of all pairs, [batch, heads, length, length].</summary>
    private Tensor AllPairs(Tensor query, Tensor key, Tensor? keysPresent)
    {
        // What is not needed for the gradient is let go at once: each of these is as large as the result.
        using var scope = NewDisposeScope();
        var (batch, heads, length) = (query.shape[0], query.shape[1], query.shape[2]);
        var root = tensor(Math.Sqrt(Declaration.KeySize), dtype: query.dtype, device: query.device);
        var scores = query.div(root).flatten(0, 1).bmm(key.flatten(0, 1).transpose(1, 2)).reshape(batch, heads, length, length);
        var allowed = Declaration.Bidirectional
            ? keysPresent
            : ones([length, length], dtype: ScalarType.Bool, device: query.device).tril();
        return (allowed is null ? scores : AttentionHeads.Where(allowed, scores)).softmax(3).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Queries of the last positions against the keys and values of all positions, each over its context. Cut into blocks:
    /// the queries of a block see the keys of the block and of context - 1 positions before it.
    /// </summary>
    private static Tensor AttendToContext(Tensor query, Tensor keys, Tensor values, long context)
    {
        var (batch, heads, length, size) = (query.shape[0], query.shape[1], query.shape[2], query.shape[3]);
        var block = Math.Min(length, Math.Max(SmallestBlock, context));
        var blocks = (length + block - 1) / block;
        var after = (blocks * block) - length;
        var absent = context - 1 - Math.Min(context - 1, keys.shape[2] - length);
        var reach = block + context - 1;

        Tensor Zeros(long positions) =>
            zeros([batch, heads, positions, size], dtype: query.dtype, device: query.device);

        // The windows overlap: [batch * heads, blocks, reach, size] as a view of what precedes.
        Tensor Windows(Tensor source) =>
            cat([Zeros(absent), Last(source, length + context - 1 - absent), Zeros(after)], dim: 2)
                .unfold(2, reach, block)
                .reshape(batch * heads, blocks, size, reach)
                .transpose(2, 3);

        var row = arange(block, dtype: ScalarType.Int64, device: query.device).unsqueeze(1);
        var column = arange(reach, dtype: ScalarType.Int64, device: query.device).unsqueeze(0);
        var first = arange(blocks, dtype: ScalarType.Int64, device: query.device).reshape(blocks, 1, 1);
        var distance = column.sub(row);
        var inContext = distance.ge(tensor(0L)).logical_and(distance.lt(tensor(context)));
        var present = first.mul(tensor(block)).add(column).ge(tensor(absent));
        var mask = inContext.unsqueeze(0).logical_and(present);
        var queries = cat([query, Zeros(after)], dim: 2).reshape(batch * heads, blocks, block, size);
        var attended = nn.functional.scaled_dot_product_attention(queries, Windows(keys), Windows(values), mask);
        return attended.reshape(batch, heads, blocks * block, size).narrow(2, 0, length);
    }

    private static Tensor Last(Tensor source, long count)
    {
        var kept = Math.Min(count, source.shape[2]);
        return source.narrow(2, source.shape[2] - kept, kept);
    }

    private void RequireOwnState(LayerState? state, long batch)
    {
        if (state is null)
        {
            return;
        }

        if (Declaration.StepKind != StepKind.Exact)
        {
            throw new ModelException(
                $"Layer '{Declaration.Prefix}' attends to the whole sequence and takes no state. Give it a context.");
        }

        var positions = state.Tensors is [var keys, ..] && keys.dim() == 4
            ? Math.Min(keys.shape[2], Declaration.Context!.Value - 1)
            : 0;
        long[] shape = [batch, Declaration.Heads, positions, Declaration.KeySize];
        RequireState(state, shape, shape);
    }
}
