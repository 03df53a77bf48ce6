using System.Numerics;
using MathNet.Numerics.IntegralTransforms;

namespace Sequence.Numerics;

/// <summary>
/// The convolution kernel K_l = Re(C^T Abar^l Bbar) of a diagonal plus low-rank system, by its generating function at
/// the roots of unity and an inverse transform (Gu, Goel, Ré, "Efficiently Modeling Long Sequences with Structured State
/// Spaces", 2022, appendix C.3). With r_XY the <see cref="CauchyKernel"/> of weights dt X Y and poles dt w, the function
/// is (1 + z/2) (r_CB - r_CP (I + r_QP)^-1 r_QB), Q = conj(P).
/// </summary>
public static class StructuredKernel
{
    /// <summary>
    /// Writes the kernels [channels, length] of one head from w [n], P [rank, n], B [n] and C~ [channels, n]
    /// (<see cref="DiagonalPlusLowRank.ToGenerating"/> for <paramref name="nodeCount"/> steps). The length may be less
    /// than the node count. T, float or double, is the precision of the sums over poles.
    /// </summary>
    /// <exception cref="ConfigurationException">The step or the node count is not positive.</exception>
    /// <exception cref="ModelException">
    /// The shapes do not agree, the kernel is longer than the node count or not finite, or T is neither float nor double.
    /// </exception>
    public static void Evaluate<T>(
        ReadOnlySpan<Complex> eigenvalues,
        ReadOnlySpan<Complex> lowRank,
        ReadOnlySpan<Complex> input,
        ReadOnlySpan<Complex> output,
        double step,
        int nodeCount,
        Span<T> kernel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Discretisation.RequireStep(step);
        var (nodes, hasNyquist) = TransformNodes.Create(nodeCount);
        var pairs = eigenvalues.Length;
        if (pairs == 0 || lowRank.Length % pairs != 0 || input.Length != pairs || output.IsEmpty
            || output.Length % pairs != 0 || kernel.Length % (output.Length / pairs) != 0)
        {
            throw new ModelException(
                $"There are {pairs} eigenvalues, {lowRank.Length} low-rank entries, {input.Length} input weights, "
                + $"{output.Length} output weights and room for {kernel.Length} values of the kernel; they must be n, "
                + "rank times n, n, channels times n, and channels times length.");
        }

        var channels = output.Length / pairs;
        var length = kernel.Length / channels;
        if (length > nodeCount)
        {
            throw new ModelException(
                $"The kernel has room for {length} steps and the generating function was cut after {nodeCount}; take "
                + "at most as many.");
        }

        var rank = lowRank.Length / pairs;
        var (real, imaginary) = Cauchy<T>(eigenvalues, lowRank, input, output, step, nodes);
        var spectra = Woodbury(real, imaginary, nodes, channels, rank, nodeCount);
        for (var channel = 0; channel < channels; channel++)
        {
            var spectrum = spectra[channel];
            if (hasNyquist)
            {
                for (var pair = 0; pair < pairs; pair++)
                {
                    spectrum[nodeCount] += step * (output[(channel * pairs) + pair] * input[pair]).Real;
                }
            }

            // The transform of one value is that value; the library does not take it.
            if (nodeCount > 1)
            {
                Fourier.InverseReal(spectrum, nodeCount, FourierOptions.AsymmetricScaling);
            }

            for (var index = 0; index < length; index++)
            {
                if (!double.IsFinite(spectrum[index]))
                {
                    throw new ModelException(
                        $"The kernel is {spectrum[index]} at step {index}. Every parameter must be finite, and eigenvalues "
                        + "need negative real parts, because one on the imaginary axis may meet a node.");
                }

                kernel[(channel * length) + index] = T.CreateTruncating(spectrum[index]);
            }
        }
    }

