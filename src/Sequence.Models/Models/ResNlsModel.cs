using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>ResNLS: y = W h + b, h = LSTM(x + r(x)), r the convolution block. See <see cref="ResNlsArchitecture"/>.</summary>
public sealed class ResNlsModel(ResNlsArchitecture architecture) : WindowModel
{
    private readonly ConvolutionBlockFunction _block = new(architecture.Block, architecture.Dropout);
    private readonly RecurrentLayer _recurrence = new(architecture.Recurrence);
    private readonly LinearLayer _head = new(architecture.Head);

    /// <inheritdoc />
    public override ResNlsArchitecture Architecture { get; } = architecture;

    /// <inheritdoc />
    protected override Tensor ForwardCore(IWeightSource weights, Tensor windows, TrainingPass? training)
    {
        var residual = _block.Map(weights, windows, training).reshape(windows.shape);
        var outputs = _recurrence.Forward(weights, windows.add(residual), training: training).Output;
        return _head.Map(weights, outputs.select(1, outputs.shape[1] - 1));
    }
}
