using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// A stack: a linear encoder of the inputs, an encoding of their positions where asked for, residual blocks on top of each
/// other, and, where they normalise before, one more normalisation at the end. Outputs are the features at each time.
/// </summary>
/// <param name="Prefix">What the names of its weights start with.</param>
/// <param name="Inputs">Inputs at each time.</param>
/// <param name="Blocks">The blocks, all with the same number of features; at least one.</param>
public sealed record StackDeclaration(string Prefix, int Inputs, IReadOnlyList<ResidualBlockDeclaration> Blocks)
    : LayerDeclaration(Prefix)
{
    /// <summary>What is added to the encoder's outputs.</summary>
    /// <value>Default nothing.</value>
    public PositionEncoding Positions { get; init; }

    /// <summary>Number of features of every block.</summary>
    public int Features => Blocks[0].InputSize;

    /// <summary>The encoder.</summary>
    public LinearDeclaration Encoder => new(WeightName("encoder"), Inputs, Features);

    /// <summary>The normalisation after the last block; null when the blocks normalise after their sums, or not.</summary>
    public LayerDeclaration? Norm => Blocks[0].NormalisedBefore
        ? ResidualBlockDeclaration.NormOf(Blocks[0].Normalisation, WeightName("norm"), Features)
        : null;

    /// <summary>Encoder, blocks and last normalisation, in the order the data passes them.</summary>
    public IReadOnlyList<LayerDeclaration> Parts => [Encoder, .. Blocks, .. Norm is { } norm ? [norm] : Array.Empty<LayerDeclaration>()];

    /// <inheritdoc />
    public override StepKind StepKind =>
        Blocks.All(block => block.StepKind == StepKind.Exact) ? StepKind.Exact : StepKind.None;

    /// <inheritdoc />
    public override int InputSize => Inputs;

    /// <inheritdoc />
    public override int OutputSize => Features;

    /// <inheritdoc />
    public override IReadOnlyList<WeightDeclaration> Weights => [.. Parts.SelectMany(part => part.Weights)];
}
