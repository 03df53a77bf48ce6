using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// Attention to projections of the keys and values along time (Wang et al., "Linformer: Self-Attention with Linear
/// Complexity", 2020). With K [length, key size] and V [length, value size] of one head,
/// h[k] = softmax(q[k]^T (E K)^T / sqrt(key size)) (F V), and y = W_out [h of each head] + b_out.
/// </summary>
/// <remarks>
/// E and F, the weights key_length_proj and value_length_proj [rank, length], are shared between the heads of a layer
/// ("headwise sharing" in the paper) and start normal with variance 1 / rank, as in the paper's proofs, so that they keep
/// lengths on average. A sequence shorter than the length uses their first columns; a longer one is refused. Each projected
/// key holds all positions, so there is no causal form and no step.
/// </remarks>
/// <param name="Prefix">What the names of its weights start with.</param>
/// <param name="Features">Length of an input and of an output; at least 1.</param>
/// <param name="Heads">Number of heads; at least 1, and a divisor of the features.</param>
/// <param name="Length">Longest sequence; at least 1.</param>
/// <param name="Rank">Number of projected keys; at least 1. The paper's models have 128 to 256.</param>
public sealed record LinformerAttentionDeclaration(string Prefix, int Features, int Heads, int Length, int Rank = 256)
    : AttentionDeclaration(Prefix, Features, Heads)
{
    /// <inheritdoc />
    public override int KeySize => Features / Heads;

    /// <inheritdoc />
    public override StepKind StepKind => StepKind.None;

    /// <inheritdoc />
    /// <exception cref="ConfigurationException">A size is out of range; lists every fault.</exception>
    public override IReadOnlyList<WeightDeclaration> Weights =>
        [.. base.Weights, LengthProjection("key_length_proj"), LengthProjection("value_length_proj")];

    private protected override void AddFaults(List<string> faults)
    {
        AtLeastOne(faults, "length", Length);
        AtLeastOne(faults, "rank", Rank);
    }

    private WeightDeclaration LengthProjection(string name) => new(
        WeightName(name),
        WeightRole.Input,
        Initialisation.Gaussian(1 / Math.Sqrt(Rank)),
        [new UnitAxis($"{Prefix}.rank", Rank), new UnitAxis($"{Prefix}.length", Length)]);
}
