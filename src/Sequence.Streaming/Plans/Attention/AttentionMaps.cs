using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>The affine maps of an attention layer, packed.</summary>
internal static class AttentionMaps
{
    /// <summary>Several maps of the input as one; its outputs follow each other in the order given.</summary>
    public static AffineMap Input(
        AttentionDeclaration declaration, CheckpointWeights weights, params IEnumerable<string> projections) => new(
        projections.SelectMany(name => weights.Singles(declaration.WeightName($"{name}.weight"))).ToArray(),
        projections.SelectMany(name => weights.Singles(declaration.WeightName($"{name}.bias"))).ToArray(),
        declaration.Features);

    /// <summary>The map of the joined heads to the output.</summary>
    public static AffineMap Output(AttentionDeclaration declaration, CheckpointWeights weights) =>
        Input(declaration, weights, "out_proj");
}
