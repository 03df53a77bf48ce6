using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>The recurrence of a selective state space over a sequence, with its gradients.</summary>
internal static class SelectiveScanFunction
{
    /// <summary>rate * softplus(raw + bias), [..., features].</summary>
    public static Tensor StepSize(Tensor raw, Tensor bias, double rate)
    {
        // softplus(v) = log(exp(v) + exp(0)); libtorch's own cuts off at 20 and takes its options as Scalars.
        var shifted = raw.add(bias);
        var step = shifted.logaddexp(zeros_like(shifted));
        return rate == 1 ? step : step.mul(tensor(rate, dtype: step.dtype, device: step.device));
    }

    /// <summary>
    /// x[k] = exp(dt[k] A) x[k-1] + dt[k] B[k] u[k], y[k] = C[k] x[k] + D u[k] for every feature.
    /// </summary>
    /// <param name="input">u, [batch, length, features].</param>
    /// <param name="step">dt, [batch, length, features].</param>
    /// <param name="a">A, [features, states].</param>
    /// <param name="b">B, [batch, length, states].</param>
    /// <param name="c">C, [batch, length, states].</param>
    /// <param name="d">D, [features].</param>
    /// <param name="state">x before the first input, [batch, features, states]; null for zero.</param>
    /// <returns>y, [batch, length, features], and x after the last input.</returns>
    public static (Tensor Output, Tensor State) Scan(
        Tensor input, Tensor step, Tensor a, Tensor b, Tensor c, Tensor d, Tensor? state)
    {
        var x = state ?? zeros([input.shape[0], a.shape[0], a.shape[1]], dtype: input.dtype, device: input.device);
        var outputs = new List<Tensor>();
        for (var time = 0; time < input.shape[1]; time++)
        {
            var size = step.select(1, time).unsqueeze(2);
            var one = input.select(1, time);
            x = size.mul(a).exp().mul(x).add(size.mul(one.unsqueeze(2)).mul(b.select(1, time).unsqueeze(1)));
            outputs.Add(x.bmm(c.select(1, time).unsqueeze(2)).squeeze(2).add(d.mul(one)));
        }

        return (stack([.. outputs], dim: 1), x);
    }
}
