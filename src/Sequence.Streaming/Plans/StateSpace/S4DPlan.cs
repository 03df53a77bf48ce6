using System.Numerics;
using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// The step of S4D: x[k] = A x[k-1] + u[k], y[k] = Re(G x[k]) + D u[k] for each feature, with G = 2 C B for the discrete
/// A and B of the declaration. The state holds for each feature the real parts of its modes, then the imaginary ones, or only
/// real ones when the state is real. Coefficients are computed in double precision.
/// </summary>
public sealed class S4DPlan : StepPlan
{
    private readonly S4DDeclaration _declaration;
    private readonly float[] _skip;
    private readonly Complex[] _transition;
    private readonly Complex[] _gain;

    internal S4DPlan(S4DDeclaration declaration, CheckpointWeights weights)
    {
        if (declaration.Bidirectional)
        {
            throw new ModelException(
                $"Layer '{declaration.Prefix}' is bidirectional: an output depends on later inputs, so it has no step.");
        }

        _declaration = declaration;
        var start = new StructuredCoefficients(declaration, weights);
        _skip = start.Skip;
        _transition = new Complex[start.Diagonal.Length];
        _gain = new Complex[start.Output.Length];
        for (var index = 0; index < _transition.Length; index++)
        {
            var step = start.StepSizes[index / declaration.Modes] * declaration.Rate;
            var scaled = step * start.Diagonal[index];
            Complex input;
            if (declaration.Discretisation == DiagonalDiscretisation.ZeroOrderHold)
            {
                _transition[index] = Complex.Exp(scaled);
                input = (_transition[index] - 1) / start.Diagonal[index];
            }
            else
            {
                _transition[index] = (1 + (scaled / 2)) / (1 - (scaled / 2));
                input = step / (1 - (scaled / 2));
            }

            for (var other = index; other < _gain.Length; other += _transition.Length)
            {
                _gain[other] = 2 * start.Output[other] * input * start.Input[index];
            }
        }
    }

    /// <inheritdoc />
    public override int InputSize => _declaration.InputSize;

    /// <inheritdoc />
    public override int OutputSize => _declaration.OutputSize;

    /// <inheritdoc />
    public override int StateSize => 2 * _transition.Length;

    /// <inheritdoc />
    protected override void StepCore(ReadOnlySpan<float> input, Span<float> state, Span<float> output)
    {
        for (var index = 0; index < output.Length; index++)
        {
            output[index] = _skip[index] * input[index % input.Length];
        }

        var modes = _declaration.Modes;
        for (var index = 0; index < _transition.Length; index++)
        {
            var next = (_transition[index] * new Complex(state[2 * index], state[(2 * index) + 1])) + input[index / modes];
            state[2 * index] = (float)next.Real;
            state[(2 * index) + 1] = (float)next.Imaginary;
            for (var channel = 0; channel < _declaration.Channels; channel++)
            {
                output[(channel * input.Length) + (index / modes)] += (float)(_gain[(channel * _transition.Length) + index] * next).Real;
            }
        }
    }
}
