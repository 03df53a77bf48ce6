using System.Numerics.Tensors;
using Sequence.Data.Checkpoints;
using Sequence.Numerics;

namespace Sequence.Streaming;

/// <summary>
/// The step of <see cref="LsslDeclaration"/>: for each feature one product with (Abar; C Abar), [states + channels, states],
/// gives the next state and the outputs. The state holds x, [features, states].
/// </summary>
public sealed class LsslPlan : StepPlan
{
    private readonly PackedMatrix[] _matrices;

    /// <summary>(Bbar; C Bbar + D) of each feature, [features, states + channels].</summary>
    private readonly float[] _drives;
    private readonly int _states;
    private readonly int _channels;

    internal LsslPlan(LsslDeclaration declaration, CheckpointWeights weights)
    {
        ConfigurationException.ThrowIfAny(declaration.Faults());
        (_states, _channels) = (declaration.StateSize, declaration.Channels);
        InputSize = declaration.Features;
        _matrices = new PackedMatrix[InputSize];
        var rows = _states + _channels;
        _drives = new float[InputSize * rows];
        var a = weights[declaration.WeightName("transition.a")].ToDoubles();
        var b = weights[declaration.WeightName("transition.b")].ToDoubles();
        var c = weights[declaration.WeightName("C")].ToDoubles();
        var d = weights[declaration.WeightName("D")].ToDoubles();
        var logStep = weights[declaration.WeightName("log_dt")].ToDoubles();
        var isCopied = declaration.Transition == LsslTransition.PerFeature;
        var matrix = new float[rows * _states];
        for (var feature = 0; feature < InputSize; feature++)
        {
            var copy = isCopied ? feature : 0;
            var (transition, drive) = Discretisation.GeneralisedBilinear(
                a.AsSpan(copy * _states * _states, _states * _states),
                b.AsSpan(copy * _states, _states),
                _states,
                Math.Exp(logStep[feature]) * declaration.Rate,
                declaration.Alpha);
            var drives = _drives.AsSpan(feature * rows, rows);
            for (var row = 0; row < rows; row++)
            {
                var channel = (feature * _channels) + row - _states;
                var readout = row < _states ? default : c.AsSpan(channel * _states, _states);
                drives[row] = row < _states
                    ? (float)drive[row]
                    : (float)(TensorPrimitives.Dot<double>(readout, drive) + d[channel]);
                for (var column = 0; column < _states; column++)
                {
                    matrix[(row * _states) + column] = (float)(row < _states
                        ? transition[(row * _states) + column]
                        : Column(readout, transition, column));
                }
            }

            _matrices[feature] = new PackedMatrix(matrix, rows, _states);
        }
    }

    /// <inheritdoc />
    public override int InputSize { get; }

    /// <inheritdoc />
    public override int OutputSize => InputSize * _channels;

    /// <inheritdoc />
    public override int StateSize => InputSize * _states;

    /// <inheritdoc />
    protected override void StepCore(ReadOnlySpan<float> input, Span<float> state, Span<float> output)
    {
        var rows = _states + _channels;
        using var scratch = new Scratch(rows);
        var next = scratch.Values;
        for (var feature = 0; feature < _matrices.Length; feature++)
        {
            var x = state.Slice(feature * _states, _states);
            TensorPrimitives.Multiply(_drives.AsSpan(feature * rows, rows), input[feature], next);
            _matrices[feature].MultiplyAdd(x, next);
            next[.._states].CopyTo(x);
            next[_states..].CopyTo(output[(feature * _channels)..]);
        }
    }

    /// <summary>One element of C Abar.</summary>
    private static double Column(ReadOnlySpan<double> readout, ReadOnlySpan<double> transition, int column)
    {
        var sum = 0.0;
        for (var row = 0; row < readout.Length; row++)
        {
            sum += readout[row] * transition[(row * readout.Length) + column];
        }

        return sum;
    }
}
