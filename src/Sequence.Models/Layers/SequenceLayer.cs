using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// A sequence layer: a declaration of weights and a function of them. The function never reads a field for a weight; it
/// asks the weight source by name.
/// </summary>
public abstract class SequenceLayer
{
    /// <summary>Sizes and weights.</summary>
    public abstract LayerDeclaration Declaration { get; }

    /// <summary>The parallel face: the whole sequence at once.</summary>
    /// <param name="weights">Gives the declared weights.</param>
    /// <param name="input">[batch, length, inputs].</param>
    /// <param name="state">State after the inputs before the first; null at the beginning.</param>
    /// <param name="training">Given in training: batch statistics are used and running ones updated.</param>
    /// <returns>[batch, length, outputs] and the state after the last input.</returns>
    /// <exception cref="ModelException">The input has the wrong shape.</exception>
    public LayerResult Forward(IWeightSource weights, Tensor input, LayerState? state = null, TrainingPass? training = null)
    {
        if (input.dim() != 3 || input.shape[1] < 1 || input.shape[2] != Declaration.InputSize)
        {
            throw new ModelException(
                $"Layer '{Declaration.Prefix}' takes [batch, length >= 1, {Declaration.InputSize}] but was given " +
                $"[{string.Join(", ", input.shape)}].");
        }

        return ForwardCore(weights, input, state, training);
    }

    /// <summary>The step face: one input with an explicit state; equal to one row of <see cref="Forward"/>.</summary>
    /// <param name="weights">Gives the declared weights.</param>
    /// <param name="input">[batch, inputs].</param>
    /// <param name="state">State after the inputs before; null at the beginning.</param>
    /// <returns>[batch, outputs] and the state after this input.</returns>
    /// <exception cref="ModelException">The input has the wrong shape, or the layer has no exact step.</exception>
    public LayerResult Step(IWeightSource weights, Tensor input, LayerState? state = null)
    {
        if (Declaration.StepKind != StepKind.Exact)
        {
            throw new ModelException(
                $"Layer '{Declaration.Prefix}' has no exact step: its step kind is {Declaration.StepKind}.");
        }

        if (input.dim() != 2 || input.shape[1] != Declaration.InputSize)
        {
            throw new ModelException(
                $"A step of layer '{Declaration.Prefix}' takes [batch, {Declaration.InputSize}] but was given " +
                $"[{string.Join(", ", input.shape)}].");
        }

        return StepCore(weights, input, state);
    }

    /// <summary>The function over a sequence of checked shape.</summary>
    protected abstract LayerResult ForwardCore(
        IWeightSource weights, Tensor input, LayerState? state, TrainingPass? training);

    /// <summary>The function of one input of checked shape; only called when the step is exact.</summary>
    protected abstract LayerResult StepCore(IWeightSource weights, Tensor input, LayerState? state);
}
