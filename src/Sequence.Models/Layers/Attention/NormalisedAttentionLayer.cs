using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// Causal linear attention with a learned normalisation: in each head S[k] = S[k-1] + k[k] v[k]^T,
/// h[k] = S[k]^T q[k] / eta[k] with eta[k] = exp(w_n u[k] + b_n); y = W_out h + b_out (Sieber et al., "Understanding the
/// Differences in Foundation Models", 2024). The state holds S [batch, heads, key size, value size].
/// </summary>
/// <remarks>
/// The state is the plain sum and the output is divided, which equals the normalised state S / eta of the paper in exact
/// arithmetic: the quotients eta[k-1] / eta[k] would multiply their rounding errors and can overflow on their own.
/// </remarks>
public sealed class NormalisedAttentionLayer : SequenceLayer, IDynamicalSystemLayer
{
    /// <summary>Creates the layer.</summary>
    /// <exception cref="ConfigurationException">A size is out of range; lists every fault.</exception>
    public NormalisedAttentionLayer(NormalisedAttentionDeclaration declaration)
    {
        declaration.Validate();
        Declaration = declaration;
    }

    /// <inheritdoc />
    public override NormalisedAttentionDeclaration Declaration { get; }

    /// <summary>
    /// The system with state S[k] / eta[k] of each head: A[k] = eta[k-1] / eta[k], B[k] = k[k] (x) W_v / eta[k],
    /// C[k] = q[k] (x) W_out, D = 0.
    /// </summary>
    /// <inheritdoc />
    public DynamicalSystem System(IWeightSource weights, Tensor input)
    {
        DynamicalSystem.RequireInput(Declaration, input);
        return AttentionSystem.Create(
            Declaration,
            weights,
            AttentionHeads.ProjectOne(Declaration, weights, "q_proj", input),
            AttentionHeads.ProjectOne(Declaration, weights, "k_proj", input),
            AttentionHeads.Map(Declaration, weights, "n_proj", input).exp());
    }

    /// <inheritdoc />
    protected override LayerResult ForwardCore(
        IWeightSource weights, Tensor input, LayerState? state, TrainingPass? training, bool keepState)
    {
        RequireOwnState(state, input.shape[0]);
        var (read, memory) = CausalProducts.Run(
            AttentionHeads.Project(Declaration, weights, "q_proj", input),
            AttentionHeads.Project(Declaration, weights, "k_proj", input),
            AttentionHeads.Project(Declaration, weights, "v_proj", input),
            state?.Tensors[0]);
        var scale = AttentionHeads.Project(Declaration, weights, "n_proj", input).neg().exp();
        return new(
            AttentionHeads.Output(Declaration, weights, read.mul(scale)),
            keepState ? new LayerState([memory.clone()]) : null);
    }

    /// <inheritdoc />
    protected override LayerResult StepCore(IWeightSource weights, Tensor input, LayerState? state)
    {
        RequireOwnState(state, input.shape[0]);
        var (read, memory) = CausalProducts.Step(
            AttentionHeads.ProjectOne(Declaration, weights, "q_proj", input),
            AttentionHeads.ProjectOne(Declaration, weights, "k_proj", input),
            AttentionHeads.ProjectOne(Declaration, weights, "v_proj", input),
            state?.Tensors[0]);
        var scale = AttentionHeads.ProjectOne(Declaration, weights, "n_proj", input).neg().exp();
        return new(AttentionHeads.OutputOne(Declaration, weights, read.mul(scale)), new LayerState([memory]));
    }

    private void RequireOwnState(LayerState? state, long batch) =>
        RequireState(state, [batch, Declaration.Heads, Declaration.KeySize, Declaration.ValueSize]);
}
