using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// Separable attention as a linear time-varying system (Sieber et al., "Understanding the Differences in Foundation
/// Models", 2024). With feature maps of queries and keys and a normalisation eta of each head, the state is S[k] / eta[k]:
/// A[k] = eta[k-1] / eta[k], B[k] = phi(k[k]) (x) W_v / eta[k], C[k] = phi(q[k]) (x) W_out, D = 0. The states run over
/// heads, then key units, then value units.
/// </summary>
internal static class AttentionSystem
{
    /// <summary>The system of one input sequence.</summary>
    /// <param name="declaration">Sizes.</param>
    /// <param name="weights">Gives the declared weights.</param>
    /// <param name="query">phi(q), [length, heads, key size].</param>
    /// <param name="key">phi(k), [length, heads, key size].</param>
    /// <param name="eta">[length, heads], positive.</param>
    public static DynamicalSystem Create(
        AttentionDeclaration declaration, IWeightSource weights, Tensor query, Tensor key, Tensor eta)
    {
        var length = query.shape[0];
        var (features, heads, size) = (declaration.Features, declaration.Heads, declaration.ValueSize);
        var states = heads * declaration.KeySize * size;

        // The state before the first time is zero, so any ratio does there.
        var ratio = cat([ones_like(eta.narrow(0, 0, 1)), eta.narrow(0, 0, length - 1)], dim: 0).div(eta);
        var scaled = key.div(eta.unsqueeze(2));
        var intoValue = weights.Get(declaration.WeightName("v_proj.weight")).reshape(heads, size, features);
        var valueBias = weights.Get(declaration.WeightName("v_proj.bias")).reshape(heads, size);
        var outOfValue = weights.Get(declaration.WeightName("out_proj.weight")).reshape(features, heads, size);
        var outputBias = weights.Get(declaration.WeightName("out_proj.bias"));
        return new DynamicalSystem(
            ratio.repeat_interleave(declaration.KeySize * size, dim: 1).diag_embed(),
            einsum("thk,hvf->thkvf", scaled, intoValue).reshape(length, states, features),
            einsum("thk,ohv->tohkv", query, outOfValue).reshape(length, features, states),
            zeros([length, features, features], dtype: query.dtype, device: query.device))
        {
            StateOffset = einsum("thk,hv->thkv", scaled, valueBias).reshape(length, states),
            OutputOffset = outputBias.unsqueeze(0).expand(length, features),
        };
    }
}
