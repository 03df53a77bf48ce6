using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Sequence.Torch;

/// <summary>A tensor's memory as a span, and copies in and out of it, without allocation.</summary>
public static class TensorMemory
{
    /// <summary>The elements of a contiguous CPU tensor in row-major order. The span lives as long as the tensor does.</summary>
    /// <typeparam name="T">
    /// The element type: float, double, Half, Complex, long, int, short, sbyte, byte or bool.
    /// </typeparam>
    /// <param name="tensor">A tensor of that element type, on the CPU, contiguous. Keep it alive while the span is used.</param>
    /// <exception cref="ModelException">The tensor is of another type, elsewhere, not contiguous, or lazily negated or conjugated.</exception>
    public static Span<T> AsSpan<T>(this Tensor tensor)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var expected = ElementType<T>.Value ?? throw new ModelException($"No tensor has elements of type {typeof(T)}.");
        if (tensor.dtype != expected)
        {
            throw Refused(tensor, $"its elements are not {expected}; convert with to_type first");
        }

        if (tensor.device_type != DeviceType.CPU)
        {
            throw Refused(tensor, $"it lies on {tensor.device}; copy with cpu() first");
        }

        if (tensor.is_sparse || !tensor.is_contiguous())
        {
            throw Refused(tensor, "it is not contiguous; call contiguous() first");
        }

        if (tensor.is_neg() || (tensor.is_complex() && tensor.is_conj()))
        {
            throw Refused(tensor, "it is lazily negated or conjugated; call resolve_neg() or resolve_conj() first");
        }

        return MemoryMarshal.Cast<byte, T>(tensor.bytes);
    }

    /// <summary>Copies the values into the tensor, in row-major order.</summary>
    /// <exception cref="ModelException">The number of values differs from the tensor's, or <see cref="AsSpan{T}"/> refuses it.</exception>
    public static void CopyFrom<T>(this Tensor tensor, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var target = tensor.AsSpan<T>();
        if (target.Length != values.Length)
        {
            throw Refused(tensor, $"{values.Length} values cannot fill its {target.Length}");
        }

        values.CopyTo(target);
        GC.KeepAlive(tensor);
    }

    /// <summary>Copies the tensor's values out, in row-major order.</summary>
    /// <exception cref="ModelException">The lengths differ, or <see cref="AsSpan{T}"/> refuses the tensor.</exception>
    public static void CopyTo<T>(this Tensor tensor, Span<T> values)
        where T : unmanaged
    {
        var source = tensor.AsSpan<T>();
        if (source.Length != values.Length)
        {
            throw Refused(tensor, $"its {source.Length} values do not fit a span of {values.Length}");
        }

        source.CopyTo(values);
        GC.KeepAlive(tensor);
    }

    private static ModelException Refused(Tensor tensor, string reason) =>
        new($"The memory of a tensor {LibtorchFault.Describe(tensor)} cannot be used: {reason}.");

    private static class ElementType<T>
    {
        internal static readonly ScalarType? Value = Find();

        private static ScalarType? Find()
        {
            Dictionary<Type, ScalarType> types = new()
            {
                [typeof(float)] = ScalarType.Float32,
                [typeof(double)] = ScalarType.Float64,
                [typeof(Half)] = ScalarType.Float16,
                [typeof(Complex)] = ScalarType.ComplexFloat64,
                [typeof(long)] = ScalarType.Int64,
                [typeof(int)] = ScalarType.Int32,
                [typeof(short)] = ScalarType.Int16,
                [typeof(sbyte)] = ScalarType.Int8,
                [typeof(byte)] = ScalarType.Byte,
                [typeof(bool)] = ScalarType.Bool,
            };
            return types.TryGetValue(typeof(T), out var type) ? type : null;
        }
    }
}
