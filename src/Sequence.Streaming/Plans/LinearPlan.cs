using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>The step of a linear layer: y = W u + b. It has no state.</summary>
public sealed class LinearPlan : StepPlan
{
    private readonly AffineMap _map;

    internal LinearPlan(LinearDeclaration declaration, CheckpointWeights weights)
    {
        _map = AffineMap.Of(declaration, weights);
    }

    /// <inheritdoc />
    public override int InputSize => _map.Inputs;

    /// <inheritdoc />
    public override int OutputSize => _map.Outputs;

    /// <inheritdoc />
    public override int StateSize => 0;

    /// <inheritdoc />
    protected override void StepCore(ReadOnlySpan<float> input, Span<float> state, Span<float> output) =>
        _map.Apply(input, output);
}
