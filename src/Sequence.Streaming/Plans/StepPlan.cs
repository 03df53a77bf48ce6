using System.Numerics.Tensors;

namespace Sequence.Streaming;

/// <summary>
/// A model as a step function in plain C#: x[k+1], y[k] = f(x[k], u[k]). Immutable and thread-safe; the state is a
/// <c>float[]</c> the caller owns, so one plan serves any number of series from any number of threads. A step allocates
/// nothing.
/// </summary>
public abstract class StepPlan
{
    /// <summary>Length of one input u[k].</summary>
    public abstract int InputSize { get; }

    /// <summary>Length of one output y[k].</summary>
    public abstract int OutputSize { get; }

    /// <summary>Length of the state x[k].</summary>
    public abstract int StateSize { get; }

    /// <summary>A new state, as before the first input.</summary>
    public float[] CreateState()
    {
        var state = new float[StateSize];
        Reset(state);
        return state;
    }

    /// <summary>Sets a state back to before the first input.</summary>
    public virtual void Reset(Span<float> state) => state.Clear();

    /// <summary>Takes one input, advances the state in place and writes the output.</summary>
    /// <param name="input">u[k], [InputSize].</param>
    /// <param name="state">x[k] on entry, x[k+1] on return, [StateSize].</param>
    /// <param name="output">y[k], [OutputSize].</param>
    /// <exception cref="ModelException">
    /// A span has the wrong length, or an input is NaN or infinite; the state is then left as it was.
    /// </exception>
    public void Step(ReadOnlySpan<float> input, Span<float> state, Span<float> output)
    {
        if (input.Length != InputSize || state.Length != StateSize || output.Length != OutputSize)
        {
            throw new ModelException(
                $"A step takes {InputSize} inputs, a state of {StateSize} and {OutputSize} outputs; it was given " +
                $"{input.Length}, {state.Length} and {output.Length}.");
        }

        if (!TensorPrimitives.IsFiniteAll(input))
        {
            var place = 0;
            while (float.IsFinite(input[place]))
            {
                place++;
            }

            throw new ModelException(
                $"Input {place} of a step is {input[place]}, which would stay in the state for good. Resolve missing values " +
                "first.");
        }

        StepCore(input, state, output);
    }

    /// <summary>The step, unchecked: for a plan that is part of another one.</summary>
    internal void StepPart(ReadOnlySpan<float> input, Span<float> state, Span<float> output) =>
        StepCore(input, state, output);

    /// <summary>The step; the lengths are right.</summary>
    /// <param name="input">u[k].</param>
    /// <param name="state">x[k] on entry, x[k+1] on return.</param>
    /// <param name="output">y[k].</param>
    protected abstract void StepCore(ReadOnlySpan<float> input, Span<float> state, Span<float> output);
}
