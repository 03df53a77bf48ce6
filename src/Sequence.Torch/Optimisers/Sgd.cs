using System.Numerics.Tensors;

namespace Sequence.Torch;

/// <summary>
/// Stochastic gradient descent with momentum, as in PyTorch: g := g + decay * p; b := momentum * b + g (b := g at the
/// first step); p := p - rate * b.
/// </summary>
public sealed class Sgd : Optimiser
{
    private readonly float _momentum;

    /// <summary>Creates the optimiser.</summary>
    /// <param name="groups">What it updates.</param>
    /// <param name="learningRate">Learning rate.</param>
    /// <param name="momentum">Share of the last step's direction kept.</param>
    public Sgd(IReadOnlyList<ParameterGroup> groups, double learningRate, double momentum = 0)
        : base(groups, learningRate, ["momentum"])
    {
        _momentum = (float)momentum;
    }

    /// <inheritdoc />
    protected override void Update(
        Span<float> parameter,
        ReadOnlySpan<float> gradient,
        IReadOnlyList<float[]> moments,
        double learningRate,
        double weightDecay)
    {
        // The buffer starts at zero, so momentum * 0 + g is the first step's g.
        var buffer = moments[0].AsSpan();
        TensorPrimitives.MultiplyAdd(buffer, _momentum, gradient, buffer);
        if (weightDecay != 0)
        {
            TensorPrimitives.MultiplyAdd(parameter, (float)weightDecay, buffer, buffer);
        }

        TensorPrimitives.MultiplyAdd(buffer, (float)-learningRate, parameter, parameter);
    }
}
