using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sequence.Numerics;

/// <summary>
/// Logistic sigmoid and hyperbolic tangent over spans. The relative error is below 1e-6 over all single-precision
/// numbers (below half the smallest subnormal number where the result is subnormal); infinities and NaN behave as in
/// <see cref="Math"/>.
/// </summary>
public static class Activations
{
    /// <summary>target[i] = 1 / (1 + exp(-source[i])). The spans may be the same.</summary>
    /// <exception cref="ModelException">The lengths differ.</exception>
    public static void Sigmoid(ReadOnlySpan<float> source, Span<float> target) => Sigmoid(source, target, Lanes.Best);

    /// <summary>target[i] = tanh(source[i]). The spans may be the same.</summary>
    /// <exception cref="ModelException">The lengths differ.</exception>
    public static void Tanh(ReadOnlySpan<float> source, Span<float> target) => Tanh(source, target, Lanes.Best);

    internal static void Sigmoid(ReadOnlySpan<float> source, Span<float> target, int lanes)
    {
        RequireSameLength(source, target);
        switch (lanes)
        {
            case 16:
                Sigmoid<Lanes512, Vector512<float>>(source, target);
                break;
            case 8:
                Sigmoid<Lanes256, Vector256<float>>(source, target);
                break;
            default:
                Sigmoid<Lanes128, Vector128<float>>(source, target);
                break;
        }
    }

    internal static void Tanh(ReadOnlySpan<float> source, Span<float> target, int lanes)
    {
        RequireSameLength(source, target);
        switch (lanes)
        {
            case 16:
                Tanh<Lanes512, Vector512<float>>(source, target);
                break;
            case 8:
                Tanh<Lanes256, Vector256<float>>(source, target);
                break;
            default:
                Tanh<Lanes128, Vector128<float>>(source, target);
                break;
        }
    }

    private static void Sigmoid<TLanes, TVector>(ReadOnlySpan<float> source, Span<float> target)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(target);
        for (var index = 0; index < source.Length; index += TLanes.Count)
        {
            var count = source.Length - index;
            var values = Lanes.Load<TLanes, TVector>(in from, (nuint)index, count);
            Lanes.Store<TLanes, TVector>(
                ActivationFunctions<TLanes, TVector>.Sigmoid(values), ref to, (nuint)index, count);
        }
    }

    private static void Tanh<TLanes, TVector>(ReadOnlySpan<float> source, Span<float> target)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(target);
        for (var index = 0; index < source.Length; index += TLanes.Count)
        {
            var count = source.Length - index;
            var values = Lanes.Load<TLanes, TVector>(in from, (nuint)index, count);
            Lanes.Store<TLanes, TVector>(ActivationFunctions<TLanes, TVector>.Tanh(values), ref to, (nuint)index, count);
        }
    }

    private static void RequireSameLength(ReadOnlySpan<float> source, Span<float> target)
    {
        if (source.Length != target.Length)
        {
            throw new ModelException($"The source has {source.Length} values, the target {target.Length}; they must agree.");
        }
    }
}
