using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sequence.Numerics;

/// <summary>
/// The convolution kernel of a diagonal system, K_l = 2 Re(sum_n c_n exp(l dt a_n)) (Gu et al., "On the Parameterization
/// and Initialization of Diagonal State Space Models", 2022), for inference.
/// </summary>
public static class VandermondeKernel
{
    /// <summary>Vectors of steps computed together.</summary>
    private const int TileVectors = 4;

    /// <summary>
    /// Writes the kernel of one head from c [n], the product of output weight, input weight and input factor of each
    /// pair, and dt a [n], the logarithm of each pair's decay. A real pole has no imaginary part and still counts twice.
    /// The powers are made as exp(b width dt a) exp(o dt a) for l = b width + o with both factors in double precision;
    /// their products are summed in T, float or double.
    /// </summary>
    /// <exception cref="ModelException">The lengths differ, or T is neither float nor double.</exception>
    public static void Evaluate<T>(
        ReadOnlySpan<Complex> coefficients, ReadOnlySpan<Complex> logarithms, Span<T> kernel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vectors.RequireFloatOrDouble<T>();
        if (coefficients.Length != logarithms.Length)
        {
            throw new ModelException(
                $"There are {coefficients.Length} coefficients and {logarithms.Length} logarithms; they must agree.");
        }

        if (kernel.IsEmpty)
        {
            return;
        }

        var pairs = coefficients.Length;
        var tile = TileVectors * Vector<T>.Count;
        var tiles = ((int)Math.Sqrt(kernel.Length) + tile) / tile;
        var width = tiles * tile;
        var blocks = (kernel.Length + width - 1) / width;

        // Offsets [tile, pair, real then imaginary, step in the tile]; blocks [block, pair, 2 real then -2 imaginary].
        var offsets = new T[tiles * pairs * 2 * tile];
        var starts = new T[blocks * pairs * 2];
        var real = new double[Math.Max(width, blocks)];
        var imaginary = new double[real.Length];
        for (var pair = 0; pair < pairs; pair++)
        {
            Powers(Complex.One, logarithms[pair], real.AsSpan(0, width), imaginary.AsSpan(0, width));
            for (var index = 0; index < width; index++)
            {
                var at = (((index / tile * pairs) + pair) * 2 * tile) + (index % tile);
                offsets[at] = T.CreateTruncating(real[index]);
                offsets[at + tile] = T.CreateTruncating(imaginary[index]);
            }

            Powers(
                2 * coefficients[pair], width * logarithms[pair], real.AsSpan(0, blocks), imaginary.AsSpan(0, blocks));
            for (var block = 0; block < blocks; block++)
            {
                starts[((block * pairs) + pair) * 2] = T.CreateTruncating(real[block]);
                starts[(((block * pairs) + pair) * 2) + 1] = T.CreateTruncating(-imaginary[block]);
            }
        }

        Span<T> values = stackalloc T[2 * tile];
        for (var index = 0; index < tiles; index++)
        {
            ref var offset = ref MemoryMarshal.GetReference(offsets.AsSpan(index * pairs * 2 * tile));
            for (var block = 0; block < blocks; block += 2)
            {
                // The last block of an odd number is computed twice.
                var other = Math.Min(block + 1, blocks - 1);
                SumTile(
                    ref offset,
                    ref MemoryMarshal.GetReference(starts.AsSpan(block * pairs * 2)),
                    ref MemoryMarshal.GetReference(starts.AsSpan(other * pairs * 2)),
                    pairs,
                    values);
                CopyTile(values[..tile], kernel, (block * width) + (index * tile));
                CopyTile(values[tile..], kernel, (other * width) + (index * tile));
            }
        }
    }

    /// <summary>first exp(k logarithm) for k from 0, by doubling: each is a product of at most log2(length) factors.</summary>
    private static void Powers(Complex first, Complex logarithm, Span<double> real, Span<double> imaginary)
    {
        (real[0], imaginary[0]) = (first.Real, first.Imaginary);
        for (var known = 1; known < real.Length; known *= 2)
        {
            var factor = Complex.Exp(known * logarithm);
            var count = Math.Min(known, real.Length - known);
            var index = 0;
            for (; index <= count - Vector<double>.Count; index += Vector<double>.Count)
            {
                var re = new Vector<double>(real[index..]);
                var im = new Vector<double>(imaginary[index..]);
                ((re * factor.Real) - (im * factor.Imaginary)).CopyTo(real[(known + index)..]);
                ((re * factor.Imaginary) + (im * factor.Real)).CopyTo(imaginary[(known + index)..]);
            }

            for (; index < count; index++)
            {
                real[known + index] = (real[index] * factor.Real) - (imaginary[index] * factor.Imaginary);
                imaginary[known + index] = (real[index] * factor.Imaginary) + (imaginary[index] * factor.Real);
            }
        }
    }

