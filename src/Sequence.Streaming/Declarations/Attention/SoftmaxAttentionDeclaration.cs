namespace Sequence.Streaming;

/// <summary>
/// Softmax attention (Vaswani et al., "Attention Is All You Need", 2017). In each head, with d the key size,
/// h[k] = sum over j of softmax over j (q[k]^T k[j] / sqrt(d)) v[j], and y = W_out [h of each head] + b_out. Causal: j runs
/// up to k; with a context of c, over k - c + 1 .. k; bidirectional: over the whole sequence.
/// </summary>
/// <remarks>
/// Unbounded causal attention needs every key and value of the past, and so has no step of finite state; with a context it
/// has. The key size is features / heads.
/// </remarks>
/// <param name="Prefix">What the names of its weights start with.</param>
/// <param name="Features">Length of an input and of an output; at least 1.</param>
/// <param name="Heads">Number of heads; at least 1, and a divisor of the features.</param>
/// <param name="Context">How many of the last positions are attended, the current one among them; null for all.</param>
/// <param name="Bidirectional">Whether positions after the current one are attended too; only without a context.</param>
/// <param name="Materialised">
/// Whether the scores [batch, heads, length, length] are written out as the paper's formula stands, instead of libtorch's
/// fused kernel, which never holds them all: the same outputs for more memory, as a baseline. Only without a context.
/// </param>
public sealed record SoftmaxAttentionDeclaration(
    string Prefix, int Features, int Heads, int? Context = null, bool Bidirectional = false, bool Materialised = false)
    : AttentionDeclaration(Prefix, Features, Heads)
{
    /// <summary>The longest context: twice it must be a whole number in single precision.</summary>
    public const int LongestContext = 1 << 23;

    /// <inheritdoc />
    public override int KeySize => Features / Heads;

    /// <inheritdoc />
    public override StepKind StepKind => Context is not null && !Bidirectional ? StepKind.Exact : StepKind.None;

    private protected override void AddFaults(List<string> faults)
    {
        if (Context is < 1 or > LongestContext)
        {
            faults.Add($"'{Prefix}': context is {Context}; it must be from 1 to {LongestContext}, or absent.");
        }

        if (Context is not null && Bidirectional)
        {
            faults.Add($"'{Prefix}': a context is of the past only; leave it out of bidirectional attention.");
        }

        if (Context is not null && Materialised)
        {
            faults.Add($"'{Prefix}': materialised attention writes out the scores of all pairs; leave the context out.");
        }
    }
}
