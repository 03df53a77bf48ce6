using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>The function of a <see cref="ConvolutionBlock"/>, shared by the convolutional network and ResNLS.</summary>
internal sealed class ConvolutionBlockFunction(ConvolutionBlock block, double dropout)
{
    private readonly ConvolutionLayer _first = new(block.First);
    private readonly BatchNormalisationLayer _firstNormalisation = new(block.FirstNormalisation);
    private readonly ConvolutionLayer _second = new(block.Second);
    private readonly BatchNormalisationLayer _secondNormalisation = new(block.SecondNormalisation);
    private readonly LinearLayer _projection = new(block.Projection);

    /// <summary>[batch, look-back, features] to [batch, outputs].</summary>
    public Tensor Map(IWeightSource weights, Tensor windows, TrainingPass? training)
    {
        var channels = _first.Map(weights, windows.transpose(1, 2)).relu();
        channels = _firstNormalisation.Map(weights, channels, training);
        channels = training?.Dropout(channels, dropout) ?? channels;
        channels = _second.Map(weights, channels).relu();
        channels = _secondNormalisation.Map(weights, channels, training);
        return _projection.Map(weights, channels.flatten(1));
    }
}
