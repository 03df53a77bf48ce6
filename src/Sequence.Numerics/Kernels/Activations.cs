using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sequence.Numerics;

/// <summary>
/// Activation functions over spans of single-precision numbers. NaN stays NaN, and infinities give the limits. The spans
/// of source and target may be the same.
/// </summary>
public static class Activations
{
    private interface IFunction
    {
        static abstract TVector Apply<TLanes, TVector>(TVector x)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct;
    }

    /// <summary>
    /// target[i] = 1 / (1 + exp(-source[i])), with a relative error below 1e-6 (or half the smallest subnormal number).
    /// </summary>
    /// <exception cref="ModelException">The lengths differ.</exception>
    public static void Sigmoid(ReadOnlySpan<float> source, Span<float> target) => Sigmoid(source, target, Lanes.Best);

    /// <summary>target[i] = tanh(source[i]), with a relative error below 1e-6.</summary>
    /// <exception cref="ModelException">The lengths differ.</exception>
    public static void Tanh(ReadOnlySpan<float> source, Span<float> target) => Tanh(source, target, Lanes.Best);

    /// <summary>
    /// target[i] = source[i]/2 (1 + erf(source[i]/sqrt(2))), the exact Gaussian error linear unit, with an error below
    /// 5e-7 max(1, |source[i]|).
    /// </summary>
    /// <exception cref="ModelException">The lengths differ.</exception>
    public static void Gelu(ReadOnlySpan<float> source, Span<float> target) => Gelu(source, target, Lanes.Best);

    /// <summary>
    /// target[i] = source[i] / (1 + exp(-source[i])), with a relative error below 1e-6 wherever the sigmoid is a normal
    /// number.
    /// </summary>
    /// <exception cref="ModelException">The lengths differ.</exception>
    public static void Silu(ReadOnlySpan<float> source, Span<float> target) => Silu(source, target, Lanes.Best);

    /// <summary>
    /// target[i] = log(1 + exp(source[i])), with a relative error below 1e-6 (or half the smallest subnormal number), far
    /// from 0 too.
    /// </summary>
    /// <exception cref="ModelException">The lengths differ.</exception>
    public static void Softplus(ReadOnlySpan<float> source, Span<float> target) => Softplus(source, target, Lanes.Best);

    internal static void Sigmoid(ReadOnlySpan<float> source, Span<float> target, int lanes) =>
        Apply<SigmoidFunction>(source, target, lanes);

    internal static void Tanh(ReadOnlySpan<float> source, Span<float> target, int lanes) =>
        Apply<TanhFunction>(source, target, lanes);

    internal static void Gelu(ReadOnlySpan<float> source, Span<float> target, int lanes) =>
        Apply<GeluFunction>(source, target, lanes);

    internal static void Silu(ReadOnlySpan<float> source, Span<float> target, int lanes) =>
        Apply<SiluFunction>(source, target, lanes);

    internal static void Softplus(ReadOnlySpan<float> source, Span<float> target, int lanes) =>
        Apply<SoftplusFunction>(source, target, lanes);

    private static void Apply<TFunction>(ReadOnlySpan<float> source, Span<float> target, int lanes)
        where TFunction : struct, IFunction
    {
        if (source.Length != target.Length)
        {
            throw new ModelException($"The source has {source.Length} values, the target {target.Length}; they must agree.");
        }

        switch (lanes)
        {
            case 16:
                Apply<TFunction, Lanes512, Vector512<float>>(source, target);
                break;
            case 8:
                Apply<TFunction, Lanes256, Vector256<float>>(source, target);
                break;
            default:
                Apply<TFunction, Lanes128, Vector128<float>>(source, target);
                break;
        }
    }

    private static void Apply<TFunction, TLanes, TVector>(ReadOnlySpan<float> source, Span<float> target)
        where TFunction : struct, IFunction
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(target);
        for (var index = 0; index < source.Length; index += TLanes.Count)
        {
            var count = source.Length - index;
            var values = Lanes.Load<TLanes, TVector>(in from, (nuint)index, count);
            Lanes.Store<TLanes, TVector>(TFunction.Apply<TLanes, TVector>(values), ref to, (nuint)index, count);
        }
    }

    private readonly struct SigmoidFunction : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply<TLanes, TVector>(TVector x)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct => ActivationFunctions<TLanes, TVector>.Sigmoid(x);
    }

    private readonly struct TanhFunction : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply<TLanes, TVector>(TVector x)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct => ActivationFunctions<TLanes, TVector>.Tanh(x);
    }

    private readonly struct GeluFunction : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply<TLanes, TVector>(TVector x)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct => ActivationFunctions<TLanes, TVector>.Gelu(x);
    }

    private readonly struct SiluFunction : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply<TLanes, TVector>(TVector x)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct => ActivationFunctions<TLanes, TVector>.Silu(x);
    }

    private readonly struct SoftplusFunction : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply<TLanes, TVector>(TVector x)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct => ActivationFunctions<TLanes, TVector>.Softplus(x);
    }
}
