using System.Numerics;

namespace Sequence.Numerics;

/// <summary>
/// The recurrence of a selective state-space model (Gu and Dao, "Mamba: Linear-Time Sequence Modeling with Selective
/// State Spaces", 2023, algorithm 2 with the Euler rule for B, as in the authors' code): for each channel d and state n
/// x_t[d, n] = exp(dt_t[d] A[d, n]) x_(t-1)[d, n] + dt_t[d] B_t[n] u_t[d],
/// y_t[d] = sum_n C_t[n] x_t[d, n] + D[d] u_t[d].
/// One sequence of length L with D channels of N states; T is float or double. Vectors run over the channels.
/// </summary>
public static class SelectiveScan
{
    /// <summary>
    /// Runs the recurrence. <paramref name="input"/> u and <paramref name="steps"/> dt are [L, channels],
    /// <paramref name="dynamics"/> A [channels, states], <paramref name="inputWeights"/> B and
    /// <paramref name="outputWeights"/> C [L, states], <paramref name="skip"/> D [channels] or empty for none,
    /// <paramref name="initialState"/> [channels, states] or empty for zeros. Writes <paramref name="output"/> y
    /// [L, channels] and <paramref name="finalState"/> [channels, states]; the two states may be the same span.
    /// </summary>
    /// <exception cref="ModelException">The shapes do not agree, or T is neither float nor double.</exception>
    public static void Evaluate<T>(
        int channels,
        int states,
        ReadOnlySpan<T> input,
        ReadOnlySpan<T> steps,
        ReadOnlySpan<T> dynamics,
        ReadOnlySpan<T> inputWeights,
        ReadOnlySpan<T> outputWeights,
        ReadOnlySpan<T> skip,
        ReadOnlySpan<T> initialState,
        Span<T> output,
        Span<T> finalState)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var length = RequireShapes(
            channels, states, input, steps, dynamics, inputWeights, outputWeights, skip, initialState);
        Require("output", output.Length, length * channels);
        Require("final state", finalState.Length, channels * states);

