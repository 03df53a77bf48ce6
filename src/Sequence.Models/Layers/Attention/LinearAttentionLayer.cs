using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// Linear attention: in each head, with phi(x) = elu(x) + 1, S[k] = S[k-1] + phi(k[k]) v[k]^T,
/// s[k] = s[k-1] + phi(k[k]), h[k] = S[k]^T phi(q[k]) / (s[k]^T phi(q[k])); y = W_out h + b_out
/// (Katharopoulos et al., "Transformers are RNNs", 2020). Bidirectional: S and s are the sums over the whole sequence. The
/// state of the causal form holds S [batch, heads, key size, value size] and s [batch, heads, key size].
/// </summary>
/// <remarks>The parallel face forms all pairs of times within blocks of 64 only; work and memory are linear in the length.</remarks>
public sealed class LinearAttentionLayer : SequenceLayer, IDynamicalSystemLayer
{
    /// <summary>Creates the layer.</summary>
    /// <exception cref="ConfigurationException">A size is out of range; lists every fault.</exception>
    public LinearAttentionLayer(LinearAttentionDeclaration declaration)
    {
        declaration.Validate();
        Declaration = declaration;
    }

    /// <inheritdoc />
    public override LinearAttentionDeclaration Declaration { get; }

    /// <summary>
    /// The system with state S[k] / eta[k] of each head, eta[k] = s[k]^T phi(q[k]): A[k] = eta[k-1] / eta[k],
    /// B[k] = phi(k[k]) (x) W_v / eta[k], C[k] = phi(q[k]) (x) W_out, D = 0.
    /// </summary>
    /// <inheritdoc />
    public DynamicalSystem System(IWeightSource weights, Tensor input)
    {
        if (Declaration.Bidirectional)
        {
            throw new ModelException($"Layer '{Declaration.Prefix}' is bidirectional; it is no system that runs forwards.");
        }

        DynamicalSystem.RequireInput(Declaration, input);
        var query = MapFeatures(AttentionHeads.ProjectOne(Declaration, weights, "q_proj", input));
        var key = MapFeatures(AttentionHeads.ProjectOne(Declaration, weights, "k_proj", input));
        return AttentionSystem.Create(Declaration, weights, query, key, Floored(query.mul(key.cumsum(0)).sum(2)));
    }

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
        var query = MapFeatures(AttentionHeads.Project(Declaration, weights, "q_proj", input));
        var key = MapFeatures(AttentionHeads.Project(Declaration, weights, "k_proj", input));
        var value = AttentionHeads.Project(Declaration, weights, "v_proj", input);

        // A value that is always 1 makes s one more column of S.
        var one = ones([.. value.shape[..3], 1], dtype: value.dtype, device: value.device);
        var start = state is null ? null : cat([state.Tensors[0], state.Tensors[1].unsqueeze(3)], dim: 3);
        var (read, memory) = CausalProducts.Run(query, key, cat([value, one], dim: 3), start);
        var size = Declaration.ValueSize;
        var heads = read.narrow(3, 0, size).div(Floored(read.narrow(3, size, 1)));
        return new(
            AttentionHeads.Output(Declaration, weights, heads),
            keepState ? new LayerState([memory.narrow(3, 0, size).clone(), memory.select(3, size).clone()]) : null);
    }

    /// <inheritdoc />
    protected override LayerResult StepCore(IWeightSource weights, Tensor input, LayerState? state)
    {
        RequireOwnState(state, input.shape[0]);
        var query = MapFeatures(AttentionHeads.ProjectOne(Declaration, weights, "q_proj", input));
        var key = MapFeatures(AttentionHeads.ProjectOne(Declaration, weights, "k_proj", input));
        var value = AttentionHeads.ProjectOne(Declaration, weights, "v_proj", input);
        var (read, memory) = CausalProducts.Step(query, key, value, state?.Tensors[0]);
        var sum = state is null ? key : state.Tensors[1].add(key);
        var heads = read.div(Floored(query.mul(sum).sum(2, keepdim: true)));
        return new(AttentionHeads.OutputOne(Declaration, weights, heads), new LayerState([memory, sum]));
    }

    private Tensor AttendToAll(IWeightSource weights, Tensor input, Tensor? mask)
    {
        var query = MapFeatures(AttentionHeads.Project(Declaration, weights, "q_proj", input));
        var key = MapFeatures(AttentionHeads.Project(Declaration, weights, "k_proj", input));
        var value = AttentionHeads.Project(Declaration, weights, "v_proj", input);
        if (mask is not null)
        {
            key = key.mul(mask.unsqueeze(1));
        }

        var read = einsum("bhlk,bhkv->bhlv", query, einsum("bhlk,bhlv->bhkv", key, value));
        var total = Floored(einsum("bhlk,bhk->bhl", query, key.sum(2)).unsqueeze(3));
        return AttentionHeads.Output(Declaration, weights, read.div(total));
    }

    private void RequireOwnState(LayerState? state, long batch) => RequireState(
        state,
        [batch, Declaration.Heads, Declaration.KeySize, Declaration.ValueSize],
        [batch, Declaration.Heads, Declaration.KeySize]);

    /// <summary>phi(x) = elu(x) + 1 = max(x, 0) + exp(min(x, 0)): so written, a small value keeps its digits.</summary>
    private static Tensor MapFeatures(Tensor source) => source.relu().add(source.neg().relu().neg().exp());

    private static Tensor Floored(Tensor sums)
    {
        var floor = tensor(LinearAttentionDeclaration.SmallestSum, dtype: sums.dtype, device: sums.device);
        return maximum(sums, floor);
    }
}
