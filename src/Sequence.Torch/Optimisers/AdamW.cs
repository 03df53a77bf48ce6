using System.Numerics;
using System.Runtime.InteropServices;
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

        // rate m / (c sqrt(v) + epsilon) with the scale c of the root taken out of the sum: one product less.
        var stepSize = T.CreateTruncating(-coefficients.StepSize / coefficients.RootScale);
        var epsilon = T.CreateTruncating(coefficients.Epsilon / coefficients.RootScale);

        // Whole vectors as spans of vectors: slicing for each of them would cost as much as the arithmetic.
        var value = MemoryMarshal.Cast<T, Vector<T>>(values);
        var gradientVectors = MemoryMarshal.Cast<T, Vector<T>>(gradients)[..value.Length];
        var firstVectors = MemoryMarshal.Cast<T, Vector<T>>(firsts)[..value.Length];
        var secondVectors = MemoryMarshal.Cast<T, Vector<T>>(seconds)[..value.Length];
        var (keeps, epsilons) = (new Vector<T>(keep), new Vector<T>(epsilon));
        var (firstShares, secondDecays) = (new Vector<T>(firstShare), new Vector<T>(secondDecay));
        for (var index = 0; index < value.Length; index++)
        {
            var gradientNow = gradientVectors[index];
            var first = firstVectors[index];
            first = MultiplyAdd(gradientNow - first, firstShares, first);
            var second = MultiplyAdd(secondVectors[index], secondDecays, gradientNow * gradientNow * secondShare);
            firstVectors[index] = first;
            secondVectors[index] = second;
            value[index] = MultiplyAdd(
                value[index], keeps, first * stepSize / (Vector.SquareRoot(second) + epsilons));
        }

        // The same operations in the same order, so that an element's update does not depend on where it lies.
        for (var i = value.Length * Vector<T>.Count; i < values.Length; i++)
        {
            var gradientNow = gradients[i];
            firsts[i] = T.FusedMultiplyAdd(gradientNow - firsts[i], firstShare, firsts[i]);
            seconds[i] = T.FusedMultiplyAdd(seconds[i], secondDecay, gradientNow * gradientNow * secondShare);
            values[i] = T.FusedMultiplyAdd(values[i], keep, firsts[i] * stepSize / (T.Sqrt(seconds[i]) + epsilon));
        }
    }

    private static Vector<T> MultiplyAdd<T>(Vector<T> left, Vector<T> right, Vector<T> addend) => typeof(T) == typeof(float)
        ? Vector.FusedMultiplyAdd(left.As<T, float>(), right.As<T, float>(), addend.As<T, float>()).As<float, T>()
        : Vector.FusedMultiplyAdd(left.As<T, double>(), right.As<T, double>(), addend.As<T, double>()).As<double, T>();

    private readonly record struct Coefficients(
        double Keep,
        double FirstShare,
        double SecondDecay,
        double StepSize,
        double RootScale,
        double Epsilon);
}
