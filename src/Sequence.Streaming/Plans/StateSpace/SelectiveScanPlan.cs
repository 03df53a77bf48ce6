using System.Numerics.Tensors;
using Sequence.Data.Checkpoints;
using Sequence.Numerics;

namespace Sequence.Streaming;

/// <summary>
/// The step of <see cref="SelectiveScanDeclaration"/>. The state holds x, [states, features]: with the features innermost
/// every operation runs over as many lanes as there are features.
/// </summary>
public sealed class SelectiveScanPlan : StepPlan
{
    private readonly PackedMatrix _signals;
    private readonly AffineMap _stepSize;
    private readonly int _rank;
    private readonly int _states;
    private readonly float _rate;

    /// <summary>A, [states, features].</summary>
    private readonly float[] _dynamics;
    private readonly float[] _skip;

    internal SelectiveScanPlan(SelectiveScanDeclaration declaration, CheckpointWeights weights)
    {
        ConfigurationException.ThrowIfAny(declaration.Faults());
        InputSize = declaration.Features;
        _rank = declaration.StepRank;
        _states = declaration.StateSize;
        _rate = (float)declaration.Rate;
        _signals = new PackedMatrix(
            weights.Singles(declaration.WeightName("x_proj.weight")), _rank + (2 * _states), InputSize);
        _stepSize = new AffineMap(
            weights.Singles(declaration.WeightName("dt_proj.weight")),
            weights.Singles(declaration.WeightName("dt_proj.bias")),
            _rank);
        _skip = weights.Singles(declaration.WeightName("D"));
        var logarithm = weights[declaration.WeightName("A_log")].ToDoubles();
        _dynamics = new float[logarithm.Length];
        for (var index = 0; index < logarithm.Length; index++)
        {
            var (feature, state) = Math.DivRem(index, _states);
            _dynamics[(state * InputSize) + feature] = (float)-Math.Exp(logarithm[index]);
        }
    }

    /// <inheritdoc />
    public override int InputSize { get; }

    /// <inheritdoc />
    public override int OutputSize => InputSize;

    /// <inheritdoc />
    public override int StateSize => _states * InputSize;

    internal void Advance(ReadOnlySpan<float> input, Span<float> state, Span<float> output)
    {
        var features = InputSize;
        using var scratch = new Scratch(_signals.Rows + (3 * features));
        var signals = scratch.Values[..^(3 * features)];
        var step = scratch.Values.Slice(signals.Length, features);
        var driven = scratch.Values.Slice(signals.Length + features, features);
        var decay = scratch.Values[^features..];
        signals.Clear();
        _signals.MultiplyAdd(input, signals);
        _stepSize.Apply(signals[.._rank], step);
        Activations.Softplus(step, step);
        if (_rate != 1)
        {
            TensorPrimitives.Multiply(step, _rate, step);
        }

        TensorPrimitives.Multiply(step, input, driven);
        TensorPrimitives.Multiply(_skip, input, output);
        for (var n = 0; n < _states; n++)
        {
            var x = state.Slice(n * features, features);
            TensorPrimitives.Multiply(step, _dynamics.AsSpan(n * features, features), decay);
            TensorPrimitives.Exp(decay, decay);
            TensorPrimitives.Multiply(decay, x, x);
            TensorPrimitives.MultiplyAdd(driven, signals[_rank + n], x, x);
            TensorPrimitives.MultiplyAdd(x, signals[_rank + _states + n], output, output);
        }
    }

    /// <inheritdoc />
    protected override void StepCore(ReadOnlySpan<float> input, Span<float> state, Span<float> output) =>
        Advance(input, state, output);
}
