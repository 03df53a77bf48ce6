using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// Batch normalisation with its running statistics, folded: y = gain * u + shift with gain = weight / sqrt(variance +
/// epsilon) and shift = bias - mean * gain, for each channel.
/// </summary>
internal sealed class ChannelScale
{
    private readonly float[] _gain;
    private readonly float[] _shift;

    public ChannelScale(BatchNormalisationDeclaration declaration, CheckpointWeights weights)
    {
        var weight = weights[declaration.WeightName("weight")].ToDoubles();
        var bias = weights[declaration.WeightName("bias")].ToDoubles();
        var mean = weights[declaration.WeightName("running_mean")].ToDoubles();
        var variance = weights[declaration.WeightName("running_var")].ToDoubles();
        _gain = new float[weight.Length];
        _shift = new float[weight.Length];
        for (var channel = 0; channel < weight.Length; channel++)
        {
            var gain = weight[channel] / Math.Sqrt(variance[channel] + BatchNormalisationDeclaration.Epsilon);
            _gain[channel] = (float)gain;
            _shift[channel] = (float)(bias[channel] - (mean[channel] * gain));
        }
    }

    public void Apply(ReadOnlySpan<float> input, Span<float> output)
    {
        for (var channel = 0; channel < _gain.Length; channel++)
        {
            output[channel] = (_gain[channel] * input[channel]) + _shift[channel];
        }
    }

    /// <summary>The same after a rectifier, in place: y = gain * max(u, 0) + shift.</summary>
    public void ApplyToRectified(Span<float> values)
    {
        for (var channel = 0; channel < _gain.Length; channel++)
        {
            values[channel] = (_gain[channel] * MathF.Max(values[channel], 0)) + _shift[channel];
        }
    }
}
