using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>The function of a <see cref="ConvolutionBlock"/>, with rows of channels where PyTorch has rows of time.</summary>
internal sealed class ConvolutionWindow
{
    private readonly ConvolutionBlock _block;
    private readonly AffineMap _first;
    private readonly ChannelScale _firstScale;
    private readonly AffineMap _second;
    private readonly ChannelScale _secondScale;
    private readonly AffineMap _projection;

    public ConvolutionWindow(ConvolutionBlock block, CheckpointWeights weights)
    {
        _block = block;
        _first = AffineMap.Of(block.First, weights);
        _firstScale = new ChannelScale(block.FirstNormalisation, weights);
        _second = AffineMap.Of(block.Second, weights);
        _secondScale = new ChannelScale(block.SecondNormalisation, weights);

        // The flattened order is channel-major in the checkpoint and time-major here.
        var weight = weights.Singles(block.Projection.WeightName("weight"));
        var matrix = new float[weight.Length];
        for (var index = 0; index < matrix.Length; index++)
        {
            var (output, flat) = Math.DivRem(index, block.LookBack * block.Filters);
            var (time, channel) = Math.DivRem(flat, block.Filters);
            matrix[index] = weight[(((output * block.Filters) + channel) * block.LookBack) + time];
        }

        var bias = weights.Singles(block.Projection.WeightName("bias"));
        _projection = new AffineMap(matrix, bias, block.Projection.Inputs);
    }

    /// <summary>Maps a window [look-back, features] to [outputs].</summary>
    public void Run(ReadOnlySpan<float> window, Span<float> output)
    {
        var (lookBack, filters, side) = (_block.LookBack, _block.Filters, _block.Kernel / 2);
        var paddedInput = (lookBack + (2 * side)) * _block.Features;
        var paddedChannels = (lookBack + (2 * side)) * filters;
        using var scratch = new Scratch(paddedInput + paddedChannels + (lookBack * filters));
        var input = scratch.Values[..paddedInput];
        var channels = scratch.Values.Slice(paddedInput, paddedChannels);
        var flat = scratch.Values[(paddedInput + paddedChannels)..];

        input.Clear();
        window.CopyTo(input[(side * _block.Features)..]);
        channels.Clear();
        Convolve(_first, _firstScale, input, _block.Features, channels.Slice(side * filters, lookBack * filters));
        Convolve(_second, _secondScale, channels, filters, flat);
        _projection.Apply(flat, output);
    }

    private static void Convolve(
        AffineMap map, ChannelScale scale, ReadOnlySpan<float> padded, int inputs, Span<float> outputs)
    {
        for (var time = 0; time < outputs.Length / map.Outputs; time++)
        {
            var row = outputs.Slice(time * map.Outputs, map.Outputs);
            map.Apply(padded.Slice(time * inputs, map.Inputs), row);
            scale.ApplyToRectified(row);
        }
    }
}
