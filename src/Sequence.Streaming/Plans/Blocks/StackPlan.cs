using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// The step of a <see cref="StackDeclaration"/>: encoder, blocks, last normalisation. The state holds the blocks' states one
/// after the other.
/// </summary>
public sealed class StackPlan : StepPlan
{
    private readonly StepPlan _encoder;
    private readonly StepPlan[] _blocks;
    private readonly StepPlan? _norm;

    internal StackPlan(StackDeclaration declaration, CheckpointWeights weights)
    {
        _encoder = PlanCompiler.Compile(declaration.Encoder, weights);
        _blocks = [.. declaration.Blocks.Select(block => PlanCompiler.Compile(block, weights))];
        _norm = declaration.Norm is { } norm ? PlanCompiler.Compile(norm, weights) : null;
        StateSize = _blocks.Sum(block => block.StateSize);
    }

    /// <inheritdoc />
    public override int InputSize => _encoder.InputSize;

    /// <inheritdoc />
    public override int OutputSize => _encoder.OutputSize;

    /// <inheritdoc />
    public override int StateSize { get; }

    /// <inheritdoc />
    public override void Reset(Span<float> state)
    {
        foreach (var block in _blocks)
        {
            block.Reset(state[..block.StateSize]);
            state = state[block.StateSize..];
        }
    }

    /// <inheritdoc />
    protected override void StepCore(ReadOnlySpan<float> input, Span<float> state, Span<float> output)
    {
        using var first = new Scratch(OutputSize);
        using var second = new Scratch(OutputSize);
        var current = first.Values;
        var next = second.Values;
        _encoder.StepPart(input, [], current);
        foreach (var block in _blocks)
        {
            block.StepPart(current, state[..block.StateSize], next);
            var used = current;
            current = next;
            next = used;
            state = state[block.StateSize..];
        }

        if (_norm is null)
        {
            current.CopyTo(output);
        }
        else
        {
            _norm.StepPart(current, [], output);
        }
    }
}