        var rates = new Vector<T>[states];
        var state = new Vector<T>[states];
        for (var channel = 0; channel < channels; channel += Vector<T>.Count)
        {
            LoadTransposed(dynamics, channel, states, rates);
            LoadTransposed(initialState, channel, states, state);
            var direct = skip.IsEmpty ? default : Vectors.Load(skip, channel);
            for (var time = 0; time < length; time++)
            {
                var row = time * channels;
                var u = Vectors.Load(input.Slice(row, channels), channel);
                var step = Vectors.Load(steps.Slice(row, channels), channel);
                var y = direct * u;
                var drive = step * u;
                var b = inputWeights.Slice(time * states, states);
                var c = outputWeights.Slice(time * states, states);
                for (var index = 0; index < state.Length; index++)
                {
                    var decay = Vectors.Exp(step * rates[index]);
                    var x = Vectors.MultiplyAdd(decay, state[index], new Vector<T>(b[index]) * drive);
                    state[index] = x;
                    y = Vectors.MultiplyAdd(new Vector<T>(c[index]), x, y);
                }

                Vectors.Store(y, output.Slice(row, channels), channel);
            }

            StoreTransposed(state, channel, states, finalState);
        }
    }

    /// <summary>
    /// The gradients of a loss by everything that <see cref="Evaluate{T}"/> reads, given its derivatives by the output
    /// [L, channels] and by the final state [channels, states], empty for zeros. The gradients replace what the targets
    /// hold; those of the skip and the initial state may be empty, and the former must be where there is no skip.
    /// States are kept at about sqrt(L) times and computed again between them.
    /// </summary>
    /// <exception cref="ModelException">The shapes do not agree, or T is neither float nor double.</exception>
    public static void Differentiate<T>(
        int channels,
        int states,
        ReadOnlySpan<T> input,
        ReadOnlySpan<T> steps,
        ReadOnlySpan<T> dynamics,
        ReadOnlySpan<T> inputWeights,
        ReadOnlySpan<T> outputWeights,
        ReadOnlySpan<T> skip,
        ReadOnlySpan<T> initialState,
        ReadOnlySpan<T> outputGradient,
        ReadOnlySpan<T> finalStateGradient,
        Span<T> inputGradient,
        Span<T> stepsGradient,
        Span<T> dynamicsGradient,
        Span<T> inputWeightsGradient,
        Span<T> outputWeightsGradient,
        Span<T> skipGradient,
        Span<T> initialStateGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var length = RequireShapes(
            channels, states, input, steps, dynamics, inputWeights, outputWeights, skip, initialState);
        Require("gradient of the output", outputGradient.Length, input.Length);
        RequireOrEmpty("gradient of the final state", finalStateGradient.Length, channels * states);
        Require("gradient of the input", inputGradient.Length, input.Length);
        Require("gradient of the steps", stepsGradient.Length, steps.Length);
        Require("gradient of the dynamics", dynamicsGradient.Length, dynamics.Length);
        Require("gradient of the input weights", inputWeightsGradient.Length, inputWeights.Length);
        Require("gradient of the output weights", outputWeightsGradient.Length, outputWeights.Length);
        RequireOrEmpty("gradient of the skip", skipGradient.Length, skip.Length);
        RequireOrEmpty("gradient of the initial state", initialStateGradient.Length, channels * states);

        inputWeightsGradient.Clear();
        outputWeightsGradient.Clear();
        var segment = Math.Max(1, (int)Math.Ceiling(Math.Sqrt(length)));
        var segments = (length + segment - 1) / segment;
        var rates = new Vector<T>[states];
        var state = new Vector<T>[states];
        var adjoint = new Vector<T>[states];
        var ratesGradient = new Vector<T>[states];
        var segmentRatesGradient = new Vector<T>[states];
        var checkpoints = new Vector<T>[segments * states];
        var decays = new Vector<T>[segment * states];

        // The states before each step of a segment, and the one after its last.
        var trajectory = new Vector<T>[(segment + 1) * states];

        for (var channel = 0; channel < channels; channel += Vector<T>.Count)
        {
            LoadTransposed(dynamics, channel, states, rates);
            LoadTransposed(initialState, channel, states, state);
            LoadTransposed(finalStateGradient, channel, states, adjoint);
            Array.Clear(ratesGradient);
            var direct = skip.IsEmpty ? default : Vectors.Load(skip, channel);
            Vector<T> directGradient = default;

            for (var time = 0; time < length; time++)
            {
                if (time % segment == 0)
                {
                    state.CopyTo(checkpoints, time / segment * states);
                }

                var row = time * channels;
                var step = Vectors.Load(steps.Slice(row, channels), channel);
                var drive = step * Vectors.Load(input.Slice(row, channels), channel);
                var b = inputWeights.Slice(time * states, states);
                for (var index = 0; index < state.Length; index++)
                {
                    state[index] = Vectors.MultiplyAdd(
                        Vectors.Exp(step * rates[index]), state[index], new Vector<T>(b[index]) * drive);
                }
            }

            for (var first = (segments - 1) * segment; first >= 0; first -= segment)
            {
                var count = Math.Min(segment, length - first);
                Array.Copy(checkpoints, first / segment * states, trajectory, 0, states);
                for (var time = 0; time < count; time++)
                {
                    var row = (first + time) * channels;
                    var step = Vectors.Load(steps.Slice(row, channels), channel);
                    var drive = step * Vectors.Load(input.Slice(row, channels), channel);
                    var b = inputWeights.Slice((first + time) * states, states);
                    for (var index = 0; index < states; index++)
                    {
                        var at = (time * states) + index;
                        decays[at] = Vectors.Exp(step * rates[index]);
                        trajectory[at + states] = Vectors.MultiplyAdd(
                            decays[at], trajectory[at], new Vector<T>(b[index]) * drive);
                    }
                }

                Array.Clear(segmentRatesGradient);
                Vector<T> segmentDirectGradient = default;
                for (var time = count - 1; time >= 0; time--)
                {
                    var row = (first + time) * channels;
                    var u = Vectors.Load(input.Slice(row, channels), channel);
                    var step = Vectors.Load(steps.Slice(row, channels), channel);
                    var byOutput = Vectors.Load(outputGradient.Slice(row, channels), channel);
                    var drive = step * u;
                    var offset = (first + time) * states;
                    Vector<T> byDrive = default;
                    Vector<T> byStep = default;
                    for (var index = 0; index < states; index++)
                    {
                        var at = (time * states) + index;
                        var byState = Vectors.MultiplyAdd(
                            new Vector<T>(outputWeights[offset + index]), byOutput, adjoint[index]);
                        outputWeightsGradient[offset + index] += Vector.Sum(byOutput * trajectory[at + states]);
                        inputWeightsGradient[offset + index] += Vector.Sum(byState * drive);
                        byDrive = Vectors.MultiplyAdd(new Vector<T>(inputWeights[offset + index]), byState, byDrive);
                        var carried = byState * decays[at];
                        adjoint[index] = carried;
                        var byExponent = carried * trajectory[at];
                        byStep = Vectors.MultiplyAdd(byExponent, rates[index], byStep);
                        segmentRatesGradient[index] = Vectors.MultiplyAdd(
                            byExponent, step, segmentRatesGradient[index]);
                    }

                    segmentDirectGradient = Vectors.MultiplyAdd(byOutput, u, segmentDirectGradient);
                    Vectors.Store(
                        Vectors.MultiplyAdd(byDrive, step, byOutput * direct), inputGradient.Slice(row, channels), channel);
                    Vectors.Store(
                        Vectors.MultiplyAdd(byDrive, u, byStep), stepsGradient.Slice(row, channels), channel);
                }

                // Summed segment by segment, so that the rounding grows with the square root of the length.
                directGradient += segmentDirectGradient;
                for (var index = 0; index < states; index++)
                {
                    ratesGradient[index] += segmentRatesGradient[index];
                }
            }

            StoreTransposed(ratesGradient, channel, states, dynamicsGradient);
            if (!skipGradient.IsEmpty)
            {
                Vectors.Store(directGradient, skipGradient, channel);
            }

            if (!initialStateGradient.IsEmpty)
            {
                StoreTransposed(adjoint, channel, states, initialStateGradient);
            }
        }
    }

    /// <summary>One vector a state from [channels, states], over channels; zeros where the source is empty.</summary>
    private static void LoadTransposed<T>(ReadOnlySpan<T> source, int channel, int states, Span<Vector<T>> target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<T> lanes = stackalloc T[Vector<T>.Count];
        for (var index = 0; index < states; index++)
        {
            lanes.Clear();
            for (var lane = 0; lane < lanes.Length && (channel + lane) * states < source.Length; lane++)
            {
                lanes[lane] = source[((channel + lane) * states) + index];
            }

            target[index] = new Vector<T>(lanes);
        }
    }

    private static void StoreTransposed<T>(ReadOnlySpan<Vector<T>> source, int channel, int states, Span<T> target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var lane = 0; lane < Vector<T>.Count && (channel + lane) * states < target.Length; lane++)
        {
            for (var index = 0; index < states; index++)
            {
                target[((channel + lane) * states) + index] = source[index][lane];
            }
        }
    }

    private static int RequireShapes<T>(
        int channels,
        int states,
        ReadOnlySpan<T> input,
        ReadOnlySpan<T> steps,
        ReadOnlySpan<T> dynamics,
        ReadOnlySpan<T> inputWeights,
        ReadOnlySpan<T> outputWeights,
        ReadOnlySpan<T> skip,
        ReadOnlySpan<T> initialState)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vectors.RequireFloatOrDouble<T>();
        if (channels < 1 || states < 1 || input.Length % channels != 0)
        {
            throw new ModelException(
                $"There are {channels} channels of {states} states and an input of {input.Length} values; channels and "
                + "states must be positive and the input must hold length times channels values.");
        }

        var length = input.Length / channels;
        Require("steps", steps.Length, input.Length);
        Require("dynamics", dynamics.Length, channels * states);
        Require("input weights", inputWeights.Length, length * states);
        Require("output weights", outputWeights.Length, length * states);
        RequireOrEmpty("skip", skip.Length, channels);
        RequireOrEmpty("initial state", initialState.Length, channels * states);
        return length;
    }

    private static void RequireOrEmpty(string name, int found, int expected)
    {
        if (found != 0)
        {
            Require(name, found, expected);
        }
    }

    private static void Require(string name, int found, int expected)
    {
        if (found != expected)
        {
            throw new ModelException($"The {name} of the selective scan holds {found} values; it must hold {expected}.");
        }
    }
}
