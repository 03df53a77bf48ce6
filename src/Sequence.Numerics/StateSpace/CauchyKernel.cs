using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sequence.Numerics;

/// <summary>
/// Sums of conjugate pairs of poles on the imaginary axis, the kernel of S4 (Gu, Goel, Ré, "Efficiently Modeling Long
/// Sequences with Structured State Spaces", 2022, appendix C.3). For each row, with z = i y,
/// r(z) = sum_n v_n/(z - lambda_n) + conj(v_n)/(z - conj(lambda_n))
///      = sum_n 2 (i y Re(v_n) - Re(v_n conj(lambda_n))) / (Re(lambda_n)^2 - (y - b_n)(y + b_n) - 2 i y Re(lambda_n))
/// where b = Im(lambda). No array of poles times nodes is made. T is float or double.
/// </summary>
public static class CauchyKernel
{
    /// <summary>Rows that share the reciprocal of a pole in one pass.</summary>
    private const int Rows = 4;

    /// <summary>Nodes over which gradients are summed in T before they join the sum in double precision.</summary>
    private const int Block = 256;

    // Of a pole: b, a^2, -2a; and for each row of a pass 2 Re(v) and -2 Re(v conj(lambda)).
    private const int PoleCoefficients = 3 + (2 * Rows);

    // Of a pole: for each row the sums of conj(G)/D and of conj(G) z/D, then those of conj(G) N/D^2 without and with z.
    private const int PoleSums = (2 * Rows) + 2;

