namespace Sequence.Numerics;

/// <summary>
/// The HiPPO systems x' = A x + B u in double precision, and the low-rank terms that make A + P^T P normal (Gu, Goel,
/// Ré, "Efficiently Modeling Long Sequences with Structured State Spaces", 2022, appendix C.1; Gu et al., "How to Train
/// Your HiPPO", 2023, for FouT).
/// </summary>
public static class HippoMatrices
{
    /// <summary>
    /// A [N, N] row by row and B [N] with N = <paramref name="stateSize"/>, n and k from 0.
    /// LegS: A[n, k] = -sqrt(2n+1) sqrt(2k+1) below the diagonal, -(n+1) on it, 0 above; B[n] = sqrt(2n+1).
    /// LegT: A[n, k] = -1/2 sqrt(2n+1) sqrt(2k+1), times (-1)^(n-k) above the diagonal; B[n] = 1/2 sqrt(2n+1). A and B
    /// are halved so that the window has length 2, which puts its time scale on that of LegS.
    /// FouT: A = S - B B^T, where S turns the plane of coordinates 2f and 2f+1 at the rate pi f, and B is 1 at 0,
    /// sqrt(2) at the other even places and 0 at the odd ones.
    /// </summary>
    /// <exception cref="ConfigurationException">The state size is not positive, or odd for FouT.</exception>
    public static (double[] A, double[] B) Create(HippoMeasure measure, int stateSize)
    {
        RequireStateSize(measure, stateSize);
        var a = new double[stateSize * stateSize];
        var b = new double[stateSize];
        for (var row = 0; row < stateSize; row++)
        {
            b[row] = measure switch
            {
                HippoMeasure.LegS => Math.Sqrt((2 * row) + 1),
                HippoMeasure.LegT => 0.5 * Math.Sqrt((2 * row) + 1),
                _ => FourierInput(row),
            };
            for (var column = 0; column < stateSize; column++)
            {
                a[(row * stateSize) + column] = measure switch
                {
                    HippoMeasure.LegS => ScaledLegendre(row, column),
                    HippoMeasure.LegT => TranslatedLegendre(row, column),
                    _ => Fourier(row, column),
                };
            }
        }

        return (a, b);
    }

    /// <summary>The least number of rows of P for which A + P^T P is normal: 1 for LegS and FouT, 2 for LegT.</summary>
    public static int MinimumRank(HippoMeasure measure) => measure == HippoMeasure.LegT ? 2 : 1;

    /// <summary>
    /// P [<paramref name="rank"/>, N] row by row, so that A + P^T P is a multiple of the identity plus a skew-symmetric
    /// matrix. LegS: sqrt(n + 1/2). LegT: sqrt(n + 1/2) on the odd places, then on the even ones. FouT: B. Rows past
    /// the minimum rank are 0.
    /// </summary>
    /// <exception cref="ConfigurationException">
    /// The rank is below <see cref="MinimumRank"/>, or the state size is not one of the measure.
    /// </exception>
    public static double[] LowRank(HippoMeasure measure, int stateSize, int rank)
    {
        RequireStateSize(measure, stateSize);
        if (rank < MinimumRank(measure))
        {
            throw new ConfigurationException(
                $"The rank is {rank}; {measure} needs a rank of at least {MinimumRank(measure)}.");
        }

        var p = new double[rank * stateSize];
        for (var index = 0; index < stateSize; index++)
        {
            var row = measure == HippoMeasure.LegT ? 1 - (index % 2) : 0;
            p[(row * stateSize) + index] =
                measure == HippoMeasure.FouT ? FourierInput(index) : Math.Sqrt(index + 0.5);
        }

        return p;
    }

    private static double ScaledLegendre(int row, int column) =>
        row > column ? -Math.Sqrt((2 * row) + 1) * Math.Sqrt((2 * column) + 1) : row == column ? -(row + 1) : 0;

    private static double TranslatedLegendre(int row, int column)
    {
        var sign = row < column && (column - row) % 2 == 1 ? -1 : 1;
        return -0.5 * sign * Math.Sqrt((2 * row) + 1) * Math.Sqrt((2 * column) + 1);
    }

    private static double Fourier(int row, int column)
    {
        var turning = 0.0;
        if (row / 2 == column / 2 && row != column)
        {
            turning = Math.PI * (row / 2) * (row < column ? -1 : 1);
        }

        return turning - (FourierInput(row) * FourierInput(column));
    }

    private static double FourierInput(int index) => index == 0 ? 1 : index % 2 == 0 ? Math.Sqrt(2) : 0;

    private static void RequireStateSize(HippoMeasure measure, int stateSize)
    {
        if (stateSize < 1)
        {
            throw new ConfigurationException($"The state size is {stateSize}; it must be positive.");
        }

        if (measure == HippoMeasure.FouT && stateSize % 2 != 0)
        {
            throw new ConfigurationException(
                $"The state size is {stateSize}; FouT needs an even one, because it holds a sine for each cosine.");
        }
    }
}
