using System.Numerics;
using static TorchSharp.torch;

namespace Sequence.Torch;

/// <summary>Adam with decoupled weight decay.</summary>
/// <remarks>
/// With gradient g, step t, learning rate γ (times the group's scale) and weight decay λ:
/// <code>
/// θ ← (1 − γ λ) θ
/// m ← β₁ m + (1 − β₁) g
/// v ← β₂ v + (1 − β₂) g²
/// θ ← θ − γ / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
/// </code>
/// Kingma and Ba, Adam (2015); Loshchilov and Hutter, Decoupled Weight Decay Regularization (2019), with the decay multiplied
/// by the learning rate as in PyTorch. All four lines are one pass over the memory.
/// </remarks>
public sealed class AdamW : Optimiser
{
    private const int FirstMoment = 0;
    private const int SecondMoment = 1;
    private readonly AdamWOptions _options;

    /// <summary>Creates the optimiser; moments start at zero.</summary>
    /// <param name="groups">The parameters, at least one; a tensor may occur once.</param>
    /// <param name="options">The settings, or null for the defaults.</param>
    /// <exception cref="ConfigurationException">A setting or parameter cannot be used; lists every fault.</exception>
    /// <exception cref="LibtorchUnavailableException">libtorch cannot be loaded on this machine.</exception>
    public AdamW(IReadOnlyList<ParameterGroup> groups, AdamWOptions? options = null)
        : base(groups, (options ??= new AdamWOptions()).LearningRate, ["exp_avg", "exp_avg_sq"], options.Faults()) => _options = options;

    private protected override void Update(ParameterSlot slot, Tensor gradient)
    {
        var rate = LearningRate * slot.LearningRateScale;
        var firstCorrection = 1 - Math.Pow(_options.FirstMomentDecay, slot.StepCount);
        var secondCorrection = 1 - Math.Pow(_options.SecondMomentDecay, slot.StepCount);
        var coefficients = new Coefficients(
            1 - (rate * slot.WeightDecay),
            1 - _options.FirstMomentDecay,
            _options.SecondMomentDecay,
            rate / firstCorrection,
            1 / Math.Sqrt(secondCorrection),
            _options.Epsilon);
        if (slot.IsSingle)
        {
            Update<float>(slot, gradient, coefficients);
        }
        else
        {
            Update<double>(slot, gradient, coefficients);
        }
    }

    private static void Update<T>(ParameterSlot slot, Tensor gradient, Coefficients coefficients)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var values = slot.Values<T>();
        ReadOnlySpan<T> gradients = slot.Memory<T>(gradient);
        var firsts = slot.Buffer<T>(FirstMoment);
        var seconds = slot.Buffer<T>(SecondMoment);
        var keep = T.CreateTruncating(coefficients.Keep);
        var firstShare = T.CreateTruncating(coefficients.FirstShare);
        var secondDecay = T.CreateTruncating(coefficients.SecondDecay);
        var secondShare = T.CreateTruncating(1 - coefficients.SecondDecay);
        var stepSize = T.CreateTruncating(coefficients.StepSize);
        var rootScale = T.CreateTruncating(coefficients.RootScale);
        var epsilon = T.CreateTruncating(coefficients.Epsilon);

        var i = 0;
        for (; i <= values.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            var gradientNow = new Vector<T>(gradients[i..]);
            var first = new Vector<T>(firsts[i..]);
            first += (gradientNow - first) * firstShare;
            var second = (new Vector<T>(seconds[i..]) * secondDecay) + (gradientNow * gradientNow * secondShare);
            var root = (Vector.SquareRoot(second) * rootScale) + new Vector<T>(epsilon);
            var updated = (new Vector<T>(values[i..]) * keep) - (first * stepSize / root);
            first.CopyTo(firsts[i..]);
            second.CopyTo(seconds[i..]);
            updated.CopyTo(values[i..]);
        }

        // The same operations in the same order, so that an element's update does not depend on where it lies.
        for (; i < values.Length; i++)
        {
            var gradientNow = gradients[i];
            firsts[i] += (gradientNow - firsts[i]) * firstShare;
            seconds[i] = (seconds[i] * secondDecay) + (gradientNow * gradientNow * secondShare);
            var root = (T.Sqrt(seconds[i]) * rootScale) + epsilon;
            values[i] = (values[i] * keep) - (firsts[i] * stepSize / root);
        }
    }

    private readonly record struct Coefficients(
        double Keep,
        double FirstShare,
        double SecondDecay,
        double StepSize,
        double RootScale,
        double Epsilon);
}
