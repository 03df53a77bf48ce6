using System.Numerics;
using Sequence.Numerics;
using Sequence.Torch;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// The sums over conjugate pairs of poles of S4's kernel, with their gradients, by the kernel in plain C#: no array of poles
/// times nodes is made.
/// </summary>
internal sealed class CauchyFunction : autograd.SingleTensorFunction<CauchyFunction>
{
    public override string Name => nameof(CauchyFunction);

    /// <summary>r[h, k, j] = sum over n of v[h, k, n] / (i y[j] - p[h, n]) + conj(v[h, k, n]) / (i y[j] - conj(p[h, n])).</summary>
    /// <param name="nodes">y, real [nodes].</param>
    /// <param name="poles">p, complex [features, poles].</param>
    /// <param name="weights">v, complex [features, rows, poles].</param>
    /// <returns>
    /// Complex [features, rows, nodes], of the nodes' precision. It is computed on the CPU, features beside each other where
    /// libtorch may use several threads.
    /// </returns>
    public static Tensor Sum(Tensor nodes, Tensor poles, Tensor weights)
    {
        Tensor Operand(Tensor value) => value.to(nodes.dtype).cpu().contiguous();
        Tensor[] operands =
        [
            nodes.cpu(), Operand(poles.real), Operand(poles.imag), Operand(weights.real), Operand(weights.imag),
        ];
        var isRecorded = is_grad_enabled() && (poles.requires_grad || weights.requires_grad);
        var parts = isRecorded ? apply([.. operands]) : Evaluate(operands);
        parts = parts.to(poles.device);
        return complex(parts.select(0, 0), parts.select(0, 1));
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        Tensor[] operands = [.. vars.Cast<Tensor>()];
        ctx.save_for_backward([.. operands]);
        return Evaluate(operands);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        Tensor[] operands = [.. ctx.get_saved_variables()];
        var gradient = grad_output.contiguous();
        return gradient.dtype == ScalarType.Float64 ? Differentiate<double>(operands, gradient) : Differentiate<float>(operands, gradient);
    }

    private static Tensor Evaluate(Tensor[] operands) =>
        operands[0].dtype == ScalarType.Float64 ? Evaluate<double>(operands) : Evaluate<float>(operands);

    private static Tensor Evaluate<T>(Tensor[] operands)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (features, rows) = ((int)operands[3].shape[0], (int)operands[3].shape[1]);
        var result = empty([2, features, rows, operands[0].shape[0]], dtype: operands[0].dtype);
        ForEachFeature(features, feature => CauchyKernel.Evaluate<T>(
            operands[0].AsSpan<T>(),
            Part<T>(operands[1], feature, features),
            Part<T>(operands[2], feature, features),
            Part<T>(operands[3], feature, features),
            Part<T>(operands[4], feature, features),
            Part<T>(result, feature, 2 * features),
            Part<T>(result, features + feature, 2 * features)));
        return result;
    }

    private static List<Tensor> Differentiate<T>(Tensor[] operands, Tensor gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var features = (int)operands[3].shape[0];
        Tensor[] results = [.. operands.Skip(1).Select(operand => empty_like(operand))];
        ForEachFeature(features, feature => CauchyKernel.Differentiate<T>(
            operands[0].AsSpan<T>(),
            Part<T>(operands[1], feature, features),
            Part<T>(operands[2], feature, features),
            Part<T>(operands[3], feature, features),
            Part<T>(operands[4], feature, features),
            Part<T>(gradient, feature, 2 * features),
            Part<T>(gradient, features + feature, 2 * features),
            Part<T>(results[0], feature, features),
            Part<T>(results[1], feature, features),
            Part<T>(results[2], feature, features),
            Part<T>(results[3], feature, features)));
        return [zeros_like(operands[0]), .. results];
    }

    private static Span<T> Part<T>(Tensor tensor, int index, int count)
        where T : unmanaged
    {
        var values = tensor.AsSpan<T>();
        var length = values.Length / count;
        return values.Slice(index * length, length);
    }

    private static void ForEachFeature(int features, Action<int> action)
    {
        var threads = get_num_threads();
        if (threads > 1)
        {
            Parallel.For(0, features, new ParallelOptions { MaxDegreeOfParallelism = threads }, action);
            return;
        }

        for (var feature = 0; feature < features; feature++)
        {
            action(feature);
        }
    }
}
