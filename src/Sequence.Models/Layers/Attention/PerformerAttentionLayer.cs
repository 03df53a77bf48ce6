using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// Attention by positive random features; see <see cref="PerformerAttentionDeclaration"/>. The state of the causal form
/// holds S [batch, heads, random features, value size], s [batch, heads, random features] and c [batch, heads], the
/// greatest exponent so far, by whose exponential S and s are divided.
/// </summary>
/// <remarks>
/// The parallel face of the causal form forms all pairs of times within blocks of 64 only; work and memory are linear in the
/// length. Within a block a key underflows where its exponents are 87 (in single precision) below the greatest so far.
/// </remarks>
public sealed class PerformerAttentionLayer : SequenceLayer
{
    private const long Block = 64;

    /// <summary>Creates the layer.</summary>
    /// <exception cref="ConfigurationException">A size is out of range; lists every fault.</exception>
    public PerformerAttentionLayer(PerformerAttentionDeclaration declaration)
    {
        declaration.Validate();
        Declaration = declaration;
    }

    /// <inheritdoc />
    public override PerformerAttentionDeclaration Declaration { get; }

    /// <inheritdoc />
    internal override Tensor ForwardMasked(IWeightSource weights, Tensor input, Tensor? mask, TrainingPass? training) =>
        Declaration.Bidirectional
            ? AttendToAll(weights, input, mask)
            : base.ForwardMasked(weights, input, mask, training);

    /// <inheritdoc />
    protected override LayerResult ForwardCore(
        IWeightSource weights, Tensor input, LayerState? state, TrainingPass? training, bool keepState)
    {
        if (Declaration.Bidirectional)
        {
            AttentionHeads.RequireNoState(Declaration, state);
            return new(AttendToAll(weights, input, mask: null), null);
        }

        RequireOwnState(state, input.shape[0]);
        return AttendToPast(weights, input, state);
    }

    /// <inheritdoc />
    protected override LayerResult StepCore(IWeightSource weights, Tensor input, LayerState? state)
    {
        RequireOwnState(state, input.shape[0]);
        var query = Queries(Exponents(weights, AttentionHeads.ProjectOne(Declaration, weights, "q_proj", input)));
        var exponents = Exponents(weights, AttentionHeads.ProjectOne(Declaration, weights, "k_proj", input));
        var value = AttentionHeads.ProjectOne(Declaration, weights, "v_proj", input);
        var own = exponents.detach().amax([2]);
        var greatest = state is null ? own : maximum(own, state.Tensors[2]);
        var key = Features(exponents, greatest.unsqueeze(2));
        var (memory, sum) = (key.unsqueeze(3).mul(value.unsqueeze(2)), key);
        if (state is not null)
        {
            var shrink = state.Tensors[2].sub(greatest).exp().unsqueeze(2);
            memory = memory.add(state.Tensors[0].mul(shrink.unsqueeze(3)));
            sum = sum.add(state.Tensors[1].mul(shrink));
        }

        var heads = einsum("bhm,bhmv->bhv", query, memory).div(Floored(query.mul(sum).sum(2, keepdim: true)));
        return new(AttentionHeads.OutputOne(Declaration, weights, heads), new LayerState([memory, sum, greatest]));
    }

    private Tensor AttendToAll(IWeightSource weights, Tensor input, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        var query = Queries(Exponents(weights, AttentionHeads.Project(Declaration, weights, "q_proj", input)));
        var exponents = Exponents(weights, AttentionHeads.Project(Declaration, weights, "k_proj", input));
        if (mask is not null)
        {
            exponents = AttentionHeads.Where(mask.to(ScalarType.Bool).unsqueeze(1), exponents);
        }

        var key = Features(exponents, exponents.detach().amax([2, 3], keepdim: true));
        var value = AttentionHeads.Project(Declaration, weights, "v_proj", input);
        var read = einsum("bhlm,bhmv->bhlv", query, einsum("bhlm,bhlv->bhmv", key, value));
        var total = einsum("bhlm,bhm->bhl", query, key.sum(2)).unsqueeze(3);
        return AttentionHeads.Output(Declaration, weights, read.div(Floored(total))).MoveToOuterDisposeScope();
    }

