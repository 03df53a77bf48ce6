using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// A convolution with stride 1 that keeps the length: over a sequence as a layer, over 1, 2 or 3 dimensions as
/// <see cref="Map"/>. The state of a causal one is its last kernel - 1 inputs, [batch, kernel - 1, inputs].
/// </summary>
public sealed class ConvolutionLayer(ConvolutionDeclaration declaration) : SequenceLayer
{
    /// <inheritdoc />
    public override ConvolutionDeclaration Declaration { get; } = declaration;

    /// <summary>The convolution with zeros on both sides: [batch, inputs, ...] to [batch, outputs, ...].</summary>
    /// <exception cref="ModelException">The convolution is causal, or the rank or channels differ.</exception>
    public Tensor Map(IWeightSource weights, Tensor input)
    {
        if (Declaration.Padding != ConvolutionPadding.Same || input.dim() != Declaration.Dimensions + 2 ||
            input.shape[1] != Declaration.Inputs)
        {
            throw new ModelException(
                $"Convolution '{Declaration.Prefix}' ({Declaration.Padding}) takes [batch, {Declaration.Inputs}, " +
                $"{Declaration.Dimensions} axes] but was given [{string.Join(", ", input.shape)}].");
        }

        var weight = weights.Get(Declaration.WeightName("weight"));
        var bias = weights.Get(Declaration.WeightName("bias"));
        var padding = Declaration.Kernel / 2;
        return Declaration.Dimensions switch
        {
            1 => nn.functional.conv1d(input, weight, bias, padding: padding),
            2 => nn.functional.conv2d(input, weight, bias, padding: [padding, padding]),
            3 => nn.functional.conv3d(input, weight, bias, padding: [padding, padding, padding]),
            _ => throw new ModelException(
                $"Convolution '{Declaration.Prefix}' has {Declaration.Dimensions} dimensions; give it 1, 2 or 3."),
        };
    }

    /// <inheritdoc />
    protected override LayerResult ForwardCore(
        IWeightSource weights, Tensor input, LayerState? state, TrainingPass? training, bool keepState)
    {
        if (Declaration.Padding == ConvolutionPadding.Same)
        {
            return new(Map(weights, input.transpose(1, 2)).transpose(1, 2), null);
        }

        RequireState(state, [input.shape[0], Declaration.Kernel - 1, Declaration.Inputs]);
        var past = state?.Tensors[0] ?? zeros(
            [input.shape[0], Declaration.Kernel - 1, Declaration.Inputs], dtype: input.dtype, device: input.device);
        var extended = cat([past, input], dim: 1);
        var output = nn.functional.conv1d(
            extended.transpose(1, 2),
            weights.Get(Declaration.WeightName("weight")),
            weights.Get(Declaration.WeightName("bias")));
        var next = extended.narrow(1, extended.shape[1] - (Declaration.Kernel - 1), Declaration.Kernel - 1);
        return new(output.transpose(1, 2), new LayerState([next]));
    }

    /// <inheritdoc />
    protected override LayerResult StepCore(IWeightSource weights, Tensor input, LayerState? state)
    {
        var result = ForwardCore(weights, input.unsqueeze(1), state, training: null, keepState: true);
        return new(result.Output.squeeze(1), result.State);
    }
}
