namespace Sequence.Numerics;

/// <summary>
/// Where the generating function of a state-space kernel is evaluated. At the roots of unity omega_j = exp(-2 pi i j/L)
/// the bilinear variable z = 2 (1 - omega)/(1 + omega) is i y_j with y_j = 2 tan(pi j / L), and the factor
/// 2/(1 + omega_j) is 1 + i y_j / 2 (Gu, Goel, Ré, "Efficiently Modeling Long Sequences with Structured State Spaces",
/// 2022, lemma C.3).
/// </summary>
public static class TransformNodes
{
    /// <summary>
    /// The finite nodes y_j, j = 0 .. ceil(L/2) - 1, of a real kernel of length L. For even L one frequency more is
    /// needed, the Nyquist one j = L/2, where y is infinite and the function times the factor has a limit: a pair
    /// v/(z - lambda) + conj(v)/(z - conj(lambda)) times 1 + z/2 tends to Re(v), and a product of two such sums to 0.
    /// </summary>
    /// <exception cref="ConfigurationException">The length is not positive.</exception>
    public static (double[] Nodes, bool HasNyquist) Create(int length)
    {
        if (length < 1)
        {
            throw new ConfigurationException($"The length of the kernel is {length}; it must be positive.");
        }

        var nodes = new double[(length + 1) / 2];
        for (var index = 0; index < nodes.Length; index++)
        {
            // Past a quarter the cotangent of the exact remainder: near the pole of the tangent the rounding of its
            // argument would be multiplied by the length.
            nodes[index] = 4L * index <= length
                ? 2 * Math.Tan(Math.PI * index / length)
                : 2 / Math.Tan(Math.PI * (length - (2L * index)) / (2.0 * length));
        }

        return (nodes, length % 2 == 0);
    }
}