    private LayerResult AttendToPast(IWeightSource weights, Tensor input, LayerState? state)
    {
        using var scope = NewDisposeScope();
        var (batch, length, heads, size) = (input.shape[0], input.shape[1], Declaration.Heads, Declaration.ValueSize);
        var count = Declaration.RandomFeatures;
        var block = Math.Min(Block, length);
        var blocks = (length + block - 1) / block;
        var missing = (blocks * block) - length;
        Tensor Filled(double value, params long[] shape) =>
            tensor(value, dtype: input.dtype, device: input.device).expand(shape);

        // Exponents that are not there are -infinity: such keys have no weight.
        Tensor Cut(Tensor source, double missingValue) => (missing == 0
            ? source
            : cat([source, Filled(missingValue, batch, heads, missing, source.shape[3])], dim: 2))
            .reshape(batch * heads, blocks, block, source.shape[3]);

        var query = Cut(Queries(Exponents(weights, AttentionHeads.Project(Declaration, weights, "q_proj", input))), 0);
        var exponents = Cut(
            Exponents(weights, AttentionHeads.Project(Declaration, weights, "k_proj", input)), double.NegativeInfinity);

        // A value that is always 1 makes s one more column of S.
        var projected = AttentionHeads.Project(Declaration, weights, "v_proj", input);
        var value = Cut(cat([projected, Filled(1, batch, heads, length, 1)], dim: 3), 0);

        // Each block divides by the exponential of the greatest exponent up to its end.
        var start = state?.Tensors[2].reshape(batch * heads, 1) ?? Filled(double.NegativeInfinity, batch * heads, 1);
        var greatest = cat([start, exponents.detach().amax([2, 3])], dim: 1).cummax(1).values;
        var shrink = greatest.narrow(1, 0, blocks).sub(greatest.narrow(1, 1, blocks)).exp();
        var key = Features(exponents, greatest.narrow(1, 1, blocks).reshape(-1, blocks, 1, 1));
        var (queries, keys, values) = (query.flatten(0, 1), key.flatten(0, 1), value.flatten(0, 1));
        var within = queries.bmm(keys.transpose(1, 2)).tril().bmm(values);
        var own = keys.transpose(1, 2).bmm(values).reshape(batch * heads, blocks, count, size + 1);
        var memory = state is null
            ? Filled(0, batch * heads, count, size + 1)
            : cat([state.Tensors[0], state.Tensors[1].unsqueeze(3)], dim: 3).flatten(0, 1);
        var before = new Tensor[blocks];
        for (var index = 0; index < blocks; index++)
        {
            before[index] = memory.mul(shrink.select(1, index).reshape(-1, 1, 1));
            memory = before[index].add(own.select(1, index));
        }

        var read = within.add(queries.bmm(stack(before, dim: 1).flatten(0, 1)))
            .reshape(batch, heads, blocks * block, size + 1)
            .narrow(2, 0, length);
        var joined = read.narrow(3, 0, size).div(Floored(read.narrow(3, size, 1)));
        var after = memory.reshape(batch, heads, count, size + 1);
        return new(
            AttentionHeads.Output(Declaration, weights, joined).MoveToOuterDisposeScope(),
            new LayerState(
            [
                after.narrow(3, 0, size).clone().MoveToOuterDisposeScope(),
                after.select(3, size).clone().MoveToOuterDisposeScope(),
                greatest.select(1, blocks).reshape(batch, heads).clone().MoveToOuterDisposeScope(),
            ]));
    }

    /// <summary>w_i^T x' - |x'|^2 / 2 with x' = x / d^(1/4), over the last axis.</summary>
    private Tensor Exponents(IWeightSource weights, Tensor source)
    {
        var matrix = weights.Get(Declaration.ProjectionMatrix);
        var scaled = source.mul(tensor(Math.Pow(Declaration.KeySize, -0.25), dtype: source.dtype, device: source.device));
        var half = tensor(0.5, dtype: source.dtype, device: source.device);
        return nn.functional.linear(scaled, matrix).sub_(scaled.square().sum(-1, keepdim: true).mul(half));
    }

    /// <summary>The features of queries, each query's divided by its greatest; the quotient does not change.</summary>
    private static Tensor Queries(Tensor exponents) =>
        Features(exponents, exponents.detach().amax([-1], keepdim: true));

    /// <summary>exp(exponents - shift), in place: these are the largest tensors there are.</summary>
    private static Tensor Features(Tensor exponents, Tensor shift) => exponents.sub_(shift).exp_();

    private static Tensor Floored(Tensor sums)
    {
        var floor = tensor(PerformerAttentionDeclaration.SmallestSum, dtype: sums.dtype, device: sums.device);
        return maximum(sums, floor);
    }

    private void RequireOwnState(LayerState? state, long batch) => RequireState(
        state,
        [batch, Declaration.Heads, Declaration.RandomFeatures, Declaration.ValueSize],
        [batch, Declaration.Heads, Declaration.RandomFeatures],
        [batch, Declaration.Heads]);
}
