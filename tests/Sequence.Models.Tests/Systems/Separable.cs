using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Systems;

/// <summary>Systems of the Dynamical Systems Framework, written from the formulas and not from the layers.</summary>
internal static class Separable
{
    /// <summary>
    /// Separable attention of one head, normalised in C: A = I, B[k] = phi(k[k]) (x) W_v, C[k] = phi(q[k]) (x) W_out /
    /// (phi(q[k])^T sum over j up to k of phi(k[j])).
    /// </summary>
    /// <param name="declaration">Attention with one head.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="query">phi(q), [length, features of phi].</param>
    /// <param name="key">phi(k), [length, features of phi].</param>
    public static DynamicalSystem NormalisedAtTheOutput(
        AttentionDeclaration declaration, IWeightSource weights, Tensor query, Tensor key)
    {
        var (length, expansion, size) = (query.shape[0], query.shape[1], declaration.Features);
        var states = expansion * size;
        var readout = query.div(query.mul(key.cumsum(0)).sum(1, keepdim: true));
        var identity = eye(states, dtype: query.dtype).expand(length, states, states);
        var value = weights.Get($"{declaration.Prefix}.v_proj.weight");
        var output = weights.Get($"{declaration.Prefix}.out_proj.weight");
        return new DynamicalSystem(
            identity,
            einsum("tn,vf->tnvf", key, value).reshape(length, states, size),
            einsum("tn,ov->tonv", readout, output).reshape(length, size, states),
            zeros([length, size, size], dtype: query.dtype))
        {
            StateOffset = einsum("tn,v->tnv", key, weights.Get($"{declaration.Prefix}.v_proj.bias")).reshape(length, states),
            OutputOffset = weights.Get($"{declaration.Prefix}.out_proj.bias").expand(length, size),
        };
    }

    /// <summary>
    /// A selective state-space model (S6, without skip): each channel d has its own states n with A[k] = exp(-dt[k, d] a[d, n]),
    /// B[k] = dt[k, d] b[k, n], and C[k] = c[k, n] reads them.
    /// </summary>
    /// <param name="step">dt, [length, channels].</param>
    /// <param name="rate">a, [channels, states].</param>
    /// <param name="into">b, [length, states].</param>
    /// <param name="outOf">c, [length, states].</param>
    public static DynamicalSystem Selective(Tensor step, Tensor rate, Tensor into, Tensor outOf)
    {
        var (length, channels, states) = (step.shape[0], rate.shape[0], rate.shape[1]);
        var own = eye(channels, dtype: step.dtype);
        return new DynamicalSystem(
            step.unsqueeze(2).mul(rate).neg().exp().reshape(length, channels * states).diag_embed(),
            einsum("td,tn,de->tdne", step, into, own).reshape(length, channels * states, channels),
            einsum("tn,ed->tedn", outOf, own).reshape(length, channels, channels * states),
            zeros([length, channels, channels], dtype: step.dtype));
    }

    /// <summary>The affine map of this name: queries, keys or the logarithms of a normalisation.</summary>
    public static Tensor Map(AttentionDeclaration declaration, IWeightSource weights, string name, Tensor input) =>
        nn.functional.linear(
            input,
            weights.Get($"{declaration.Prefix}.{name}.weight"),
            weights.Get($"{declaration.Prefix}.{name}.bias"));

    /// <summary>[length, size] of normal numbers.</summary>
    public static Tensor Gaussian(int length, int size, ulong seed)
    {
        var random = new Sequence.Numerics.CounterRandom(seed);
        return tensor(Enumerable.Range(0, length * size).Select(_ => random.NextGaussian()).ToArray()).reshape(length, size);
    }

    public static void AssertClose(Tensor expected, Tensor actual, double relative)
    {
        CollectionAssert.AreEqual(expected.shape, actual.shape);
        Assert.That.IsWithin(relative * Math.Max(1, expected.abs().max().item<double>()), Distance(expected, actual));
    }

    public static double Distance(Tensor one, Tensor other) => one.sub(other).abs().max().item<double>();
}
