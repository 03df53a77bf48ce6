using Sequence.Numerics;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// The kernel of a diagonal plus low-rank system under the bilinear rule from its generating function at the roots of unity
/// (Gu, Goel, Re, "Efficiently Modeling Long Sequences with Structured State Spaces", 2022, algorithm 1): with
/// R(z) = (z - dt a)^-1, the transform at omega is 2 / (1 + omega) (C R B - C R P (1 + P* R P)^-1 P* R B), for the output
/// C~ = (1 - A^L)^T C that belongs to the length L.
/// </summary>
internal static class GeneratingKernel
{
    /// <summary>K[k, h, l], l = 0 .. length - 1.</summary>
    /// <param name="system">The continuous system with the output C~ of this length.</param>
    /// <param name="lowRank">P, complex [features, rank, modes].</param>
    /// <param name="length">L.</param>
    /// <param name="type">Element type of the sums and the result.</param>
    /// <returns>[kernels, features, length].</returns>
    public static Tensor Evaluate(StructuredWeights system, Tensor lowRank, int length, ScalarType type)
    {
        var kernels = system.Output.shape[0];

        // Every left factor of B, P with every right factor of C~, conj(P): [features, 1 + rank, kernels + rank, modes].
        var left = cat([system.Input.unsqueeze(1), lowRank], dim: 1).mul(system.StepSize.unsqueeze(2));
        var right = cat([system.Output.transpose(0, 1), lowRank.conj()], dim: 1);
        var products = left.unsqueeze(2).mul(right.unsqueeze(1));
        var (nodes, hasNyquist) = TransformNodes.Create(length);
        var transform = GeneratingFunction.At(nodes, system.StepSize.mul(system.Diagonal), products, type);
        if (hasNyquist)
        {
            // At omega = -1 the factor is infinite and the resolvent 0; their product tends to dt Re(C~ B).
            var limit = products.select(1, 0).narrow(1, 0, kernels).real.sum(2).to(type);
            transform = cat([transform, complex(limit, zeros_like(limit)).unsqueeze(2)], dim: 2);
        }

        return fft.irfft(transform, length).transpose(0, 1);
    }
}
