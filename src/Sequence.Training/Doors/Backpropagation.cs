using static TorchSharp.torch;

namespace Sequence.Training;

/// <summary>Exact gradients by reverse-mode differentiation.</summary>
public sealed class Backpropagation : IGradientSource
{
    /// <inheritdoc />
    public double Compute(Func<Tensor> loss)
    {
        var value = loss();
        value.backward();
        return value.to(ScalarType.Float64).item<double>();
    }
}
