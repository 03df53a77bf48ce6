using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>A 1-D convolutional network over the window.</summary>
public sealed class ConvolutionModel(ConvolutionArchitecture architecture) : WindowModel
{
    private readonly ConvolutionBlockFunction _block = new(architecture.Block, architecture.Dropout);

    /// <inheritdoc />
    public override ConvolutionArchitecture Architecture { get; } = architecture;

    /// <inheritdoc />
    protected override Tensor ForwardCore(IWeightSource weights, Tensor windows, TrainingPass? training) =>
        _block.Map(weights, windows, training);
}
