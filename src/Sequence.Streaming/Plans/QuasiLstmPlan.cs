using System.Numerics.Tensors;
using Sequence.Data.Checkpoints;
using Sequence.Numerics;

namespace Sequence.Streaming;

/// <summary>The step of a quasi-LSTM: x = f * x + i * g, y = o * x. The state holds x [hidden].</summary>
public sealed class QuasiLstmPlan : StepPlan
{
    private readonly AffineMap _map;
    private readonly float? _alpha;

    internal QuasiLstmPlan(QuasiLstmDeclaration declaration, CheckpointWeights weights)
    {
        _map = new AffineMap(
            weights.Singles(declaration.WeightName("weight_ih")),
            weights.Singles(declaration.WeightName("bias_ih")),
            declaration.Inputs);
        if (declaration.ReversedForget)
        {
            _alpha = Math.Max(weights.Singles(declaration.WeightName("alpha"))[0], 0);
        }
    }

    /// <inheritdoc />
    public override int InputSize => _map.Inputs;

    /// <inheritdoc />
    public override int OutputSize => _map.Outputs / 4;

    /// <inheritdoc />
    public override int StateSize => OutputSize;

    /// <inheritdoc />
    protected override void StepCore(ReadOnlySpan<float> input, Span<float> state, Span<float> output)
    {
        var units = OutputSize;
        using var scratch = new Scratch(_map.Outputs);
        var enter = scratch.Values[..units];
        var forget = scratch.Values.Slice(units, units);
        var candidate = scratch.Values.Slice(2 * units, units);
        var leave = scratch.Values.Slice(3 * units, units);
        _map.Apply(input, scratch.Values);
        Activations.Sigmoid(enter, enter);
        if (_alpha is { } alpha)
        {
            Decay(forget, alpha, output);
        }
        else
        {
            Activations.Sigmoid(forget, forget);
        }

        TensorPrimitives.Multiply(enter, candidate, candidate);
        TensorPrimitives.MultiplyAdd(forget, state, candidate, state);
        Activations.Sigmoid(leave, leave);
        TensorPrimitives.Multiply(leave, state, output);
    }

    /// <summary>z = exp(-alpha softplus(z)) with softplus(z) = max(z, 0) + log(1 + exp(-|z|)), in place.</summary>
    private static void Decay(Span<float> values, float alpha, Span<float> work)
    {
        TensorPrimitives.Abs(values, work);
        TensorPrimitives.Negate(work, work);
        TensorPrimitives.Exp(work, work);
        TensorPrimitives.LogP1(work, work);
        TensorPrimitives.Max(values, 0f, values);
        TensorPrimitives.Add(values, work, values);
        TensorPrimitives.Multiply(values, -alpha, values);
        TensorPrimitives.Exp(values, values);
    }
}
