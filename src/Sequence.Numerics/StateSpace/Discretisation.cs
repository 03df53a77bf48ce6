using System.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace Sequence.Numerics;

/// <summary>
/// Turns x' = A x + B u into x_k = Abar x_(k-1) + Bbar u_k over steps of a given length, in double precision.
/// </summary>
public static class Discretisation
{
    /// <summary>Below, (exp(z) - 1)/z would lose digits and its series has converged in ten terms.</summary>
    private const double SeriesBound = 0.1;

    /// <summary>
    /// The generalised bilinear transform of a dense system A [N, N], B [N]:
    /// Abar = (I - alpha dt A)^-1 (I + (1 - alpha) dt A), Bbar = (I - alpha dt A)^-1 dt B. Alpha 0 is Euler's rule, 1/2
    /// the bilinear one, 1 the backward Euler rule (Gu et al., "Combining Recurrent, Convolutional, and Continuous-time
    /// Models with Linear State-Space Layers", 2021).
    /// </summary>
    /// <exception cref="ConfigurationException">The step is not positive, or alpha is not in [0, 1].</exception>
    /// <exception cref="ModelException">The shapes do not agree.</exception>
    public static (double[] A, double[] B) GeneralisedBilinear(
        ReadOnlySpan<double> a, ReadOnlySpan<double> b, int stateSize, double step, double alpha)
    {
        RequireStep(step);
        if (alpha is not (>= 0 and <= 1))
        {
            throw new ConfigurationException($"Alpha is {alpha}; it must lie in [0, 1].");
        }

        if (stateSize < 1 || b.Length != stateSize || a.Length != (long)stateSize * stateSize)
        {
            throw new ModelException(
                $"A holds {a.Length} values and B {b.Length}; with a state size of {stateSize} they must hold "
                + $"{(long)stateSize * stateSize} and {stateSize}.");
        }

        var source = a.ToArray();
        var identity = Matrix<double>.Build.DenseIdentity(stateSize);
        var system = Matrix<double>.Build.Dense(
            stateSize, stateSize, (row, column) => step * source[(row * stateSize) + column]);
        var factors = (identity - (alpha * system)).LU();
        var discrete = factors.Solve(identity + ((1 - alpha) * system));
        var input = factors.Solve(step * Matrix<double>.Build.Dense(stateSize, 1, b.ToArray()));
        return (discrete.ToRowMajorArray(), input.ToColumnMajorArray());
    }

    /// <summary>
    /// Zero-order hold of one diagonal entry: Abar = exp(dt a), and Bbar = (exp(dt a) - 1)/a, which multiplies B and
    /// tends to dt as a tends to 0 (Gu et al., "On the Parameterization and Initialization of Diagonal State Space
    /// Models", 2022).
    /// </summary>
    /// <exception cref="ConfigurationException">The step is not positive.</exception>
    public static (Complex A, Complex B) ZeroOrderHold(Complex a, double step)
    {
        RequireStep(step);
        var exponent = step * a;
        var decay = Complex.Exp(exponent);
        if (Complex.Abs(exponent) >= SeriesBound)
        {
            return (decay, (decay - 1) / a);
        }

        var series = Complex.One;
        for (var term = 11; term > 1; term--)
        {
            series = 1 + (series * exponent / term);
        }

        return (decay, step * series);
    }

    /// <summary>
    /// The bilinear rule of one diagonal entry: Abar = (1 + dt a/2)/(1 - dt a/2), and Bbar = dt/(1 - dt a/2), which
    /// multiplies B.
    /// </summary>
    /// <exception cref="ConfigurationException">The step is not positive.</exception>
    public static (Complex A, Complex B) Bilinear(Complex a, double step)
    {
        RequireStep(step);
        var half = 0.5 * step * a;
        return ((1 + half) / (1 - half), step / (1 - half));
    }

    internal static void RequireStep(double step)
    {
        if (!(step > 0 && double.IsFinite(step)))
        {
            throw new ConfigurationException($"The step size is {step}; it must be positive and finite.");
        }
    }
}
