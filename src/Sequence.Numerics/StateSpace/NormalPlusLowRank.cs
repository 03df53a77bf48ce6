using System.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace Sequence.Numerics;

/// <summary>
/// A HiPPO system in the basis that makes it diagonal plus low-rank (Gu, Goel, Ré, "Efficiently Modeling Long Sequences
/// with Structured State Spaces", 2022, theorem 1). The eigenvalues come in conjugate pairs, of which the half with
/// negative imaginary part is kept: A = 2 Re(V diag(w) V^H) - sum_r P_r P_r^T for the dense rows P_r of
/// <see cref="HippoMatrices.LowRank"/>, and V^H P_r and V^H B in the new basis.
/// </summary>
public sealed record NormalPlusLowRank
{
    private NormalPlusLowRank(Complex[] eigenvalues, Complex[] lowRank, Complex[] input, Complex[] basis)
    {
        Eigenvalues = eigenvalues;
        LowRank = lowRank;
        Input = input;
        Basis = basis;
    }

    /// <summary>w [N/2], ascending by imaginary part, none of which is positive.</summary>
    public Complex[] Eigenvalues { get; }

    /// <summary>V^H P [rank, N/2], row by row.</summary>
    public Complex[] LowRank { get; }

    /// <summary>V^H B [N/2], its imaginary parts clipped where that was asked for.</summary>
    public Complex[] Input { get; }

    /// <summary>V [N, N/2], row by row; the phase of a column is arbitrary.</summary>
    public Complex[] Basis { get; }

    /// <summary>
    /// Decomposes the system of <paramref name="measure"/> in double precision. The rank is the least possible where it
    /// is null. The imaginary parts of the input are clipped to [-<paramref name="inputClip"/>, inputClip], as the
    /// authors' code does, or left alone where it is null.
    /// </summary>
    /// <exception cref="ConfigurationException">
    /// The state size is not positive and even, the rank is below the measure's least, or the clip is not positive.
    /// </exception>
    public static NormalPlusLowRank Create(
        HippoMeasure measure, int stateSize, int? rank = null, double? inputClip = 2)
    {
        var rows = rank ?? HippoMatrices.MinimumRank(measure);
        var faults = new List<string>();
        if (stateSize < 1 || stateSize % 2 != 0)
        {
            faults.Add(
                $"The state size is {stateSize}; it must be positive and even, because eigenvalues come in pairs.");
        }

        if (rows < HippoMatrices.MinimumRank(measure))
        {
            faults.Add($"The rank is {rows}; {measure} needs a rank of at least {HippoMatrices.MinimumRank(measure)}.");
        }

        if (inputClip is not (null or > 0))
        {
            faults.Add($"The input clip is {inputClip}; it must be positive.");
        }

        ConfigurationException.ThrowIfAny(faults);

        var (a, b) = HippoMatrices.Create(measure, stateSize);
        var p = HippoMatrices.LowRank(measure, stateSize, rows);
        var (eigenvalues, basis) = Decompose(measure, a, p, stateSize, rows);
        var input = Project(basis, b, stateSize);
        if (inputClip is { } clip)
        {
            for (var index = 0; index < input.Length; index++)
            {
                input[index] = new Complex(input[index].Real, Math.Clamp(input[index].Imaginary, -clip, clip));
            }
        }

        return new NormalPlusLowRank(eigenvalues, Project(basis, p, stateSize), input, basis);
    }

    private static (Complex[] Eigenvalues, Complex[] Basis) Decompose(
        HippoMeasure measure, double[] a, double[] p, int stateSize, int rank)
    {
        // The normal part is a multiple of the identity plus a skew-symmetric S, and -i S is Hermitian.
        var normal = (double[])a.Clone();
        var mean = 0.0;
        for (var row = 0; row < stateSize; row++)
        {
            for (var column = 0; column < stateSize; column++)
            {
                for (var term = 0; term < rank; term++)
                {
                    normal[(row * stateSize) + column] += p[(term * stateSize) + row] * p[(term * stateSize) + column];
                }
            }

            mean += normal[(row * stateSize) + row] / stateSize;
        }

        var hermitian = Matrix<Complex>.Build.Dense(stateSize, stateSize, (row, column) => new Complex(
            0, 0.5 * (normal[(column * stateSize) + row] - normal[(row * stateSize) + column])));
        var decomposition = hermitian.Evd(Symmetricity.Hermitian);
        var order = Enumerable.Range(0, stateSize)
            .OrderBy(index => decomposition.EigenValues[index].Real)
            .Take(stateSize / 2)
            .ToArray();

        var half = order.Length;
        var eigenvalues = new Complex[half];
        var basis = new Complex[stateSize * half];
        for (var column = 0; column < half; column++)
        {
            eigenvalues[column] = new Complex(mean, decomposition.EigenValues[order[column]].Real);
            for (var row = 0; row < stateSize; row++)
            {
                basis[(row * half) + column] = decomposition.EigenVectors[row, order[column]];
            }
        }

        if (measure == HippoMeasure.FouT)
        {
            // The first two coordinates do not turn. Any basis of that plane is one of eigenvectors, but only a vector
            // and its conjugate make a pair.
            for (var row = 0; row < stateSize; row++)
            {
                basis[(row * half) + half - 1] = 0;
            }

            eigenvalues[half - 1] = mean;
            basis[half - 1] = Math.Sqrt(0.5);
            basis[half + half - 1] = new Complex(0, Math.Sqrt(0.5));
        }

        return (eigenvalues, basis);
    }

    /// <summary>V^H x for each row x [N] of <paramref name="rows"/>.</summary>
    private static Complex[] Project(Complex[] basis, double[] rows, int stateSize)
    {
        var half = stateSize / 2;
        var projected = new Complex[rows.Length / 2];
        for (var row = 0; row < rows.Length / stateSize; row++)
        {
            for (var column = 0; column < half; column++)
            {
                for (var index = 0; index < stateSize; index++)
                {
                    projected[(row * half) + column] +=
                        Complex.Conjugate(basis[(index * half) + column]) * rows[(row * stateSize) + index];
                }
            }
        }

        return projected;
    }
}
