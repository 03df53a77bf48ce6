using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>A stack over the window, a pool and a linear head. See <see cref="StackArchitecture"/>.</summary>
public sealed class StackModel(StackArchitecture architecture) : WindowModel
{
    private readonly PooledStackLayer _model = new(architecture.Model);

    /// <inheritdoc />
    public override StackArchitecture Architecture { get; } = architecture;

    /// <inheritdoc />
    protected override Tensor ForwardCore(IWeightSource weights, Tensor windows, TrainingPass? training) =>
        _model.Answer(weights, windows, lengths: null, training);
}
