using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>NLinear: y = W (x - x[last]) + b + x[last]. See <see cref="NLinearArchitecture"/>.</summary>
public sealed class NLinearModel(NLinearArchitecture architecture) : WindowModel
{
    private readonly LinearLayer _map = new(architecture.Map);

    /// <inheritdoc />
    public override NLinearArchitecture Architecture { get; } = architecture;

    /// <inheritdoc />
    protected override Tensor ForwardCore(IWeightSource weights, Tensor windows, TrainingPass? training)
    {
        var values = windows.squeeze(2);
        var last = values.narrow(1, Architecture.LookBack - 1, 1);
        return _map.Map(weights, values.sub(last)).add(last);
    }
}
