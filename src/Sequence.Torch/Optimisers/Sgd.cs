using System.Numerics;
using static TorchSharp.torch;

namespace Sequence.Torch;

/// <summary>Stochastic gradient descent with momentum.</summary>
/// <remarks>
/// With gradient g, learning rate γ (times the group's scale), weight decay λ and momentum μ, the buffer b starting at zero:
/// <code>
/// g ← g + λ θ
/// b ← μ b + g
/// θ ← θ − γ (g + μ b)   with Nesterov
/// θ ← θ − γ b           without
/// </code>
/// Sutskever, Martens, Dahl and Hinton, On the importance of initialization and momentum in deep learning (2013), in PyTorch's
/// form. Here the decay is part of the gradient, as the method has it; <see cref="AdamW"/> keeps it apart.
/// </remarks>
public sealed class Sgd : Optimiser
{
    private readonly SgdOptions _options;

    /// <summary>Creates the optimiser; the momentum starts at zero.</summary>
    /// <param name="groups">The parameters, at least one; a tensor may occur once.</param>
    /// <param name="options">The settings, or null for the defaults.</param>
    /// <exception cref="ConfigurationException">A setting or parameter cannot be used; lists every fault.</exception>
    /// <exception cref="LibtorchUnavailableException">libtorch cannot be loaded on this machine.</exception>
    public Sgd(IReadOnlyList<ParameterGroup> groups, SgdOptions? options = null)
        : base(
            groups,
            (options ??= new SgdOptions()).LearningRate,
            options.Momentum > 0 ? ["momentum_buffer"] : [],
            options.Faults()) => _options = options;

    private protected override void Update(ParameterSlot slot, Tensor gradient)
    {
        if (slot.IsSingle)
        {
            Update<float>(slot, gradient);
        }
        else
        {
            Update<double>(slot, gradient);
        }
    }

    private void Update<T>(ParameterSlot slot, Tensor gradient)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var values = slot.Values<T>();
        ReadOnlySpan<T> gradients = slot.Memory<T>(gradient);
        var buffer = _options.Momentum > 0 ? slot.Buffer<T>(0) : [];
        var rate = T.CreateTruncating(LearningRate * slot.LearningRateScale);
        var decay = T.CreateTruncating(slot.WeightDecay);
        var momentum = T.CreateTruncating(_options.Momentum);

        var i = 0;
        for (; i <= values.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            var theta = new Vector<T>(values[i..]);
            var direction = new Vector<T>(gradients[i..]) + (theta * decay);
            if (!buffer.IsEmpty)
            {
                var kept = (new Vector<T>(buffer[i..]) * momentum) + direction;
                kept.CopyTo(buffer[i..]);
                direction = _options.Nesterov ? direction + (kept * momentum) : kept;
            }

            (theta - (direction * rate)).CopyTo(values[i..]);
        }

        // The same operations in the same order, so that an element's update does not depend on where it lies.
        for (; i < values.Length; i++)
        {
            var direction = gradients[i] + (values[i] * decay);
            if (!buffer.IsEmpty)
            {
                buffer[i] = (buffer[i] * momentum) + direction;
                direction = _options.Nesterov ? direction + (buffer[i] * momentum) : buffer[i];
            }

            values[i] -= direction * rate;
        }
    }
}
