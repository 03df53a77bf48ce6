namespace Sequence.Streaming;

/// <summary>
/// A model over a window as a step: each input row enters the window, and the whole window is evaluated again. The state
/// holds the last look-back rows, oldest first, and how many have been seen; until the window is full the outputs are NaN.
/// </summary>
public abstract class WindowPlan : StepPlan
{
    private protected WindowPlan(Architecture architecture)
    {
        Architecture = architecture;
    }

    /// <summary>What the plan computes.</summary>
    public Architecture Architecture { get; }

    /// <inheritdoc />
    public sealed override int InputSize => Architecture.Features;

    /// <inheritdoc />
    public sealed override int OutputSize => Architecture.Horizon;

    /// <inheritdoc />
    public sealed override int StateSize => WindowSize + 1;

    /// <summary>
    /// The plan that runs along a series. Default this one, which keeps the window; a model with a state of its own carries
    /// that instead, at the cost of one step an input.
    /// </summary>
    public virtual StepPlan Running => this;

    private int WindowSize => Architecture.LookBack * Architecture.Features;

    /// <summary>Maps one window to its forecasts.</summary>
    /// <param name="window">Scaled inputs, [look-back, features], row-major, oldest first.</param>
    /// <param name="output">Scaled forecasts, [horizon].</param>
    /// <exception cref="ModelException">A span has the wrong length.</exception>
    public void Evaluate(ReadOnlySpan<float> window, Span<float> output)
    {
        if (window.Length != WindowSize || output.Length != OutputSize)
        {
            throw new ModelException(
                $"The window is [{Architecture.LookBack}, {Architecture.Features}] and gives {OutputSize} forecasts; it was " +
                $"given {window.Length} values and room for {output.Length}.");
        }

        EvaluateCore(window, output);
    }

    /// <inheritdoc />
    protected sealed override void StepCore(ReadOnlySpan<float> input, Span<float> state, Span<float> output)
    {
        var window = state[..WindowSize];
        window[InputSize..].CopyTo(window);
        input.CopyTo(window[^InputSize..]);
        ref var seen = ref state[WindowSize];
        if (seen < Architecture.LookBack)
        {
            seen++;
        }

        if (seen < Architecture.LookBack)
        {
            output.Fill(float.NaN);
        }
        else
        {
            EvaluateCore(window, output);
        }
    }

    private protected abstract void EvaluateCore(ReadOnlySpan<float> window, Span<float> output);
}
