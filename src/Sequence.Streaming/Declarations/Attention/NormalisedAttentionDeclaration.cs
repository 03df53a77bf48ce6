using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// Causal linear attention with a normalisation that is learned from the input (Sieber et al., "Understanding the
/// Differences in Foundation Models", 2024, "normalised attention"). In each head
/// S[k] = S[k-1] + k[k] v[k]^T, eta[k] = exp(w_n u[k] + b_n), h[k] = S[k]^T q[k] / eta[k],
/// and y = W_out [h of each head] + b_out. Queries and keys pass no feature map.
/// </summary>
/// <remarks>
/// S is a plain sum over the past: without the normalisation it grows with the length, and eta is free to follow. The
/// normalisation adds the weights n_proj.weight [heads, features] and n_proj.bias [heads].
/// </remarks>
/// <param name="Prefix">What the names of its weights start with.</param>
/// <param name="Features">Length of an input and of an output; at least 1.</param>
/// <param name="Heads">Number of heads; at least 1, and a divisor of the features.</param>
/// <param name="KeySize">Length of a query or key in each head, the state expansion; at least 1.</param>
public sealed record NormalisedAttentionDeclaration(string Prefix, int Features, int Heads, int KeySize)
    : AttentionDeclaration(Prefix, Features, Heads)
{
    /// <inheritdoc />
    public override int KeySize { get; } = KeySize;

    /// <inheritdoc />
    public override StepKind StepKind => StepKind.Exact;

    /// <inheritdoc />
    /// <exception cref="ConfigurationException">A size is out of range; lists every fault.</exception>
    public override IReadOnlyList<WeightDeclaration> Weights =>
        [.. base.Weights, .. Projection("n_proj", new UnitAxis($"{Prefix}.head", Heads))];

    private protected override void AddFaults(List<string> faults) => AtLeastOne(faults, "key size", KeySize);
}
