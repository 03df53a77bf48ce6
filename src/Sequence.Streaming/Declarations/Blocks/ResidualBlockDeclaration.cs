using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// A residual block around a layer f: y = u + dropout(f(norm(u))) when normalised before, y = norm(u + dropout(f(u))) when
/// after. f keeps the number of features.
/// </summary>
/// <param name="Prefix">What the names of its weights start with.</param>
/// <param name="Inner">The layer f; as many outputs as inputs.</param>
/// <param name="Normalisation">How features are normalised.</param>
/// <param name="NormalisedBefore">Whether before f and its dropout ("pre-norm") or after the sum ("post-norm").</param>
/// <param name="Dropout">Share of f's outputs dropped in training, each for the whole sequence; in [0, 1).</param>
public sealed record ResidualBlockDeclaration(
    string Prefix, LayerDeclaration Inner, Normalisation Normalisation, bool NormalisedBefore = true, double Dropout = 0)
    : LayerDeclaration(Prefix)
{
    /// <summary>The normalisation; null when there is none.</summary>
    public LayerDeclaration? Norm => NormOf(Normalisation, WeightName("norm"), Inner.InputSize);

    /// <inheritdoc />
    public override StepKind StepKind => Inner.StepKind;

    /// <inheritdoc />
    public override int InputSize => Inner.InputSize;

    /// <inheritdoc />
    public override int OutputSize => Inner.InputSize;

    /// <inheritdoc />
    public override IReadOnlyList<WeightDeclaration> Weights => [.. Norm?.Weights ?? [], .. Inner.Weights];

    internal static LayerDeclaration? NormOf(Normalisation normalisation, string prefix, int features) => normalisation switch
    {
        Normalisation.Batch => new BatchNormalisationDeclaration(prefix, features),
        Normalisation.Layer => new LayerNormalisationDeclaration(prefix, features),
        _ => null,
    };
}
