using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>DLinear: y = W_s (x - t) + b_s + W_t t + b_t, t a moving average. See <see cref="DLinearArchitecture"/>.</summary>
public sealed class DLinearModel(DLinearArchitecture architecture) : WindowModel
{
    private readonly LinearLayer _seasonal = new(architecture.Seasonal);
    private readonly LinearLayer _trend = new(architecture.Trend);

    /// <inheritdoc />
    public override DLinearArchitecture Architecture { get; } = architecture;

    /// <inheritdoc />
    protected override Tensor ForwardCore(IWeightSource weights, Tensor windows, TrainingPass? training)
    {
        var values = windows.squeeze(2);
        var side = Architecture.Kernel / 2;
        var front = values.narrow(1, 0, 1).expand(values.shape[0], side);
        var back = values.narrow(1, Architecture.LookBack - 1, 1).expand(values.shape[0], side);
        var padded = side == 0 ? values : cat([front, values, back], dim: 1);
        var average = nn.functional.avg_pool1d(padded.unsqueeze(1), Architecture.Kernel, stride: 1).squeeze(1);
        return _seasonal.Map(weights, values.sub(average)).add(_trend.Map(weights, average));
    }
}
