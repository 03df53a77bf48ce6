using System.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace Sequence.Numerics;

/// <summary>
/// The system of one head of S4 in double precision: A = diag(w) - sum_r P_r P_r^H, B and C over the full state
/// [x, conj(x)] of N = 2n entries, of which only the first half of each vector is stored (Gu, Goel, Ré, "Efficiently
/// Modeling Long Sequences with Structured State Spaces", 2022, with P P^H in place of P Q^H, which keeps the system
/// stable: Goel et al., "It's Raw! Audio Generation with State-Space Models", 2022). The output is
/// C^T x with a plain transpose, and is real.
/// </summary>
public static class DiagonalPlusLowRank
{
    /// <summary>
    /// The dense bilinear step: Abar [N, N] = (I - dt/2 A)^-1 (I + dt/2 A) and Bbar [N] = (I - dt/2 A)^-1 dt B in the
    /// basis [x, conj(x)], from w [n], P [rank, n] and B [n].
    /// </summary>
    /// <exception cref="ConfigurationException">The step is not positive.</exception>
    /// <exception cref="ModelException">The shapes do not agree.</exception>
    public static (Complex[] A, Complex[] B) Discretise(
        ReadOnlySpan<Complex> eigenvalues, ReadOnlySpan<Complex> lowRank, ReadOnlySpan<Complex> input, double step)
    {
        var pairs = RequireShapes(eigenvalues, lowRank, input);
        Discretisation.RequireStep(step);
        var size = 2 * pairs;
        var dense = new Complex[size * size];
        for (var row = 0; row < pairs; row++)
        {
            dense[(row * size) + row] = eigenvalues[row];
            for (var column = 0; column < pairs; column++)
            {
                for (var term = 0; term < lowRank.Length; term += pairs)
                {
                    var (p, q) = (lowRank[term + row], lowRank[term + column]);
                    dense[(row * size) + column] -= p * Complex.Conjugate(q);
                    dense[(row * size) + pairs + column] -= p * q;
                }
            }
        }

        var b = new double[size];
        for (var index = 0; index < pairs; index++)
        {
            (b[index], b[pairs + index]) = (input[index].Real, input[index].Imaginary);
        }

        var (a, discreteInput) = Discretisation.GeneralisedBilinear(ToReal(dense, pairs), b, size, step, 0.5);
        var full = new Complex[size];
        for (var index = 0; index < pairs; index++)
        {
            full[index] = new Complex(discreteInput[index], discreteInput[pairs + index]);
            full[pairs + index] = Complex.Conjugate(full[index]);
        }

        return (FromReal(a, pairs), full);
    }

    /// <summary>
    /// The coefficients of the same step without a dense matrix. With D = 1/(2/dt - w), M = 2 Re(conj(P) D P^T) and
    /// R = (I + M)^-1 conj(P) D, by the Woodbury identity: decay = (2/dt + w) D, left = -P D, right = 4/dt R and
    /// input = 2 D (B - P^T 2 Re(R B)) (appendix C of the S4 paper).
    /// </summary>
    /// <exception cref="ConfigurationException">The step is not positive.</exception>
    /// <exception cref="ModelException">The shapes do not agree.</exception>
    public static StructuredStep Step(
        ReadOnlySpan<Complex> eigenvalues, ReadOnlySpan<Complex> lowRank, ReadOnlySpan<Complex> input, double step)
    {
        var pairs = RequireShapes(eigenvalues, lowRank, input);
        Discretisation.RequireStep(step);
        var rank = lowRank.Length / pairs;
        var resolvent = new Complex[pairs];
        var decay = new Complex[pairs];
        for (var index = 0; index < pairs; index++)
        {
            resolvent[index] = 1 / ((2 / step) - eigenvalues[index]);
            decay[index] = ((2 / step) + eigenvalues[index]) * resolvent[index];
        }

        var left = new Complex[lowRank.Length];
        var right = new Complex[lowRank.Length];
        var discrete = new Complex[pairs];
        for (var index = 0; index < pairs; index++)
        {
            discrete[index] = 2 * resolvent[index] * input[index];
        }

        if (rank > 0)
        {
            var p = lowRank.ToArray();
            var coupling = Matrix<double>.Build.Dense(rank, rank, (row, column) =>
            {
                var sum = row == column ? 1.0 : 0.0;
                for (var index = 0; index < pairs; index++)
                {
                    sum += 2 * (Complex.Conjugate(p[(row * pairs) + index]) * resolvent[index]
                        * p[(column * pairs) + index]).Real;
                }

                return sum;
            });
            var inverse = coupling.Inverse();
            for (var row = 0; row < rank; row++)
            {
                var fromInput = 0.0;
                for (var index = 0; index < pairs; index++)
                {
                    var reduced = Complex.Zero;
                    for (var column = 0; column < rank; column++)
                    {
                        reduced += inverse[row, column] * Complex.Conjugate(p[(column * pairs) + index]);
                    }

                    reduced *= resolvent[index];
                    fromInput += 2 * (reduced * input[index]).Real;
                    right[(row * pairs) + index] = 4 / step * reduced;
                    left[(row * pairs) + index] = -p[(row * pairs) + index] * resolvent[index];
                }

                for (var index = 0; index < pairs; index++)
                {
                    discrete[index] += 2 * left[(row * pairs) + index] * fromInput;
                }
            }
        }

        return new StructuredStep(decay, left, right, discrete);
    }

