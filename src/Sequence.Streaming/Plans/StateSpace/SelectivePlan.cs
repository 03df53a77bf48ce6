using System.Numerics.Tensors;
using Sequence.Data.Checkpoints;
using Sequence.Numerics;

namespace Sequence.Streaming;

/// <summary>
/// The step of <see cref="SelectiveDeclaration"/>. The state holds the last kernel - 1 inputs of the convolution, oldest
/// first, [kernel - 1, inner], then that of the state space, [states, inner].
/// </summary>
public sealed class SelectivePlan : StepPlan
{
    private readonly PackedMatrix _enter;
    private readonly PackedMatrix _leave;
    private readonly SelectiveScanPlan _scan;

    /// <summary>Taps of the convolution, [kernel, inner], oldest first.</summary>
    private readonly float[] _taps;
    private readonly float[] _bias;
    private readonly int _inner;

    internal SelectivePlan(SelectiveDeclaration declaration, CheckpointWeights weights)
    {
        ConfigurationException.ThrowIfAny(declaration.Faults());
        InputSize = declaration.Features;
        _inner = declaration.Inner;
        _enter = new PackedMatrix(weights.Singles(declaration.WeightName("in_proj.weight")), 2 * _inner, InputSize);
        _leave = new PackedMatrix(weights.Singles(declaration.WeightName("out_proj.weight")), InputSize, _inner);
        _scan = new SelectiveScanPlan(declaration.Scan, weights);
        _bias = weights.Singles(declaration.WeightName("conv1d.bias"));
        var kernel = declaration.ConvolutionKernel;
        var taps = weights.Singles(declaration.WeightName("conv1d.weight"));
        _taps = new float[taps.Length];
        for (var index = 0; index < taps.Length; index++)
        {
            var (feature, tap) = Math.DivRem(index, kernel);
            _taps[(tap * _inner) + feature] = taps[index];
        }
    }

    /// <inheritdoc />
    public override int InputSize { get; }

    /// <inheritdoc />
    public override int OutputSize => InputSize;

    /// <inheritdoc />
    public override int StateSize => PastSize + _scan.StateSize;

    private int PastSize => _taps.Length - _inner;

    /// <inheritdoc />
    protected override void StepCore(ReadOnlySpan<float> input, Span<float> state, Span<float> output)
    {
        using var scratch = new Scratch(4 * _inner);
        var current = scratch.Values[.._inner];
        var gate = scratch.Values.Slice(_inner, _inner);
        var convolved = scratch.Values.Slice(2 * _inner, _inner);
        var scanned = scratch.Values[^_inner..];
        scratch.Values[..(2 * _inner)].Clear();
        _enter.MultiplyAdd(input, scratch.Values[..(2 * _inner)]);

        var past = state[..PastSize];
        TensorPrimitives.MultiplyAdd(current, _taps.AsSpan(PastSize), _bias, convolved);
        for (var start = 0; start < PastSize; start += _inner)
        {
            TensorPrimitives.MultiplyAdd(past.Slice(start, _inner), _taps.AsSpan(start, _inner), convolved, convolved);
        }

        if (PastSize > 0)
        {
            past[_inner..].CopyTo(past);
            current.CopyTo(past[^_inner..]);
        }

        Activations.Silu(convolved, convolved);
        _scan.Advance(convolved, state[PastSize..], scanned);
        Activations.Silu(gate, gate);
        TensorPrimitives.Multiply(scanned, gate, scanned);
        output.Clear();
        _leave.MultiplyAdd(scanned, output);
    }
}