    /// <summary>
    /// Evaluates every row at every node: nodes y [L], poles [n], weights [rows, n], result [rows, L].
    /// </summary>
    /// <exception cref="ModelException">The shapes do not agree, or T is neither float nor double.</exception>
    public static void Evaluate<T>(
        ReadOnlySpan<T> nodes,
        ReadOnlySpan<T> polesReal,
        ReadOnlySpan<T> polesImaginary,
        ReadOnlySpan<T> weightsReal,
        ReadOnlySpan<T> weightsImaginary,
        Span<T> real,
        Span<T> imaginary)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var rows = RequireShapes(
            nodes.Length,
            polesReal.Length,
            polesImaginary.Length,
            weightsReal.Length,
            weightsImaginary.Length,
            real.Length,
            imaginary.Length);
        Vectors.RequireFloatOrDouble<T>();
        var coefficients = new T[polesReal.Length * PoleCoefficients];
        for (var first = 0; first < rows; first += Rows)
        {
            Prepare(polesReal, polesImaginary, weightsReal, weightsImaginary, first, rows, coefficients);
            EvaluateRows(nodes, coefficients, first, Math.Min(Rows, rows - first), real, imaginary);
        }
    }

    /// <summary>
    /// The gradients of a loss by poles and weights, given its derivatives by the real and imaginary parts of the
    /// result of <see cref="Evaluate{T}"/> [rows, L]. The gradients replace what the targets hold; a complex gradient
    /// is the pair of derivatives by real and imaginary part.
    /// </summary>
    /// <exception cref="ModelException">The shapes do not agree, or T is neither float nor double.</exception>
    public static void Differentiate<T>(
        ReadOnlySpan<T> nodes,
        ReadOnlySpan<T> polesReal,
        ReadOnlySpan<T> polesImaginary,
        ReadOnlySpan<T> weightsReal,
        ReadOnlySpan<T> weightsImaginary,
        ReadOnlySpan<T> gradientReal,
        ReadOnlySpan<T> gradientImaginary,
        Span<T> polesRealGradient,
        Span<T> polesImaginaryGradient,
        Span<T> weightsRealGradient,
        Span<T> weightsImaginaryGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var poles = polesReal.Length;
        var rows = RequireShapes(
            nodes.Length,
            poles,
            polesImaginary.Length,
            weightsReal.Length,
            weightsImaginary.Length,
            gradientReal.Length,
            gradientImaginary.Length);
        if (polesRealGradient.Length != poles || polesImaginaryGradient.Length != poles
            || weightsRealGradient.Length != rows * poles || weightsImaginaryGradient.Length != rows * poles)
        {
            throw new ModelException(
                $"The targets hold {polesRealGradient.Length}, {polesImaginaryGradient.Length}, "
                + $"{weightsRealGradient.Length} and {weightsImaginaryGradient.Length} values; they must hold {poles} "
                + $"for the poles and {rows * poles} for the weights, real and imaginary.");
        }

        Vectors.RequireFloatOrDouble<T>();
        var coefficients = new T[poles * PoleCoefficients];
        var sums = new double[poles * PoleSums];
        polesRealGradient.Clear();
        polesImaginaryGradient.Clear();
        for (var first = 0; first < rows; first += Rows)
        {
            var count = Math.Min(Rows, rows - first);
            Prepare(polesReal, polesImaginary, weightsReal, weightsImaginary, first, rows, coefficients);
            Array.Clear(sums);
            SumGradients(nodes, coefficients, gradientReal, gradientImaginary, first, count, sums);
            for (var pole = 0; pole < poles; pole++)
            {
                var of = sums.AsSpan(pole * PoleSums, PoleSums);
                var a = double.CreateTruncating(polesReal[pole]);
                var b = double.CreateTruncating(polesImaginary[pole]);

                // With D the denominator, N the numerator and G the gradient, `square` is the real part of
                // sum conj(G) N / D^2 and `turned` that of the same sum with a factor z.
                var (square, turned) = (of[2 * Rows], of[(2 * Rows) + 1]);
                var byReal = 2 * (turned - (a * square));
                var byImaginary = -2 * b * square;
                for (var row = 0; row < count; row++)
                {
                    var index = ((first + row) * poles) + pole;
                    var (plain, timesNode) = (of[row], of[Rows + row]);
                    byReal -= 2 * double.CreateTruncating(weightsReal[index]) * plain;
                    byImaginary -= 2 * double.CreateTruncating(weightsImaginary[index]) * plain;
                    weightsRealGradient[index] = T.CreateTruncating(2 * (timesNode - (a * plain)));
                    weightsImaginaryGradient[index] = T.CreateTruncating(-2 * b * plain);
                }

                polesRealGradient[pole] += T.CreateTruncating(byReal);
                polesImaginaryGradient[pole] += T.CreateTruncating(byImaginary);
            }
        }
    }

    private static void Prepare<T>(
        ReadOnlySpan<T> polesReal,
        ReadOnlySpan<T> polesImaginary,
        ReadOnlySpan<T> weightsReal,
        ReadOnlySpan<T> weightsImaginary,
        int first,
        int rows,
        Span<T> coefficients)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var two = T.CreateTruncating(2);
        for (var pole = 0; pole < polesReal.Length; pole++)
        {
            var of = coefficients.Slice(pole * PoleCoefficients, PoleCoefficients);
            var (a, b) = (polesReal[pole], polesImaginary[pole]);
            of.Clear();
            of[0] = b;
            of[1] = a * a;
            of[2] = -two * a;
            for (var row = 0; row < Rows && first + row < rows; row++)
            {
                var index = ((first + row) * polesReal.Length) + pole;
                of[3 + (2 * row)] = two * weightsReal[index];
                of[4 + (2 * row)] = -two * ((weightsReal[index] * a) + (weightsImaginary[index] * b));
            }
        }
    }

    private static void EvaluateRows<T>(
        ReadOnlySpan<T> nodes, ReadOnlySpan<T> coefficients, int first, int count, Span<T> real, Span<T> imaginary)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<Vector<T>> sums = stackalloc Vector<T>[2 * Rows];
        for (var index = 0; index < nodes.Length; index += Vector<T>.Count)
        {
            SumPoles(Vectors.Load(nodes, index), coefficients, sums);
            for (var row = 0; row < count; row++)
            {
                var start = (first + row) * nodes.Length;
                Vectors.Store(sums[row], real.Slice(start, nodes.Length), index);
                Vectors.Store(sums[Rows + row], imaginary.Slice(start, nodes.Length), index);
            }
        }
    }

    // Not inlined: the calls that store the end of a row would make the compiler keep the sums in memory.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SumPoles<T>(Vector<T> y, ReadOnlySpan<T> coefficients, Span<Vector<T>> sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref var start = ref MemoryMarshal.GetReference(coefficients);
        Vector<T> real0 = default, real1 = default, real2 = default, real3 = default;
        Vector<T> imaginary0 = default, imaginary1 = default, imaginary2 = default, imaginary3 = default;
        for (var offset = 0; offset < coefficients.Length; offset += PoleCoefficients)
        {
            ref var of = ref Unsafe.Add(ref start, offset);
            var (p, minusM) = Reciprocal(y, ref of);
            var yp = y * p;
            var ym = -(y * minusM);
            AddPole(ref Unsafe.Add(ref of, 3), p, minusM, yp, ym, ref real0, ref imaginary0);
            AddPole(ref Unsafe.Add(ref of, 5), p, minusM, yp, ym, ref real1, ref imaginary1);
            AddPole(ref Unsafe.Add(ref of, 7), p, minusM, yp, ym, ref real2, ref imaginary2);
            AddPole(ref Unsafe.Add(ref of, 9), p, minusM, yp, ym, ref real3, ref imaginary3);
        }

        (sums[0], sums[1], sums[2], sums[3]) = (real0, real1, real2, real3);
        (sums[4], sums[5], sums[6], sums[7]) = (imaginary0, imaginary1, imaginary2, imaginary3);
    }

    /// <summary>
    /// The reciprocal p - i m of the denominator. y^2 - b^2 is formed as a product, because near a resonance the
    /// difference of the squares would lose what distinguishes the node from the pole.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector<T> P, Vector<T> MinusM) Reciprocal<T>(Vector<T> y, ref T of)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var b = new Vector<T>(of);
        var real = Vectors.MultiplyAdd(b - y, b + y, new Vector<T>(Unsafe.Add(ref of, 1)));
        var imaginary = new Vector<T>(Unsafe.Add(ref of, 2)) * y;
        var scale = Vector<T>.One / Vectors.MultiplyAdd(real, real, imaginary * imaginary);
        return (real * scale, -(imaginary * scale));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddPole<T>(
        ref T weight,
        Vector<T> p,
        Vector<T> minusM,
        Vector<T> yp,
        Vector<T> ym,
        ref Vector<T> real,
        ref Vector<T> imaginary)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var timesNode = new Vector<T>(weight);
        var plain = new Vector<T>(Unsafe.Add(ref weight, 1));
        real = Vectors.MultiplyAdd(plain, p, Vectors.MultiplyAdd(timesNode, ym, real));
        imaginary = Vectors.MultiplyAdd(plain, minusM, Vectors.MultiplyAdd(timesNode, yp, imaginary));
    }

    private static void SumGradients<T>(
        ReadOnlySpan<T> nodes,
        ReadOnlySpan<T> coefficients,
        ReadOnlySpan<T> gradientReal,
        ReadOnlySpan<T> gradientImaginary,
        int first,
        int count,
        Span<double> sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // A block of nodes and of the gradients of four rows, real and imaginary, in whole vectors. Gradients of 0 fill
        // the rows that do not exist and the lanes past the end, where the last node stands once more.
        Span<T> block = stackalloc T[Block * (1 + (2 * Rows))];
        for (var index = 0; index < nodes.Length; index += Block)
        {
            var length = Math.Min(Block, nodes.Length - index);
            block.Clear();
            nodes.Slice(index, length).CopyTo(block);
            block[length..Block].Fill(nodes[^1]);
            for (var row = 0; row < count; row++)
            {
                var source = ((first + row) * nodes.Length) + index;
                gradientReal.Slice(source, length).CopyTo(block[((1 + (2 * row)) * Block)..]);
                gradientImaginary.Slice(source, length).CopyTo(block[((2 + (2 * row)) * Block)..]);
            }

            var whole = Vectors.WholeLength<T>(length);
            for (var pole = 0; pole < coefficients.Length / PoleCoefficients; pole++)
            {
                SumBlock(
                    ref MemoryMarshal.GetReference(block),
                    whole,
                    ref MemoryMarshal.GetReference(coefficients[(pole * PoleCoefficients)..]),
                    sums.Slice(pole * PoleSums, PoleSums));
            }
        }
    }

    private static void SumBlock<T>(ref T block, int length, ref T pole, Span<double> sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector<T> plain0 = default, plain1 = default, plain2 = default, plain3 = default;
        Vector<T> turned0 = default, turned1 = default, turned2 = default, turned3 = default;
        Vector<T> square = default, squareTurned = default;
        for (var index = 0; index < length; index += Vector<T>.Count)
        {
            ref var node = ref Unsafe.Add(ref block, index);
            var y = Vector.LoadUnsafe(ref node);
            var (p, minusM) = Reciprocal(y, ref pole);
            var yp = y * p;
            var ym = -(y * minusM);
            Vector<T> nodeReal = default, nodeImaginary = default, real = default, imaginary = default;
            AddRow(0, ref node, ref pole, ref plain0, ref turned0);
            AddRow(1, ref node, ref pole, ref plain1, ref turned1);
            AddRow(2, ref node, ref pole, ref plain2, ref turned2);
            AddRow(3, ref node, ref pole, ref plain3, ref turned3);

            // conj(G) N summed over the rows, and 1/D^2 = (p^2 - m^2) - 2 i p m.
            var productReal = Vectors.MultiplyAdd(y, nodeImaginary, real);
            var productImaginary = Vectors.MultiplyAdd(y, nodeReal, -imaginary);
            var squareReal = (p - minusM) * (p + minusM);
            var twiceCross = p * (minusM + minusM);
            square += Vectors.MultiplyAdd(productReal, squareReal, -(productImaginary * twiceCross));
            squareTurned -= y * Vectors.MultiplyAdd(productImaginary, squareReal, productReal * twiceCross);

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            void AddRow(int row, ref T atNode, ref T ofPole, ref Vector<T> plain, ref Vector<T> turned)
            {
                var gradientReal = Vector.LoadUnsafe(ref Unsafe.Add(ref atNode, (1 + (2 * row)) * Block));
                var gradientImaginary = Vector.LoadUnsafe(ref Unsafe.Add(ref atNode, (2 + (2 * row)) * Block));
                var byNode = new Vector<T>(Unsafe.Add(ref ofPole, 3 + (2 * row)));
                var constant = new Vector<T>(Unsafe.Add(ref ofPole, 4 + (2 * row)));
                plain = Vectors.MultiplyAdd(gradientReal, p, Vectors.MultiplyAdd(gradientImaginary, minusM, plain));
                turned = Vectors.MultiplyAdd(gradientReal, ym, Vectors.MultiplyAdd(gradientImaginary, yp, turned));
                nodeReal = Vectors.MultiplyAdd(byNode, gradientReal, nodeReal);
                nodeImaginary = Vectors.MultiplyAdd(byNode, gradientImaginary, nodeImaginary);
                real = Vectors.MultiplyAdd(constant, gradientReal, real);
                imaginary = Vectors.MultiplyAdd(constant, gradientImaginary, imaginary);
            }
        }

        Add(plain0, ref sums[0]);
        Add(plain1, ref sums[1]);
        Add(plain2, ref sums[2]);
        Add(plain3, ref sums[3]);
        Add(turned0, ref sums[Rows]);
        Add(turned1, ref sums[Rows + 1]);
        Add(turned2, ref sums[Rows + 2]);
        Add(turned3, ref sums[Rows + 3]);
        Add(square, ref sums[2 * Rows]);
        Add(squareTurned, ref sums[(2 * Rows) + 1]);

        static void Add(Vector<T> part, ref double sum) => sum += double.CreateTruncating(Vector.Sum(part));
    }

    private static int RequireShapes(
        int nodes, int poles, int polesImaginary, int weights, int weightsImaginary, int real, int imaginary)
    {
        var rows = poles == 0 ? 0 : weights / poles;
        if (poles == 0 || polesImaginary != poles || weights != rows * poles || weightsImaginary != weights
            || real != (long)rows * nodes || imaginary != real)
        {
            throw new ModelException(
                $"The shapes do not agree: {nodes} nodes; poles [{poles}] and [{polesImaginary}]; weights with "
                + $"{weights} and {weightsImaginary} values, real and imaginary, which must be rows times poles; "
                + $"values at the nodes with {real} and {imaginary}, which must be rows times nodes.");
        }

        return rows;
    }
}
