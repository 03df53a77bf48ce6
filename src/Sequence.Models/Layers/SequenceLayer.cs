using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// A sequence layer: a declaration of weights and a function of them. The function never reads a field for a weight; it
/// asks the weight source by name.
/// </summary>
public abstract class SequenceLayer
{
    private string? _firstWeight;

    /// <summary>Sizes and weights.</summary>
    public abstract LayerDeclaration Declaration { get; }

    /// <summary>The parallel face: the whole sequence at once.</summary>
    /// <param name="weights">Gives the declared weights.</param>
    /// <param name="input">[batch, length, inputs], finite, of the weights' element type and device.</param>
    /// <param name="state">State after the inputs before the first; null at the beginning.</param>
    /// <param name="training">Given in training: batch statistics are used and running ones updated.</param>
    /// <param name="keepState">Whether the state after the last input is wanted; some layers save much work without.</param>
    /// <returns>[batch, length, outputs] and the state after the last input.</returns>
    /// <exception cref="ModelException">
    /// The input has the wrong shape, element type or device, or holds NaN or infinity; the state is of another layer.
    /// </exception>
    public LayerResult Forward(
        IWeightSource weights,
        Tensor input,
        LayerState? state = null,
        TrainingPass? training = null,
        bool keepState = true)
    {
        if (input.dim() != 3 || input.shape[1] < 1 || input.shape[2] != Declaration.InputSize)
        {
            throw new ModelException(
                $"Layer '{Declaration.Prefix}' takes [batch, length >= 1, {Declaration.InputSize}] but was given " +
                $"[{string.Join(", ", input.shape)}].");
        }

        RequireUsable(weights, input, state);
        return ForwardCore(weights, input, state, training, keepState);
    }

    /// <summary>The step face: one input with an explicit state; equal to one row of <see cref="Forward"/>.</summary>
    /// <param name="weights">Gives the declared weights.</param>
    /// <param name="input">[batch, inputs], finite, of the weights' element type and device.</param>
    /// <param name="state">State after the inputs before; null at the beginning.</param>
    /// <returns>[batch, outputs] and the state after this input.</returns>
    /// <exception cref="ModelException">
    /// The input has the wrong shape, element type or device, or holds NaN or infinity; the state is of another layer; or
    /// the layer has no exact step.
    /// </exception>
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

        RequireUsable(weights, input, state);
        return StepCore(weights, input, state);
    }

    /// <summary>The function over a sequence, unchecked: for a layer that is part of another one.</summary>
    internal LayerResult ForwardPart(
        IWeightSource weights, Tensor input, LayerState? state, TrainingPass? training, bool keepState) =>
        ForwardCore(weights, input, state, training, keepState);

    /// <summary>
    /// The function over whole sequences of different lengths, unchecked: what stands after the end of one does not change its
    /// outputs. Here the layer sees zeros there; a layer to which a zero is an input like any other overrides this.
    /// </summary>
    /// <param name="weights">Gives the declared weights.</param>
    /// <param name="input">[batch, length, inputs].</param>
    /// <param name="mask">1 within each sequence and 0 after its end, [batch, length, 1]; null when all are full.</param>
    /// <param name="training">Given in training.</param>
    /// <returns>[batch, length, outputs]; what stands after the end of a sequence is finite and means nothing.</returns>
    internal virtual Tensor ForwardMasked(IWeightSource weights, Tensor input, Tensor? mask, TrainingPass? training) =>
        ForwardPart(weights, mask is null ? input : input.mul(mask), null, training, keepState: false).Output;

    /// <summary>The function of one input, unchecked: for a layer that is part of another one.</summary>
    internal LayerResult StepPart(IWeightSource weights, Tensor input, LayerState? state) =>
        StepCore(weights, input, state);

    /// <summary>The function over a sequence of checked shape.</summary>
    protected abstract LayerResult ForwardCore(
        IWeightSource weights, Tensor input, LayerState? state, TrainingPass? training, bool keepState);

    /// <summary>The function of one input of checked shape; only called when the step is exact.</summary>
    protected abstract LayerResult StepCore(IWeightSource weights, Tensor input, LayerState? state);

    /// <summary>Refuses a state whose tensors are not those of this layer.</summary>
    /// <param name="state">The state; null passes.</param>
    /// <param name="shapes">The shape of each of its tensors, batch first.</param>
    /// <exception cref="ModelException">The number of tensors or a shape differs.</exception>
    protected void RequireState(LayerState? state, params IReadOnlyList<long[]> shapes)
    {
        if (state is null)
        {
            return;
        }

        if (state.Tensors.Count != shapes.Count)
        {
            throw new ModelException(
                $"The state of layer '{Declaration.Prefix}' has {shapes.Count} tensors, {state.Tensors.Count} were given.");
        }

        for (var part = 0; part < shapes.Count; part++)
        {
            if (!state.Tensors[part].shape.AsSpan().SequenceEqual(shapes[part]))
            {
                throw new ModelException(
                    $"Tensor {part} of the state of layer '{Declaration.Prefix}' is [{string.Join(", ", shapes[part])}]; " +
                    $"[{string.Join(", ", state.Tensors[part].shape)}] was given. It belongs to another layer or batch.");
            }
        }
    }

    private void RequireUsable(IWeightSource weights, Tensor input, LayerState? state)
    {
        // Looked up once: a declaration lists its weights anew whenever it is asked.
        _firstWeight ??= Declaration.Weights is [var first, ..] ? first.Name : string.Empty;
        if (_firstWeight.Length > 0)
        {
            InputChecks.RequireTypeOf(weights.Get(_firstWeight), input, $"layer '{Declaration.Prefix}'");
            foreach (var part in state?.Tensors ?? [])
            {
                if (!InputChecks.IsOnDeviceOf(part, input))
                {
                    throw new ModelException(
                        $"The state of layer '{Declaration.Prefix}' is on {part.device}, its input on {input.device}.");
                }
            }
        }

        if (InputChecks.FirstNotFinite(input) is { } place)
        {
            throw new ModelException(
                $"The input of layer '{Declaration.Prefix}' is not a finite number at [{string.Join(", ", place)}]. Resolve " +
                "missing values first.");
        }
    }
}
