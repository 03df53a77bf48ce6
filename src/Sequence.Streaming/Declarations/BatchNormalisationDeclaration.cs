using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// Batch normalisation (Ioffe and Szegedy 2015): y = (u - mean) / sqrt(variance + epsilon) * weight + bias for each
/// channel, with the batch's statistics in training and the running ones afterwards.
/// </summary>
/// <param name="Prefix">What the names of its weights start with.</param>
/// <param name="Channels">Number of channels.</param>
public sealed record BatchNormalisationDeclaration(string Prefix, int Channels) : LayerDeclaration(Prefix)
{
    /// <summary>Added to the variance.</summary>
    public const double Epsilon = 1e-5;

    /// <summary>Share of the batch's statistics in the running ones at each training step.</summary>
    public const double Momentum = 0.1;

    /// <inheritdoc />
    public override StepKind StepKind => StepKind.Exact;

    /// <inheritdoc />
    public override int InputSize => Channels;

    /// <inheritdoc />
    public override int OutputSize => Channels;

    /// <inheritdoc />
    public override IReadOnlyList<WeightDeclaration> Weights
    {
        get
        {
            IReadOnlyList<UnitAxis> axes = [new UnitAxis($"{Prefix}.channel", Channels)];
            var zero = Initialisation.Constant(0);
            var one = Initialisation.Constant(1);
            return
            [
                new WeightDeclaration(WeightName("weight"), WeightRole.Vector, one, axes),
                new WeightDeclaration(WeightName("bias"), WeightRole.Vector, zero, axes),
                new WeightDeclaration(WeightName("running_mean"), WeightRole.Statistic, zero, axes),
                new WeightDeclaration(WeightName("running_var"), WeightRole.Statistic, one, axes),
            ];
        }
    }
}
