using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>An affine map at each time: y[k] = W u[k] + b. It has no state.</summary>
public sealed class LinearLayer(LinearDeclaration declaration) : SequenceLayer
{
    /// <inheritdoc />
    public override LinearDeclaration Declaration { get; } = declaration;

    /// <summary>The map applied to the last axis of any tensor.</summary>
    public Tensor Map(IWeightSource weights, Tensor input) => nn.functional.linear(
        input,
        weights.Get(Declaration.WeightName("weight")),
        weights.Get(Declaration.WeightName("bias")));

    /// <inheritdoc />
    protected override LayerResult ForwardCore(
        IWeightSource weights, Tensor input, LayerState? state, TrainingPass? training, bool keepState) => new(Map(weights, input), null);

    /// <inheritdoc />
    protected override LayerResult StepCore(IWeightSource weights, Tensor input, LayerState? state) =>
        new(Map(weights, input), null);
}
