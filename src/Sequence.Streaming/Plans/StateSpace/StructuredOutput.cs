using System.Numerics;
using System.Numerics.Tensors;

namespace Sequence.Streaming;

/// <summary>
/// What a structured state space makes of its state beside the first channel, which the step itself sums: the other channels
/// y[c, h] = 2 Re(sum over n of g[c, h, n] x[h, n]), and D u for all of them.
/// </summary>
internal sealed class StructuredOutput
{
    private readonly int _features;
    private readonly int _modes;
    private readonly float[] _real;
    private readonly float[] _imaginary;
    private readonly float[] _skip;

    /// <param name="features">Number of features h.</param>
    /// <param name="gains">g, [channels, features, modes].</param>
    /// <param name="skip">D, [channels, features].</param>
    public StructuredOutput(int features, Complex[] gains, float[] skip)
    {
        _features = features;
        _modes = gains.Length / skip.Length;
        _real = Array.ConvertAll(gains, value => (float)(2 * value.Real));
        _imaginary = Array.ConvertAll(gains, value => (float)(-2 * value.Imaginary));
        _skip = skip;
    }

    /// <summary>Sets the channels after the first from a complex state [2, features, modes], then adds D u to all.</summary>
    public void Complete(ReadOnlySpan<float> input, ReadOnlySpan<float> state, Span<float> output)
    {
        var half = state.Length / 2;
        for (var row = _features; row < output.Length; row++)
        {
            output[row] = Product(_real, row, state[..half]) + Product(_imaginary, row, state[half..]);
        }

        AddSkip(input, output);
    }

    /// <summary>Sets every channel from a real state [features, modes], then adds D u.</summary>
    public void CompleteReal(ReadOnlySpan<float> input, ReadOnlySpan<float> state, Span<float> output)
    {
        for (var row = 0; row < output.Length; row++)
        {
            output[row] = Product(_real, row, state);
        }

        AddSkip(input, output);
    }

    private float Product(float[] gains, int row, ReadOnlySpan<float> modes) => TensorPrimitives.Dot(
        gains.AsSpan(row * _modes, _modes), modes.Slice(row % _features * _modes, _modes));

    private void AddSkip(ReadOnlySpan<float> input, Span<float> output)
    {
        for (var start = 0; start < output.Length; start += _features)
        {
            var channel = output.Slice(start, _features);
            TensorPrimitives.MultiplyAdd(_skip.AsSpan(start, _features), input, channel, channel);
        }
    }
}
