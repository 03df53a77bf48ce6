using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>RNN, GRU, LSTM or their bidirectional forms over the window, and a linear head on the final states.</summary>
public sealed class RecurrentModel(RecurrentArchitecture architecture) : WindowModel
{
    private readonly RecurrentLayer _recurrence = new(architecture.Recurrence);
    private readonly LinearLayer _head = new(architecture.Head);

    /// <inheritdoc />
    public override RecurrentArchitecture Architecture { get; } = architecture;

    /// <inheritdoc />
    protected override Tensor ForwardCore(IWeightSource weights, Tensor windows, TrainingPass? training)
    {
        var outputs = _recurrence.ForwardPart(weights, windows, null, training, keepState: false).Output;
        var last = outputs.select(1, outputs.shape[1] - 1);
        if (Architecture.Bidirectional)
        {
            // The backward recurrence ends at the first row: that is where it has seen the whole window.
            var forward = last.narrow(1, 0, Architecture.Hidden);
            var backward = outputs.select(1, 0).narrow(1, Architecture.Hidden, Architecture.Hidden);
            last = cat([forward, backward], dim: 1);
        }

        return _head.Map(weights, last);
    }
}
