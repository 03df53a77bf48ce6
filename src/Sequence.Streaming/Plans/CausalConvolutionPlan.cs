using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// The step of a causal convolution: y[k] = b + sum over taps t of W[t] u[k - kernel + 1 + t]. The state holds the last
/// kernel - 1 inputs, oldest first.
/// </summary>
public sealed class CausalConvolutionPlan : StepPlan
{
    private readonly AffineMap _map;

    internal CausalConvolutionPlan(ConvolutionDeclaration declaration, CheckpointWeights weights)
    {
        if (declaration.Padding != ConvolutionPadding.Causal || declaration.Dimensions != 1)
        {
            throw new ModelException(
                $"Layer '{declaration.Prefix}' is a convolution with {declaration.Padding} padding over " +
                $"{declaration.Dimensions} dimension(s); only a causal one over one dimension has a step.");
        }

        InputSize = declaration.Inputs;
        _map = AffineMap.Of(declaration, weights);
    }

    /// <inheritdoc />
    public override int InputSize { get; }

    /// <inheritdoc />
    public override int OutputSize => _map.Outputs;

    /// <inheritdoc />
    public override int StateSize => _map.Inputs - InputSize;

    /// <inheritdoc />
    protected override void StepCore(ReadOnlySpan<float> input, Span<float> state, Span<float> output)
    {
        using var scratch = new Scratch(_map.Inputs);
        state.CopyTo(scratch.Values);
        input.CopyTo(scratch.Values[state.Length..]);
        _map.Apply(scratch.Values, output);
        scratch.Values[InputSize..].CopyTo(state);
    }
}