    /// <summary>Rows [(channels + rank), (1 + rank)]: C~ of each channel and each Q by B and each P.</summary>
    private static (T[] Real, T[] Imaginary) Cauchy<T>(
        ReadOnlySpan<Complex> eigenvalues,
        ReadOnlySpan<Complex> lowRank,
        ReadOnlySpan<Complex> input,
        ReadOnlySpan<Complex> output,
        double step,
        double[] nodes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var pairs = eigenvalues.Length;
        var channels = output.Length / pairs;
        var columns = 1 + (lowRank.Length / pairs);
        var rows = (channels + columns - 1) * columns;
        var weightsReal = new T[rows * pairs];
        var weightsImaginary = new T[rows * pairs];
        for (var index = 0; index < weightsReal.Length; index++)
        {
            var (row, column, pair) = (index / pairs / columns, index / pairs % columns, index % pairs);
            var left = row < channels
                ? output[(row * pairs) + pair]
                : Complex.Conjugate(lowRank[((row - channels) * pairs) + pair]);
            var right = column == 0 ? input[pair] : lowRank[((column - 1) * pairs) + pair];
            var weight = step * left * right;
            weightsReal[index] = T.CreateTruncating(weight.Real);
            weightsImaginary[index] = T.CreateTruncating(weight.Imaginary);
        }

        var places = new T[nodes.Length];
        for (var index = 0; index < places.Length; index++)
        {
            places[index] = T.CreateTruncating(nodes[index]);
        }

        var polesReal = new T[pairs];
        var polesImaginary = new T[pairs];
        for (var pair = 0; pair < pairs; pair++)
        {
            polesReal[pair] = T.CreateTruncating(step * eigenvalues[pair].Real);
            polesImaginary[pair] = T.CreateTruncating(step * eigenvalues[pair].Imaginary);
        }

        var real = new T[rows * nodes.Length];
        var imaginary = new T[rows * nodes.Length];
        CauchyKernel.Evaluate<T>(
            places, polesReal, polesImaginary, weightsReal, weightsImaginary, real, imaginary);
        return (real, imaginary);
    }

    /// <summary>
    /// The spectrum of each channel, real and imaginary parts in turn, with room for the Nyquist frequency.
    /// </summary>
    private static double[][] Woodbury<T>(
        T[] real, T[] imaginary, double[] nodes, int channels, int rank, int nodeCount)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var columns = 1 + rank;
        var spectra = new double[channels][];
        for (var channel = 0; channel < channels; channel++)
        {
            spectra[channel] = new double[nodeCount % 2 == 0 ? nodeCount + 2 : nodeCount + 1];
        }

        // I + r_QP beside r_QB, which becomes the solution.
        var system = new Complex[rank * columns];
        for (var node = 0; node < nodes.Length; node++)
        {
            for (var row = 0; row < rank; row++)
            {
                for (var column = 0; column < rank; column++)
                {
                    system[(row * columns) + column] =
                        At(channels + row, 1 + column, node) + (row == column ? Complex.One : Complex.Zero);
                }

                system[(row * columns) + rank] = At(channels + row, 0, node);
            }

            Solve(system, rank);
            var factor = new Complex(1, 0.5 * nodes[node]);
            for (var channel = 0; channel < channels; channel++)
            {
                var value = At(channel, 0, node);
                for (var term = 0; term < rank; term++)
                {
                    value -= At(channel, 1 + term, node) * system[(term * columns) + rank];
                }

                value *= factor;
                spectra[channel][2 * node] = value.Real;
                spectra[channel][(2 * node) + 1] = value.Imaginary;
            }
        }

        return spectra;

        Complex At(int row, int column, int node)
        {
            var index = (((row * columns) + column) * nodes.Length) + node;
            return new Complex(double.CreateTruncating(real[index]), double.CreateTruncating(imaginary[index]));
        }
    }

    /// <summary>Gauss-Jordan elimination with row pivots of a system of a few unknowns beside its right-hand side.</summary>
    private static void Solve(Complex[] system, int size)
    {
        var columns = size + 1;
        for (var pivot = 0; pivot < size; pivot++)
        {
            var best = pivot;
            for (var row = pivot + 1; row < size; row++)
            {
                if (Complex.Abs(system[(row * columns) + pivot]) > Complex.Abs(system[(best * columns) + pivot]))
                {
                    best = row;
                }
            }

            for (var column = 0; best != pivot && column < columns; column++)
            {
                var (one, other) = ((pivot * columns) + column, (best * columns) + column);
                (system[one], system[other]) = (system[other], system[one]);
            }

            var scale = 1 / system[(pivot * columns) + pivot];
            for (var column = pivot; column < columns; column++)
            {
                system[(pivot * columns) + column] *= scale;
            }

            for (var row = 0; row < size; row++)
            {
                var multiple = system[(row * columns) + pivot];
                for (var column = pivot; row != pivot && column < columns; column++)
                {
                    system[(row * columns) + column] -= multiple * system[(pivot * columns) + column];
                }
            }
        }
    }
}
