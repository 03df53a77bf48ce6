using System.Numerics;

namespace Sequence.Numerics;

/// <summary>
/// One bilinear step of a diagonal plus low-rank system in O(rank N) work:
/// x_k = decay . x_(k-1) + sum_r left_r 2 Re(sum_n right_rn x_(k-1)n) + input u_k, y_k = 2 Re(sum_n C_n x_kn), over the
/// n = N/2 kept states of each conjugate pair. Made by <see cref="DiagonalPlusLowRank.Step"/>.
/// </summary>
public sealed record StructuredStep
{
    internal StructuredStep(Complex[] decay, Complex[] left, Complex[] right, Complex[] input)
    {
        Decay = decay;
        Left = left;
        Right = right;
        Input = input;
    }

    /// <summary>[n].</summary>
    public Complex[] Decay { get; }

    /// <summary>[rank, n], row by row.</summary>
    public Complex[] Left { get; }

    /// <summary>[rank, n], row by row.</summary>
    public Complex[] Right { get; }

    /// <summary>[n]; the first half of the dense Bbar.</summary>
    public Complex[] Input { get; }
}
