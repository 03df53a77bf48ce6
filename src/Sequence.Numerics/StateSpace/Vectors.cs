using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sequence.Numerics;

/// <summary>What generic code over <see cref="Vector{T}"/> of float or double lacks.</summary>
internal static class Vectors
{
    /// <summary>left * right + addend, fused where the machine can.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> MultiplyAdd<T>(Vector<T> left, Vector<T> right, Vector<T> addend)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float)
            ? Vector.MultiplyAddEstimate(left.As<T, float>(), right.As<T, float>(), addend.As<T, float>())
                .As<float, T>()
            : Vector.MultiplyAddEstimate(left.As<T, double>(), right.As<T, double>(), addend.As<T, double>())
                .As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Exp<T>(Vector<T> value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float)
            ? Exp(value.As<T, float>()).As<float, T>()
            : Vector.Exp(value.As<T, double>()).As<double, T>();

    /// <summary>In single precision throughout; the library's function computes in double precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Exp(Vector<float> value)
    {
        // Above, the result is infinite. A select and not a minimum, so that NaN stays NaN.
        var most = new Vector<float>(89);
        value = Vector.ConditionalSelect(Vector.GreaterThan(value, most), most, value);
        return Vector<float>.Count switch
        {
            16 => ActivationFunctions<Lanes512, Vector512<float>>.ExpOfNegative(value.AsVector512()).AsVector(),
            8 => ActivationFunctions<Lanes256, Vector256<float>>.ExpOfNegative(value.AsVector256()).AsVector(),
            _ => ActivationFunctions<Lanes128, Vector128<float>>.ExpOfNegative(value.AsVector128()).AsVector(),
        };
    }

    /// <summary>Up to a vector's worth of values from <paramref name="index"/> on; lanes past the end are 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Load<T>(ReadOnlySpan<T> source, int index)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        source.Length - index >= Vector<T>.Count ? new Vector<T>(source[index..]) : LoadPart(source[index..]);

    /// <summary>Stores up to a vector's worth of values from <paramref name="index"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(Vector<T> value, Span<T> target, int index)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (target.Length - index >= Vector<T>.Count)
        {
            value.CopyTo(target[index..]);
        }
        else
        {
            StorePart(value, target[index..]);
        }
    }

    /// <summary><paramref name="length"/> rounded up to whole vectors.</summary>
    public static int WholeLength<T>(int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        (length + Vector<T>.Count - 1) / Vector<T>.Count * Vector<T>.Count;

    public static void RequireFloatOrDouble<T>()
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
        {
            throw new ModelException($"The element type is {typeof(T).Name}; it must be Single or Double.");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector<T> LoadPart<T>(ReadOnlySpan<T> source)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<T> buffer = stackalloc T[Vector<T>.Count];
        buffer.Clear();
        source.CopyTo(buffer);
        return new Vector<T>(buffer);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StorePart<T>(Vector<T> value, Span<T> target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<T> buffer = stackalloc T[Vector<T>.Count];
        value.CopyTo(buffer);
        buffer[..target.Length].CopyTo(target);
    }
}
