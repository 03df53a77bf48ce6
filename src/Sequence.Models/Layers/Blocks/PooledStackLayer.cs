using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// A stack, a running pool and a linear head; see <see cref="PooledStackDeclaration"/>. The state has two parts, the stack's
/// and the pool's.
/// </summary>
public sealed class PooledStackLayer(PooledStackDeclaration declaration) : SequenceLayer
{
    private readonly StackLayer _stack = new(declaration.Stack);
    private readonly PoolingLayer _pool = new(declaration.Pool);
    private readonly LinearLayer _head = new(declaration.Head);

    /// <inheritdoc />
    public override PooledStackDeclaration Declaration { get; } = declaration;

    /// <summary>The answer to each whole sequence.</summary>
    /// <param name="weights">Gives the declared weights.</param>
    /// <param name="input">[batch, length, inputs].</param>
    /// <param name="lengths">Valid length of each sequence, [batch] of int64; null when all are full.</param>
    /// <param name="training">Given in training.</param>
    /// <returns>[batch, outputs].</returns>
    public Tensor Answer(IWeightSource weights, Tensor input, Tensor? lengths, TrainingPass? training) =>
        _head.Map(weights, _pool.Pool(_stack.ForwardMasked(weights, input, lengths, training), lengths));

    /// <inheritdoc />
    protected override LayerResult ForwardCore(
        IWeightSource weights, Tensor input, LayerState? state, TrainingPass? training, bool keepState)
    {
        RequireParts(state);
        var stack = _stack.ForwardPart(weights, input, state?.Parts[0], training, keepState);
        var pool = _pool.ForwardPart(weights, stack.Output, state?.Parts[1], training, keepState);
        return new(_head.Map(weights, pool.Output), keepState ? LayerState.Of([stack.State, pool.State]) : null);
    }

    /// <inheritdoc />
    protected override LayerResult StepCore(IWeightSource weights, Tensor input, LayerState? state)
    {
        RequireParts(state);
        var stack = _stack.StepPart(weights, input, state?.Parts[0]);
        var pool = _pool.StepPart(weights, stack.Output, state?.Parts[1]);
        return new(_head.Map(weights, pool.Output), LayerState.Of([stack.State, pool.State]));
    }

    private void RequireParts(LayerState? state)
    {
        RequireState(state, []);
        if (state is not null && state.Parts.Count != 2)
        {
            throw new ModelException(
                $"The state of '{Declaration.Prefix}' has two parts, stack and pool; {state.Parts.Count} were given.");
        }
    }
}
