namespace Sequence.Streaming;

/// <summary>
/// Linear attention (Katharopoulos et al., "Transformers are RNNs", 2020). In each head, with
/// phi(x) = elu(x) + 1 for each element,
/// S[k] = S[k-1] + phi(k[k]) v[k]^T, s[k] = s[k-1] + phi(k[k]), h[k] = S[k]^T phi(q[k]) / (s[k]^T phi(q[k])),
/// and y = W_out [h of each head] + b_out. Bidirectional: S and s are the sums over the whole sequence.
/// </summary>
/// <remarks>
/// The denominator is a sum of positive numbers; it is held at <see cref="SmallestSum"/> or above so that it cannot
/// underflow to 0.
/// </remarks>
/// <param name="Prefix">What the names of its weights start with.</param>
/// <param name="Features">Length of an input and of an output; at least 1.</param>
/// <param name="Heads">Number of heads; at least 1, and a divisor of the features.</param>
/// <param name="KeySize">Length of a query or key in each head, the state expansion; at least 1.</param>
/// <param name="Bidirectional">Whether positions after the current one are attended too; there is then no step.</param>
public sealed record LinearAttentionDeclaration(
    string Prefix, int Features, int Heads, int KeySize, bool Bidirectional = false)
    : AttentionDeclaration(Prefix, Features, Heads)
{
    /// <summary>Below this the sum of attention weights counts as this.</summary>
    public const float SmallestSum = 1e-30f;

    /// <inheritdoc />
    public override int KeySize { get; } = KeySize;

    /// <inheritdoc />
    public override StepKind StepKind => Bidirectional ? StepKind.None : StepKind.Exact;

    private protected override void AddFaults(List<string> faults) => AtLeastOne(faults, "key size", KeySize);
}