    /// <summary>Two blocks at the offsets of one tile: eight sums in registers, each offset loaded once for both.</summary>
    private static void SumTile<T>(ref T offset, ref T one, ref T other, int pairs, Span<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector<T> one0 = default, one1 = default, one2 = default, one3 = default;
        Vector<T> other0 = default, other1 = default, other2 = default, other3 = default;
        for (var pair = 0; pair < pairs; pair++)
        {
            var oneReal = new Vector<T>(Unsafe.Add(ref one, 2 * pair));
            var oneImaginary = new Vector<T>(Unsafe.Add(ref one, (2 * pair) + 1));
            var otherReal = new Vector<T>(Unsafe.Add(ref other, 2 * pair));
            var otherImaginary = new Vector<T>(Unsafe.Add(ref other, (2 * pair) + 1));
            ref var real = ref Unsafe.Add(ref offset, pair * 2 * TileVectors * Vector<T>.Count);
            ref var imaginary = ref Unsafe.Add(ref real, TileVectors * Vector<T>.Count);
            var offsetReal = Vector.LoadUnsafe(ref real);
            var offsetImaginary = Vector.LoadUnsafe(ref imaginary);
            one0 = Add(one0, oneReal, oneImaginary, offsetReal, offsetImaginary);
            other0 = Add(other0, otherReal, otherImaginary, offsetReal, offsetImaginary);
            offsetReal = Vector.LoadUnsafe(ref real, (nuint)Vector<T>.Count);
            offsetImaginary = Vector.LoadUnsafe(ref imaginary, (nuint)Vector<T>.Count);
            one1 = Add(one1, oneReal, oneImaginary, offsetReal, offsetImaginary);
            other1 = Add(other1, otherReal, otherImaginary, offsetReal, offsetImaginary);
            offsetReal = Vector.LoadUnsafe(ref real, (nuint)(2 * Vector<T>.Count));
            offsetImaginary = Vector.LoadUnsafe(ref imaginary, (nuint)(2 * Vector<T>.Count));
            one2 = Add(one2, oneReal, oneImaginary, offsetReal, offsetImaginary);
            other2 = Add(other2, otherReal, otherImaginary, offsetReal, offsetImaginary);
            offsetReal = Vector.LoadUnsafe(ref real, (nuint)(3 * Vector<T>.Count));
            offsetImaginary = Vector.LoadUnsafe(ref imaginary, (nuint)(3 * Vector<T>.Count));
            one3 = Add(one3, oneReal, oneImaginary, offsetReal, offsetImaginary);
            other3 = Add(other3, otherReal, otherImaginary, offsetReal, offsetImaginary);
        }

        one0.CopyTo(values);
        one1.CopyTo(values[Vector<T>.Count..]);
        one2.CopyTo(values[(2 * Vector<T>.Count)..]);
        one3.CopyTo(values[(3 * Vector<T>.Count)..]);
        other0.CopyTo(values[(4 * Vector<T>.Count)..]);
        other1.CopyTo(values[(5 * Vector<T>.Count)..]);
        other2.CopyTo(values[(6 * Vector<T>.Count)..]);
        other3.CopyTo(values[(7 * Vector<T>.Count)..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Add<T>(
        Vector<T> sum, Vector<T> startReal, Vector<T> startImaginary, Vector<T> offsetReal, Vector<T> offsetImaginary)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Vectors.MultiplyAdd(startReal, offsetReal, Vectors.MultiplyAdd(startImaginary, offsetImaginary, sum));

    private static void CopyTile<T>(ReadOnlySpan<T> values, Span<T> kernel, int start)
        where T : unmanaged
    {
        if (start < kernel.Length)
        {
            values[..Math.Min(values.Length, kernel.Length - start)].CopyTo(kernel[start..]);
        }
    }
}
