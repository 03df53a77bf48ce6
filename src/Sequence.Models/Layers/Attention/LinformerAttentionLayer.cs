using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// Attention to keys and values projected along time, h[k] = softmax(q[k]^T (E K)^T / sqrt(key size)) (F V) in each head; see
/// <see cref="LinformerAttentionDeclaration"/>. Bidirectional; there is no state. Work and memory are linear in the length.
/// </summary>
public sealed class LinformerAttentionLayer : SequenceLayer
{
    /// <summary>Creates the layer.</summary>
    /// <exception cref="ConfigurationException">A size is out of range; lists every fault.</exception>
    public LinformerAttentionLayer(LinformerAttentionDeclaration declaration)
    {
        declaration.Validate();
        Declaration = declaration;
    }

    /// <inheritdoc />
    public override LinformerAttentionDeclaration Declaration { get; }

    /// <inheritdoc />
    internal override Tensor ForwardMasked(IWeightSource weights, Tensor input, Tensor? mask, TrainingPass? training)
    {
        if (input.shape[1] > Declaration.Length)
        {
            throw new ModelException(
                $"Layer '{Declaration.Prefix}' projects sequences of up to {Declaration.Length} positions; " +
                $"[{string.Join(", ", input.shape)}] was given. Declare the longest length.");
        }

        var query = AttentionHeads.Project(Declaration, weights, "q_proj", input);
        var key = Compress(weights, "k_proj", "key_length_proj", input, mask);
        var value = Compress(weights, "v_proj", "value_length_proj", input, mask);
        return AttentionHeads.Output(
            Declaration, weights, nn.functional.scaled_dot_product_attention(query, key, value));
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

    /// <summary>E K or F V of each head, [batch, heads, rank, size]; positions after the end of a sequence add nothing.</summary>
    private Tensor Compress(IWeightSource weights, string map, string lengthMap, Tensor input, Tensor? mask)
    {
        var mapped = AttentionHeads.Map(Declaration, weights, map, input);
        var projection = weights.Get(Declaration.WeightName(lengthMap)).narrow(1, 0, input.shape[1]);

        // Shared between the heads, so that it is applied before they are cut apart.
        var batched = projection.unsqueeze(0).expand(input.shape[0], -1, -1);
        return AttentionHeads.Split(Declaration, batched.bmm(mask is null ? mapped : mapped.mul(mask)));
    }
}
