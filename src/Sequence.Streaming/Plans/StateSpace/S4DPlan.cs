using System.Numerics;
using System.Numerics.Tensors;
using Sequence.Data.Checkpoints;
using Sequence.Numerics;

namespace Sequence.Streaming;

/// <summary>
/// The step of S4D: x[k] = A x[k-1] + u[k], y[k] = 2 Re(G x[k]) + D u[k] for each feature, with G = C B for the discrete
/// A and B of the declaration. The state holds the real parts of all features' modes, then the imaginary ones, or only
/// real ones when the state is real. Coefficients are computed in double precision.
/// </summary>
public sealed class S4DPlan : StepPlan
{
    private readonly int _modes;
    private readonly StructuredOutput _output;

    // Of complex modes; null when they are real.
    private readonly DiagonalStep? _step;

    // Of real modes, [features, modes]; empty when they are complex.
    private readonly float[] _decay = [];

    internal S4DPlan(S4DDeclaration declaration, CheckpointWeights weights)
    {
        if (declaration.Bidirectional)
        {
            throw new ModelException(
                $"Layer '{declaration.Prefix}' is bidirectional: an output depends on later inputs, so it has no step.");
        }

        InputSize = declaration.InputSize;
        OutputSize = declaration.OutputSize;
        _modes = declaration.Modes;
        var system = new StructuredCoefficients(declaration, weights);
        var transition = new Complex[system.Diagonal.Length];
        var gain = system.Output;
        for (var index = 0; index < transition.Length; index++)
        {
            var step = system.StepSizes[index / _modes] * declaration.Rate;
            (transition[index], var input) = declaration.Discretisation == DiagonalDiscretisation.ZeroOrderHold
                ? Discretisation.ZeroOrderHold(system.Diagonal[index], step)
                : Discretisation.Bilinear(system.Diagonal[index], step);
            for (var row = index; row < gain.Length; row += transition.Length)
            {
                gain[row] *= input * system.Input[index];
            }
        }

        _output = new StructuredOutput(InputSize, gain, system.Skip);
        if (declaration.RealState)
        {
            _decay = Array.ConvertAll(transition, value => (float)value.Real);
        }
        else
        {
            _step = new DiagonalStep(InputSize, _modes, transition, gain.AsSpan(0, transition.Length));
        }
    }

    /// <inheritdoc />
    public override int InputSize { get; }

    /// <inheritdoc />
    public override int OutputSize { get; }

    /// <inheritdoc />
    public override int StateSize => (_step is null ? 1 : 2) * InputSize * _modes;

    /// <inheritdoc />
    protected override void StepCore(ReadOnlySpan<float> input, Span<float> state, Span<float> output)
    {
        if (_step is null)
        {
            for (var feature = 0; feature < input.Length; feature++)
            {
                var part = state.Slice(feature * _modes, _modes);
                TensorPrimitives.MultiplyAdd(part, _decay.AsSpan(feature * _modes, _modes), input[feature], part);
            }

            _output.CompleteReal(input, state, output);
            return;
        }

        _step.Step(input, state, output[..input.Length]);
        _output.Complete(input, state, output);
    }
}
