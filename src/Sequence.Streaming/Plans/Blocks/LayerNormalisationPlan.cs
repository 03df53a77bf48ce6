using System.Numerics.Tensors;
using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>The step of a layer normalisation. It has no state.</summary>
public sealed class LayerNormalisationPlan : StepPlan
{
    private readonly float[] _gain;
    private readonly float[] _shift;

    internal LayerNormalisationPlan(LayerNormalisationDeclaration declaration, CheckpointWeights weights)
    {
        _gain = weights.Singles(declaration.WeightName("weight"));
        _shift = weights.Singles(declaration.WeightName("bias"));
    }

    /// <inheritdoc />
    public override int InputSize => _gain.Length;

    /// <inheritdoc />
    public override int OutputSize => _gain.Length;

    /// <inheritdoc />
    public override int StateSize => 0;

    /// <inheritdoc />
    protected override void StepCore(ReadOnlySpan<float> input, Span<float> state, Span<float> output)
    {
        // The mean first and the variance from the differences: one pass over squares would cancel.
        var mean = TensorPrimitives.Sum(input) / input.Length;
        TensorPrimitives.Subtract(input, mean, output);
        var variance = TensorPrimitives.SumOfSquares(output) / output.Length;
        var scale = 1 / MathF.Sqrt(variance + (float)LayerNormalisationDeclaration.Epsilon);
        TensorPrimitives.Multiply(output, scale, output);
        TensorPrimitives.MultiplyAdd(output, _gain, _shift, output);
    }
}
