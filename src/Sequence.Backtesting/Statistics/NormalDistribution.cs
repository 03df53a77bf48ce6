using MathNet.Numerics;

namespace Sequence.Backtesting;

/// <summary>The standard normal distribution.</summary>
internal static class NormalDistribution
{
    /// <summary>Phi(x) = erfc(-x / sqrt 2) / 2.</summary>
    internal static double Cumulative(double x) => 0.5 * SpecialFunctions.Erfc(-x / Math.Sqrt(2));

    /// <summary>The x with Phi(x) = p, for p in (0, 1).</summary>
    internal static double Quantile(double p)
    {
        // The upper half by symmetry would lose digits of p, so only the lower is refined: there erfc keeps them all.
        var x = -Math.Sqrt(2) * SpecialFunctions.ErfcInv(2 * p);
        var density = Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI);
        return p < 0.5 && density > 0 ? x - ((Cumulative(x) - p) / density) : x;
    }
}
