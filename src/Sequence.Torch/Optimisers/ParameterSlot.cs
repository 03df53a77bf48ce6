using System.Numerics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Sequence.Torch;

/// <summary>One parameter with what an optimiser keeps for it.</summary>
internal sealed class ParameterSlot
{
    private readonly Tensor _parameter;
    private readonly ScalarType _type;
    private readonly int _length;
    private readonly AlignedBuffer[] _buffers;

    internal ParameterSlot(string name, Tensor parameter, ParameterGroup group, int buffers)
    {
        Name = name;
        LearningRateScale = group.LearningRateScale;
        WeightDecay = group.WeightDecay;
        _parameter = parameter;
        _type = parameter.dtype;
        _length = checked((int)parameter.numel());
        _buffers = new AlignedBuffer[buffers];
        for (var i = 0; i < buffers; i++)
        {
            _buffers[i] = IsSingle ? AlignedBuffer.Create<float>(_length) : AlignedBuffer.Create<double>(_length);
        }
    }

    internal string Name { get; }

    internal double LearningRateScale { get; }

    internal double WeightDecay { get; }

    internal bool IsSingle => _type == ScalarType.Float32;

    internal long StepCount { get; set; }

    /// <summary>What the update rule remembers, of float or double, as the parameter's elements are.</summary>
    internal Span<T> Buffer<T>(int index)
        where T : unmanaged => _buffers[index].Span<T>(_length);

    /// <summary>A copy of a buffer.</summary>
    internal Array CopyBuffer(int index) => IsSingle ? Buffer<float>(index).ToArray() : Buffer<double>(index).ToArray();

    /// <summary>Overwrites a buffer with a copy of the same length and type.</summary>
    internal void RestoreBuffer(int index, Array values)
    {
        if (IsSingle)
        {
            ((float[])values).CopyTo(Buffer<float>(index));
        }
        else
        {
            ((double[])values).CopyTo(Buffer<double>(index));
        }
    }

    internal Span<T> Values<T>()
        where T : unmanaged => Memory<T>(_parameter);

    /// <summary>The gradient as dense row-major memory, or null. libtorch may leave it with other strides, or lazily negated.</summary>
    internal Tensor? DenseGradient()
    {
        var gradient = _parameter.grad;
        if (gradient is null)
        {
            return null;
        }

        if (gradient.is_sparse)
        {
            gradient.Dispose();
            throw new ModelException($"The gradient of '{Name}' is sparse, which the optimisers do not take. Make the layer's gradient dense.");
        }

        if (gradient.is_contiguous() && !gradient.is_neg())
        {
            return gradient;
        }

        using (gradient)
        using (var plain = gradient.resolve_neg())
        {
            var dense = plain.contiguous();
            _parameter.grad = dense;
            return dense;
        }
    }

    /// <summary>A tensor's memory, checked against the parameter's, because the kernels index both alike.</summary>
    internal Span<T> Memory<T>(Tensor tensor)
        where T : unmanaged
    {
        var memory = MemoryMarshal.Cast<byte, T>(tensor.bytes);
        return memory.Length == _length && tensor.dtype == _type
            ? memory
            : throw new ModelException(
                $"Parameter '{Name}' has {_length} elements of {_type}, but was given {LibtorchFault.Describe(tensor)}.");
    }

    internal double SumOfSquares(Tensor gradient) => IsSingle
        ? TensorPrimitives.SumOfSquares<float>(Memory<float>(gradient))
        : TensorPrimitives.SumOfSquares<double>(Memory<double>(gradient));

    internal void Scale(Tensor gradient, double scale)
    {
        if (IsSingle)
        {
            Scale(Memory<float>(gradient), (float)scale);
        }
        else
        {
            Scale(Memory<double>(gradient), scale);
        }
    }

    internal void Clamp(Tensor gradient, double limit)
    {
        if (IsSingle)
        {
            Clamp(Memory<float>(gradient), (float)limit);
        }
        else
        {
            Clamp(Memory<double>(gradient), limit);
        }
    }

    private static void Scale<T>(Span<T> values, T scale)
        where T : unmanaged, INumber<T> => TensorPrimitives.Multiply(values, scale, values);

    private static void Clamp<T>(Span<T> values, T limit)
        where T : unmanaged, INumber<T> => TensorPrimitives.Clamp(values, -limit, limit, values);
}
