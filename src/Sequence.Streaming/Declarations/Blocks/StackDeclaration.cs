using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// A stack: an encoder of the inputs (a linear map of numbers, or a table of vectors of tokens), an encoding of their positions
/// where asked for, residual blocks on top of each other, and, where they normalise before, one more normalisation at the end.
/// Outputs are the features at each time.
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

    /// <summary>Number of distinct tokens; the one input is then a token index. 0 where inputs are numbers.</summary>
    public int Vocabulary { get; init; }

    /// <summary>The encoder.</summary>
    public LayerDeclaration Encoder => Vocabulary == 0
        ? new LinearDeclaration(WeightName("encoder"), Inputs, Features)
        : new EmbeddingDeclaration(WeightName("encoder"), Vocabulary, Features);

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
