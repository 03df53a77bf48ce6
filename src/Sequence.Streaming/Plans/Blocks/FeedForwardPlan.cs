using Sequence.Data.Checkpoints;
using Sequence.Numerics;

namespace Sequence.Streaming;

/// <summary>The step of a <see cref="FeedForwardDeclaration"/>. It has no state.</summary>
public sealed class FeedForwardPlan : StepPlan
{
    private readonly AffineMap _first;
    private readonly AffineMap _second;

    internal FeedForwardPlan(FeedForwardDeclaration declaration, CheckpointWeights weights)
    {
        _first = AffineMap.Of(declaration.First, weights);
        _second = AffineMap.Of(declaration.Second, weights);
    }

    /// <inheritdoc />
    public override int InputSize => _first.Inputs;

    /// <inheritdoc />
    public override int OutputSize => _second.Outputs;

    /// <inheritdoc />
    public override int StateSize => 0;

    /// <inheritdoc />
    protected override void StepCore(ReadOnlySpan<float> input, Span<float> state, Span<float> output)
    {
        using var hidden = new Scratch(_first.Outputs);
        _first.Apply(input, hidden.Values);
        Activations.Gelu(hidden.Values, hidden.Values);
        _second.Apply(hidden.Values, output);
    }
}
