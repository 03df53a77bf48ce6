using Sequence.Data.Checkpoints;
using Sequence.Numerics;

namespace Sequence.Streaming;

/// <summary>
/// Softmax attention estimated by positive orthogonal random features, FAVOR+ (Choromanski et al., "Rethinking Attention
/// with Performers", 2021). With x' = x / d^(1/4), d the key size, and the rows w_i of the projection matrix,
/// phi(x)_i = exp(w_i^T x' - |x'|^2 / 2) / sqrt(m), whose products phi(q)^T phi(k) have the mean exp(q^T k / sqrt(d)); then
/// h[k] = (sum over j of phi(k[j]) v[j]^T)^T phi(q[k]) / (sum over j of phi(k[j]))^T phi(q[k]) and
/// y = W_out [h of each head] + b_out. Causal: j runs up to k; bidirectional: over the whole sequence.
/// </summary>
/// <remarks>
/// <para>
/// The projection matrix projection_matrix [random features, key size] is drawn once and never trained; it stands in
/// the checkpoint and serves every head. Blocks of key-size rows are orthogonal, each row as long as an independent
/// Gaussian one.
/// </para>
/// <para>
/// The exponents are shifted by their greatest value before exp, which leaves the quotient as it is. No constant is
/// added to the features, as the authors' program does, so the products keep their mean; instead the denominator is held at
/// <see cref="SmallestSum"/> or above.
/// </para>
/// </remarks>
/// <param name="Prefix">What the names of its weights start with.</param>
/// <param name="Features">Length of an input and of an output; at least 1.</param>
/// <param name="Heads">Number of heads; at least 1, and a divisor of the features.</param>
/// <param name="RandomFeatures">m, how many features stand for the softmax; at least 1. The paper's models have 256.</param>
/// <param name="Bidirectional">Whether positions after the current one are attended too; there is then no step.</param>
public sealed record PerformerAttentionDeclaration(
    string Prefix, int Features, int Heads, int RandomFeatures = 256, bool Bidirectional = false)
    : AttentionDeclaration(Prefix, Features, Heads)
{
    /// <summary>Below this the sum of attention weights counts as this.</summary>
    public const float SmallestSum = LinearAttentionDeclaration.SmallestSum;

    /// <summary>Full name of the projection matrix.</summary>
    public string ProjectionMatrix => WeightName("projection_matrix");

    /// <inheritdoc />
    public override int KeySize => Features / Heads;

    /// <inheritdoc />
    public override StepKind StepKind => Bidirectional ? StepKind.None : StepKind.Exact;

    /// <inheritdoc />
    /// <exception cref="ConfigurationException">A size is out of range; lists every fault.</exception>
    public override IReadOnlyList<WeightDeclaration> Weights =>
    [
        .. base.Weights,
        new WeightDeclaration(
            ProjectionMatrix,
            WeightRole.Constant,
            Initialisation.Computed((random, _) => Draw(random)),
            [new UnitAxis($"{Prefix}.random_feature", RandomFeatures), new UnitAxis($"{Prefix}.key_unit", KeySize)]),
    ];

    private protected override void AddFaults(List<string> faults) => AtLeastOne(faults, "random features", RandomFeatures);

    private double[] Draw(CounterRandom random)
    {
        var size = KeySize;
        var matrix = new double[RandomFeatures * size];
        for (var row = 0; row < RandomFeatures; row++)
        {
            // Within a block each direction is made orthogonal to those before it, twice, so that rounding does not add up.
            var current = matrix.AsSpan(row * size, size);
            Fill(current, random);
            for (var round = 0; round < 2; round++)
            {
                for (var other = row - (row % size); other < row; other++)
                {
                    var direction = matrix.AsSpan(other * size, size);
                    var share = Dot(current, direction) / Dot(direction, direction);
                    for (var unit = 0; unit < size; unit++)
                    {
                        current[unit] -= share * direction[unit];
                    }
                }
            }

            var gaussian = new double[size];
            Fill(gaussian, random);
            var scale = Math.Sqrt(Dot(gaussian, gaussian) / Dot(current, current));
            foreach (ref var value in current)
            {
                value *= scale;
            }
        }

        return matrix;
    }

    private static void Fill(Span<double> values, CounterRandom random)
    {
        foreach (ref var value in values)
        {
            value = random.NextGaussian();
        }
    }

    private static double Dot(ReadOnlySpan<double> one, ReadOnlySpan<double> other) =>
        System.Numerics.Tensors.TensorPrimitives.Dot(one, other);
}
