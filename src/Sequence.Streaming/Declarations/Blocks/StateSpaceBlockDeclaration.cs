using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// A state-space layer with what mixes its features (Gu, Goel and Re, "Efficiently Modeling Long Sequences with Structured
/// State Spaces", 2022): v = W dropout(gelu(core(u))) + b, then y = v[first half] * sigmoid(v[second half]) when
/// gated, else y = v. The GELU is the exact one.
/// </summary>
/// <remarks>
/// The names are those of the reference implementation's S4Block: layer.* for the core, output_linear.0.weight
/// [2 * features (features when not gated), core outputs] and output_linear.0.bias.
/// </remarks>
/// <param name="Prefix">What the names of its weights start with.</param>
/// <param name="Core">The state-space layer; its prefix is this one's and ".layer".</param>
/// <param name="Gated">Whether a gated linear unit (Dauphin et al. 2017) follows the linear map.</param>
/// <param name="Dropout">Share of the core's activated outputs dropped in training, each for the whole sequence.</param>
public sealed record StateSpaceBlockDeclaration(string Prefix, LayerDeclaration Core, bool Gated = true, double Dropout = 0)
    : LayerDeclaration(Prefix)
{
    /// <summary>The linear map after the activation.</summary>
    public LinearDeclaration Output =>
        new(WeightName("output_linear.0"), Core.OutputSize, (Gated ? 2 : 1) * Core.InputSize);

    /// <inheritdoc />
    public override StepKind StepKind => Core.StepKind;

    /// <inheritdoc />
    public override int InputSize => Core.InputSize;

    /// <inheritdoc />
    public override int OutputSize => Core.InputSize;

    /// <inheritdoc />
    public override IReadOnlyList<WeightDeclaration> Weights => [.. Core.Weights, .. Output.Weights];

    /// <inheritdoc />
    public override IReadOnlyList<string> Faults() => Core.Faults();

    /// <summary>What the core's prefix has to be for a block of this prefix.</summary>
    public static string CorePrefix(string prefix) => $"{prefix}.layer";
}
