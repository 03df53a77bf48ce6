using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// Attention between positions that a locality-sensitive hash puts close together (Kitaev, Kaiser and Levskaya, "Reformer:
/// The Efficient Transformer", 2020). Queries and keys are shared: k[j] = q[j] / |q[j]|. In each round the bucket of a
/// position is the index of the greatest element of [q R; -q R] with random R; positions are sorted by bucket and
/// cut into chunks, and each attends to its own chunk and the one before, by softmax over q[k]^T k[j] / sqrt(key size).
/// The rounds are weighted by their sums of exponentials; y = W_out [h of each head] + b_out.
/// </summary>
/// <remarks>
/// <para>
/// A position does not attend to itself unless there is nothing else. Positions of a chunk attend to each other across
/// buckets, and a pair that meets in several rounds counts in each of them (the paper's equation 8 divides by their
/// number).
/// </para>
/// <para>
/// The map q_proj gives queries and keys; there is no k_proj. The rotations R, the weight rotations [rounds, key size,
/// buckets / 2], are drawn once, never trained, stand in the checkpoint, and serve every head. There are two buckets for each
/// chunk of the longest sequence, as in the paper; the number is the same for shorter sequences.
/// </para>
/// <para>
/// Causal: positions after the current one get no weight. Which earlier ones are in reach still depends on where
/// the chunks begin, and so on the whole sequence; there is no step. The reversible residual layers of the paper, which
/// save memory and change no output, are not part of this.
/// </para>
/// </remarks>
/// <param name="Prefix">What the names of its weights start with.</param>
/// <param name="Features">Length of an input and of an output; at least 1.</param>
/// <param name="Heads">Number of heads; at least 1, and a divisor of the features.</param>
/// <param name="Length">Longest sequence it is trained on, for the number of buckets; at least 1.</param>
/// <param name="Rounds">Number of hash rounds; at least 1. The paper's models have 1 to 8.</param>
/// <param name="Chunk">Positions in a chunk; at least 1.</param>
/// <param name="Bidirectional">Whether positions after the current one are attended too.</param>
public sealed record ReformerAttentionDeclaration(
    string Prefix, int Features, int Heads, int Length, int Rounds = 4, int Chunk = 64, bool Bidirectional = false)
    : AttentionDeclaration(Prefix, Features, Heads)
{
    /// <summary>Number of buckets, even: 2 ceil(length / chunk).</summary>
    public int Buckets => 2 * (((Length - 1) / Chunk) + 1);

    /// <inheritdoc />
    public override int KeySize => Features / Heads;

    /// <inheritdoc />
    public override StepKind StepKind => StepKind.None;

    /// <inheritdoc />
    /// <exception cref="ConfigurationException">A size is out of range; lists every fault.</exception>
    public override IReadOnlyList<WeightDeclaration> Weights =>
    [
        .. base.Weights.Where(weight => !weight.Name.StartsWith(WeightName("k_proj"), StringComparison.Ordinal)),
        new WeightDeclaration(
            WeightName("rotations"),
            WeightRole.Constant,
            Initialisation.Gaussian(1),
            [
                new UnitAxis($"{Prefix}.round", Rounds),
                new UnitAxis($"{Prefix}.key_unit", KeySize),
                new UnitAxis($"{Prefix}.half_bucket", Buckets / 2),
            ]),
    ];

    private protected override void AddFaults(List<string> faults)
    {
        AtLeastOne(faults, "length", Length);
        AtLeastOne(faults, "rounds", Rounds);
        AtLeastOne(faults, "chunk", Chunk);
    }
}
