using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Sequence.Data.Checkpoints;

/// <summary>One named array of a safetensors file: element type, shape, and its bytes row-major and little-endian.</summary>
public sealed class SafetensorsTensor
{
    /// <summary>Creates a tensor over bytes that are not copied.</summary>
    /// <param name="name">Key in the file.</param>
    /// <param name="type">Element type.</param>
    /// <param name="shape">Length of each axis, outermost first; empty for a scalar.</param>
    /// <param name="data">The elements, row-major and little-endian.</param>
    /// <exception cref="ModelException">The number of bytes is not what type and shape ask for.</exception>
    public SafetensorsTensor(string name, SafetensorsType type, IReadOnlyList<long> shape, ReadOnlyMemory<byte> data)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(shape);
        if (ByteCount(type, shape) != data.Length)
        {
            throw new ModelException(
                $"Tensor '{name}' {SafetensorsTypes.Name(type)} [{string.Join(", ", shape)}] does not fit {data.Length} bytes.");
        }

        Name = name;
        Type = type;
        Shape = shape;
        Data = data;
    }

    /// <summary>Key in the file.</summary>
    public string Name { get; }

    /// <summary>Element type.</summary>
    public SafetensorsType Type { get; }

    /// <summary>Length of each axis, outermost first; empty for a scalar.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The elements, row-major and little-endian.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>Number of elements.</summary>
    public int Count => Data.Length / SafetensorsTypes.Width(Type);

    /// <summary>A single-precision tensor with a copy of <paramref name="values"/>.</summary>
    /// <exception cref="ModelException">The number of values is not the product of the shape.</exception>
    public static SafetensorsTensor FromSingles(string name, IEnumerable<int> shape, ReadOnlySpan<float> values)
    {
        var data = new byte[checked(values.Length * sizeof(float))];
        for (var index = 0; index < values.Length; index++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(index * sizeof(float)), values[index]);
        }

        return new SafetensorsTensor(name, SafetensorsType.F32, [.. shape.Select(length => (long)length)], data);
    }

    /// <summary>A double-precision tensor with a copy of <paramref name="values"/>.</summary>
    /// <exception cref="ModelException">The number of values is not the product of the shape.</exception>
    public static SafetensorsTensor FromDoubles(string name, IEnumerable<int> shape, ReadOnlySpan<double> values)
    {
        var data = new byte[checked(values.Length * sizeof(double))];
        for (var index = 0; index < values.Length; index++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(data.AsSpan(index * sizeof(double)), values[index]);
        }

        return new SafetensorsTensor(name, SafetensorsType.F64, [.. shape.Select(length => (long)length)], data);
    }

    /// <summary>
    /// The elements without a copy, as the machine's own type of the same width; on little-endian machines only.
    /// </summary>
    /// <exception cref="ModelException">The width differs, or the machine is big-endian.</exception>
    public ReadOnlySpan<T> View<T>()
        where T : unmanaged
    {
        var width = SafetensorsTypes.Width(Type);
        if (Marshal.SizeOf<T>() != width || !BitConverter.IsLittleEndian)
        {
            throw new ModelException(
                $"Tensor '{Name}' holds {SafetensorsTypes.Name(Type)}; it cannot be viewed as {typeof(T).Name} here.");
        }

        return MemoryMarshal.Cast<byte, T>(Data.Span);
    }

    /// <summary>The elements as singles; doubles are rounded, half-precision floats are exact.</summary>
    /// <exception cref="ModelException">The elements are not floats of 16, 32 or 64 bits.</exception>
    public float[] ToSingles()
    {
        if (Type == SafetensorsType.F32 && BitConverter.IsLittleEndian)
        {
            return View<float>().ToArray();
        }

        var data = Data.Span;
        var values = new float[Count];
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = Type switch
            {
                SafetensorsType.F32 => BinaryPrimitives.ReadSingleLittleEndian(data[(index * 4)..]),
                SafetensorsType.F64 => (float)BinaryPrimitives.ReadDoubleLittleEndian(data[(index * 8)..]),
                SafetensorsType.F16 => (float)BinaryPrimitives.ReadHalfLittleEndian(data[(index * 2)..]),
                SafetensorsType.BF16 => BrainFloat(data[(index * 2)..]),
                _ => throw NotFloats(),
            };
        }

        return values;
    }

    /// <summary>The elements as doubles, exactly.</summary>
    /// <exception cref="ModelException">The elements are not floats of 16, 32 or 64 bits.</exception>
    public double[] ToDoubles()
    {
        if (Type != SafetensorsType.F64)
        {
            return Array.ConvertAll(ToSingles(), value => (double)value);
        }

        var data = Data.Span;
        var values = new double[Count];
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = BinaryPrimitives.ReadDoubleLittleEndian(data[(index * 8)..]);
        }

        return values;
    }

    /// <summary>Bytes that a type and shape ask for, or -1 when negative or past 63 bits.</summary>
    internal static long ByteCount(SafetensorsType type, IReadOnlyList<long> shape)
    {
        var isEmpty = false;
        foreach (var length in shape)
        {
            if (length < 0)
            {
                return -1;
            }

            isEmpty |= length == 0;
        }

        // A zero anywhere makes the product zero, however large the other lengths are.
        if (isEmpty)
        {
            return 0;
        }

        long bytes = SafetensorsTypes.Width(type);
        foreach (var length in shape)
        {
            if (length > long.MaxValue / bytes)
            {
                return -1;
            }

            bytes *= length;
        }

        return bytes;
    }

    private static float BrainFloat(ReadOnlySpan<byte> data) =>
        BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(data) << 16);

    private ModelException NotFloats() =>
        new($"Tensor '{Name}' holds {SafetensorsTypes.Name(Type)}, not floats of 16, 32 or 64 bits.");
}
