using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// Layer normalisation over the features of each time: y = (u - mean) / sqrt(variance + epsilon) * weight + bias. No state.
/// </summary>
public sealed class LayerNormalisationLayer(LayerNormalisationDeclaration declaration) : SequenceLayer
{
    /// <inheritdoc />
    public override LayerNormalisationDeclaration Declaration { get; } = declaration;

    /// <summary>The same: one time knows nothing of another, padded or not.</summary>
    internal override Tensor ForwardMasked(IWeightSource weights, Tensor input, Tensor? mask, TrainingPass? training) =>
        Map(weights, input);

    /// <inheritdoc />
    protected override LayerResult ForwardCore(
        IWeightSource weights, Tensor input, LayerState? state, TrainingPass? training, bool keepState) =>
        new(Map(weights, input), null);

    /// <inheritdoc />
    protected override LayerResult StepCore(IWeightSource weights, Tensor input, LayerState? state) =>
        new(Map(weights, input), null);

    private Tensor Map(IWeightSource weights, Tensor input) => nn.functional.layer_norm(
        input,
        [Declaration.Features],
        weights.Get(Declaration.WeightName("weight")),
        weights.Get(Declaration.WeightName("bias")),
        LayerNormalisationDeclaration.Epsilon);
}
