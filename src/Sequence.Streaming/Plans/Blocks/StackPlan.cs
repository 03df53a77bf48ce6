using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// The step of a <see cref="StackDeclaration"/>: encoder, positions, blocks, last normalisation. The state holds the blocks'
/// states one after the other, and then, where there are positions, the next one; it is exact up to 2^24.
/// </summary>
public sealed class StackPlan : StepPlan
{
    private readonly StepPlan _encoder;
    private readonly StepPlan[] _blocks;
    private readonly StepPlan? _norm;
    private readonly double[] _frequencies;

    internal StackPlan(StackDeclaration declaration, CheckpointWeights weights)
    {
        _encoder = PlanCompiler.Compile(declaration.Encoder, weights);
        _blocks = [.. declaration.Blocks.Select(block => PlanCompiler.Compile(block, weights))];
        _norm = declaration.Norm is { } norm ? PlanCompiler.Compile(norm, weights) : null;
        _frequencies = declaration.Positions == PositionEncoding.Sinusoidal
            ? SinusoidalPositions.Frequencies(declaration.Features)
            : [];
        StateSize = _blocks.Sum(block => block.StateSize) + (_frequencies.Length > 0 ? 1 : 0);
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

        state.Clear();
    }

    /// <inheritdoc />
    protected override void StepCore(ReadOnlySpan<float> input, Span<float> state, Span<float> output)
    {
        using var first = new Scratch(OutputSize);
        using var second = new Scratch(OutputSize);
        var current = first.Values;
        var next = second.Values;
        _encoder.StepPart(input, [], current);
        if (_frequencies.Length > 0)
        {
            AddPosition(state[^1]++, current);
        }

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

    private void AddPosition(double position, Span<float> features)
    {
        for (var feature = 0; feature < features.Length; feature++)
        {
            // In double precision: a single-precision angle would be wrong from a few thousand positions on.
            var angle = position * _frequencies[feature / 2];
            features[feature] += (float)(feature % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle));
        }
    }
}