    /// <summary>
    /// C~ = (I - A^L)^T C, the output weights of the generating function truncated after L steps, for each row of
    /// C [channels, n] and the dense discrete A [N, N] of <see cref="Discretise"/> (appendix C of the S4 paper).
    /// </summary>
    /// <exception cref="ModelException">The shapes do not agree or the length is not positive.</exception>
    public static Complex[] ToGenerating(ReadOnlySpan<Complex> output, ReadOnlySpan<Complex> a, int length) =>
        Transform(output, a, length, static (matrix, rows) => matrix.TransposeThisAndMultiply(rows));

    /// <summary>C from C~: the inverse of <see cref="ToGenerating"/>, by a linear solve.</summary>
    /// <exception cref="ModelException">The shapes do not agree or the length is not positive.</exception>
    public static Complex[] FromGenerating(ReadOnlySpan<Complex> output, ReadOnlySpan<Complex> a, int length) =>
        Transform(output, a, length, static (matrix, rows) => matrix.Transpose().LU().Solve(rows));

    private static Complex[] Transform(
        ReadOnlySpan<Complex> output,
        ReadOnlySpan<Complex> a,
        int length,
        Func<Matrix<double>, Matrix<double>, Matrix<double>> apply)
    {
        var size = (int)Math.Sqrt(a.Length);
        var pairs = size / 2;
        if (pairs == 0 || a.Length != 4 * pairs * pairs || output.Length % pairs != 0 || length < 1)
        {
            throw new ModelException(
                $"A holds {a.Length} values, the output weights {output.Length}, and the length is {length}; they must "
                + "be [N, N] with N even, [channels, N/2], and positive.");
        }

        // In the coordinates [Re(x), Im(x)] everything is real and C^T x is [Re(C), -Im(C)] times 2.
        var channels = output.Length / pairs;
        var real = Matrix<double>.Build.Dense(size, size, ToReal(a, pairs)).Transpose();
        var difference = Matrix<double>.Build.DenseIdentity(size) - real.Power(length);
        var rows = new double[size * channels];
        for (var channel = 0; channel < channels; channel++)
        {
            for (var index = 0; index < pairs; index++)
            {
                rows[(channel * size) + index] = output[(channel * pairs) + index].Real;
                rows[(channel * size) + pairs + index] = -output[(channel * pairs) + index].Imaginary;
            }
        }

        var transformed = apply(difference, Matrix<double>.Build.Dense(size, channels, rows)).ToColumnMajorArray();
        var result = new Complex[output.Length];
        for (var index = 0; index < result.Length; index++)
        {
            var at = (index / pairs * size) + (index % pairs);
            result[index] = new Complex(transformed[at], -transformed[at + pairs]);
        }

        return result;
    }

    /// <summary>
    /// The matrix of x -> M x + K conj(x) on [Re(x), Im(x)], row by row, where [M, K] is the upper half of
    /// <paramref name="dense"/>.
    /// </summary>
    private static double[] ToReal(ReadOnlySpan<Complex> dense, int pairs)
    {
        var size = 2 * pairs;
        var real = new double[size * size];
        for (var row = 0; row < pairs; row++)
        {
            for (var column = 0; column < pairs; column++)
            {
                var plain = dense[(row * size) + column];
                var conjugate = dense[(row * size) + pairs + column];
                real[(row * size) + column] = plain.Real + conjugate.Real;
                real[(row * size) + pairs + column] = conjugate.Imaginary - plain.Imaginary;
                real[((pairs + row) * size) + column] = plain.Imaginary + conjugate.Imaginary;
                real[((pairs + row) * size) + pairs + column] = plain.Real - conjugate.Real;
            }
        }

        return real;
    }

    private static Complex[] FromReal(double[] real, int pairs)
    {
        var size = 2 * pairs;
        var dense = new Complex[size * size];
        for (var row = 0; row < pairs; row++)
        {
            for (var column = 0; column < pairs; column++)
            {
                var fromReal = new Complex(
                    real[(row * size) + column], real[((pairs + row) * size) + column]);
                var fromImaginary = new Complex(
                    real[((pairs + row) * size) + pairs + column], -real[(row * size) + pairs + column]);
                var plain = 0.5 * (fromReal + fromImaginary);
                var conjugate = 0.5 * (fromReal - fromImaginary);
                dense[(row * size) + column] = plain;
                dense[(row * size) + pairs + column] = conjugate;
                dense[((pairs + row) * size) + column] = Complex.Conjugate(conjugate);
                dense[((pairs + row) * size) + pairs + column] = Complex.Conjugate(plain);
            }
        }

        return dense;
    }

    private static int RequireShapes(
        ReadOnlySpan<Complex> eigenvalues, ReadOnlySpan<Complex> lowRank, ReadOnlySpan<Complex> input)
    {
        if (eigenvalues.IsEmpty || lowRank.Length % eigenvalues.Length != 0 || input.Length != eigenvalues.Length)
        {
            throw new ModelException(
                $"There are {eigenvalues.Length} eigenvalues, {lowRank.Length} low-rank entries and {input.Length} input "
                + "weights; they must be n, rank times n, and n.");
        }

        return eigenvalues.Length;
    }
}
