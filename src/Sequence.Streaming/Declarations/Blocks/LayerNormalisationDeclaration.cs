using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// Layer normalisation (Ba, Kiros and Hinton 2016): y = (u - mean) / sqrt(variance + epsilon) * weight + bias, mean and
/// variance over the features of one time.
/// </summary>
/// <param name="Prefix">What the names of its weights start with.</param>
/// <param name="Features">Number of features.</param>
public sealed record LayerNormalisationDeclaration(string Prefix, int Features) : LayerDeclaration(Prefix)
{
    /// <summary>Added to the variance.</summary>
    public const double Epsilon = 1e-5;

    /// <inheritdoc />
    public override StepKind StepKind => StepKind.Exact;

    /// <inheritdoc />
    public override int InputSize => Features;

    /// <inheritdoc />
    public override int OutputSize => Features;

    /// <inheritdoc />
    public override IReadOnlyList<WeightDeclaration> Weights
    {
        get
        {
            IReadOnlyList<UnitAxis> axes = [new UnitAxis($"{Prefix}.feature", Features)];
            return
            [
                new WeightDeclaration(WeightName("weight"), WeightRole.Vector, Initialisation.Constant(1), axes),
                new WeightDeclaration(WeightName("bias"), WeightRole.Vector, Initialisation.Constant(0), axes),
            ];
        }
    }
}
