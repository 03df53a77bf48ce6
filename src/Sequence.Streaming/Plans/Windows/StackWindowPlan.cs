using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>The plan of a <see cref="StackArchitecture"/>: the running plan over the window's rows, from a zero state.</summary>
internal sealed class StackWindowPlan(StackArchitecture architecture, CheckpointWeights weights)
    : WindowPlan(architecture)
{
    private readonly PooledStackPlan _stream = new(architecture.Model, weights);

    /// <inheritdoc />
    public override StepPlan Running => _stream;

    private protected override void EvaluateCore(ReadOnlySpan<float> window, Span<float> output)
    {
        using var state = new Scratch(_stream.StateSize);
        _stream.Reset(state.Values);
        var features = Architecture.Features;
        for (var row = 0; row < Architecture.LookBack; row++)
        {
            _stream.StepPart(window.Slice(row * features, features), state.Values, output);
        }
    }
}
