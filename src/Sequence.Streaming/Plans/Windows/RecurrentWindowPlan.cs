using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>The plan of a <see cref="RecurrentArchitecture"/>.</summary>
internal sealed class RecurrentWindowPlan(RecurrentArchitecture architecture, CheckpointWeights weights)
    : WindowPlan(architecture)
{
    private readonly RecurrentWindow _recurrence = new(architecture.Recurrence, weights);
    private readonly AffineMap _head = AffineMap.Of(architecture.Head, weights);

    private protected override void EvaluateCore(ReadOnlySpan<float> window, Span<float> output)
    {
        using var final = new Scratch(_head.Inputs);
        _recurrence.Run(window, final.Values);
        _head.Apply(final.Values, output);
    }
}
