using System.Numerics.Tensors;
using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>The step of a <see cref="ResidualBlockDeclaration"/>. The state is that of the layer inside.</summary>
public sealed class ResidualBlockPlan : StepPlan
{
    private readonly StepPlan _inner;
    private readonly StepPlan? _norm;
    private readonly bool _normalisedBefore;

    internal ResidualBlockPlan(ResidualBlockDeclaration declaration, CheckpointWeights weights)
    {
        _inner = PlanCompiler.Compile(declaration.Inner, weights);
        _norm = declaration.Norm is { } norm ? PlanCompiler.Compile(norm, weights) : null;
        _normalisedBefore = declaration.NormalisedBefore;
    }

    /// <inheritdoc />
    public override int InputSize => _inner.InputSize;

    /// <inheritdoc />
    public override int OutputSize => _inner.InputSize;

    /// <inheritdoc />
    public override int StateSize => _inner.StateSize;

    /// <inheritdoc />
    public override void Reset(Span<float> state) => _inner.Reset(state);

    /// <inheritdoc />
    protected override void StepCore(ReadOnlySpan<float> input, Span<float> state, Span<float> output)
    {
        using var normalised = new Scratch(input.Length);
        using var inner = new Scratch(input.Length);
        if (_norm is null)
        {
            _inner.StepPart(input, state, inner.Values);
            TensorPrimitives.Add(input, inner.Values, output);
        }
        else if (_normalisedBefore)
        {
            _norm.StepPart(input, [], normalised.Values);
            _inner.StepPart(normalised.Values, state, inner.Values);
            TensorPrimitives.Add(input, inner.Values, output);
        }
        else
        {
            _inner.StepPart(input, state, inner.Values);
            TensorPrimitives.Add(input, inner.Values, normalised.Values);
            _norm.StepPart(normalised.Values, [], output);
        }
    }
}
