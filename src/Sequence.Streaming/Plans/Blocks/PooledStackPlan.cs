using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// The step of a <see cref="PooledStackDeclaration"/>: stack, running pool and head. The state holds the stack's state and then
/// the pool's.
/// </summary>
public sealed class PooledStackPlan : StepPlan
{
    private readonly StackPlan _stack;
    private readonly PoolingPlan _pool;
    private readonly AffineMap _head;

    internal PooledStackPlan(PooledStackDeclaration declaration, CheckpointWeights weights)
    {
        _stack = new StackPlan(declaration.Stack, weights);
        _pool = new PoolingPlan(declaration.Pool);
        _head = AffineMap.Of(declaration.Head, weights);
    }

    /// <inheritdoc />
    public override int InputSize => _stack.InputSize;

    /// <inheritdoc />
    public override int OutputSize => _head.Outputs;

    /// <inheritdoc />
    public override int StateSize => _stack.StateSize + _pool.StateSize;

    /// <inheritdoc />
    public override void Reset(Span<float> state)
    {
        _stack.Reset(state[.._stack.StateSize]);
        _pool.Reset(state[_stack.StateSize..]);
    }

    /// <inheritdoc />
    protected override void StepCore(ReadOnlySpan<float> input, Span<float> state, Span<float> output)
    {
        using var features = new Scratch(_stack.OutputSize);
        using var pooled = new Scratch(_stack.OutputSize);
        _stack.StepPart(input, state[.._stack.StateSize], features.Values);
        _pool.StepPart(features.Values, state[_stack.StateSize..], pooled.Values);
        _head.Apply(pooled.Values, output);
    }
}
