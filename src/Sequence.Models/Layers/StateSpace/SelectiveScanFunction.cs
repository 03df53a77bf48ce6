using System.Numerics;
using Sequence.Numerics;
using Sequence.Torch;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>The recurrence of a selective state space over a sequence, with its gradients, by the kernel in plain C#.</summary>
internal sealed class SelectiveScanFunction : autograd.MultiTensorFunction<SelectiveScanFunction>
{
    public override string Name => nameof(SelectiveScanFunction);

    /// <summary>rate * softplus(raw + bias), [..., features].</summary>
    public static Tensor StepSize(Tensor raw, Tensor bias, double rate)
    {
        // softplus(v) = log(exp(v) + exp(0)); libtorch's own cuts off at 20 and takes its options as Scalars.
        var shifted = raw.add(bias);
        var step = shifted.logaddexp(zeros_like(shifted));
        return rate == 1 ? step : step.mul(tensor(rate, dtype: step.dtype, device: step.device));
    }

    /// <summary>
    /// x[k] = exp(dt[k] A) x[k-1] + dt[k] B[k] u[k], y[k] = C[k] x[k] + D u[k] for every feature. It runs on the CPU, sequences
    /// beside each other where libtorch may use several threads.
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
        Tensor[] operands = [input, step, a, b, c, d, state ?? empty([0], dtype: input.dtype)];
        operands = Array.ConvertAll(operands, operand => operand.cpu().contiguous());
        var isRecorded = is_grad_enabled() && operands.Any(operand => operand.requires_grad);
        var results = isRecorded ? apply([.. operands]) : Evaluate(operands);
        return (results[0].to(input.device), results[1].to(input.device));
    }

    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        Tensor[] operands = [.. vars.Cast<Tensor>()];
        ctx.save_for_backward([.. operands]);
        return Evaluate(operands);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        Tensor[] operands = [.. ctx.get_saved_variables()];
        return operands[0].dtype == ScalarType.Float64
            ? Differentiate<double>(operands, grad_outputs[0].contiguous(), grad_outputs[1].contiguous())
            : Differentiate<float>(operands, grad_outputs[0].contiguous(), grad_outputs[1].contiguous());
    }

    private static List<Tensor> Evaluate(Tensor[] operands) => operands[0].dtype == ScalarType.Float64
        ? Evaluate<double>(operands)
        : Evaluate<float>(operands);

    private static List<Tensor> Evaluate<T>(Tensor[] operands)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (batch, features, states) = ((int)operands[0].shape[0], (int)operands[2].shape[0], (int)operands[2].shape[1]);
        var output = empty_like(operands[0]);
        var end = empty([batch, features, states], dtype: output.dtype);
        ForEachSequence(batch, sequence => SelectiveScan.Evaluate<T>(
            features,
            states,
            Part<T>(operands[0], sequence),
            Part<T>(operands[1], sequence),
            operands[2].AsSpan<T>(),
            Part<T>(operands[3], sequence),
            Part<T>(operands[4], sequence),
            operands[5].AsSpan<T>(),
            Part<T>(operands[6], sequence),
            Part<T>(output, sequence),
            Part<T>(end, sequence)));
        return [output, end];
    }

    private static List<Tensor> Differentiate<T>(Tensor[] operands, Tensor byOutput, Tensor byEnd)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (batch, features, states) = ((int)operands[0].shape[0], (int)operands[2].shape[0], (int)operands[2].shape[1]);

        // A and D are common to the sequences: each sequence fills a gradient of its own, and they are added at the end.
        var gradients = Array.ConvertAll(operands, operand => empty_like(operand));
        gradients[2] = empty([batch, features, states], dtype: byOutput.dtype);
        gradients[5] = empty([batch, features], dtype: byOutput.dtype);
        ForEachSequence(batch, sequence => SelectiveScan.Differentiate<T>(
            features,
            states,
            Part<T>(operands[0], sequence),
            Part<T>(operands[1], sequence),
            operands[2].AsSpan<T>(),
            Part<T>(operands[3], sequence),
            Part<T>(operands[4], sequence),
            operands[5].AsSpan<T>(),
            Part<T>(operands[6], sequence),
            Part<T>(byOutput, sequence),
            Part<T>(byEnd, sequence),
            Part<T>(gradients[0], sequence),
            Part<T>(gradients[1], sequence),
            Part<T>(gradients[2], sequence),
            Part<T>(gradients[3], sequence),
            Part<T>(gradients[4], sequence),
            Part<T>(gradients[5], sequence),
            Part<T>(gradients[6], sequence)));
        gradients[2] = gradients[2].sum(dim: 0);
        gradients[5] = gradients[5].sum(dim: 0);
        return [.. gradients];
    }

    /// <summary>The elements of one sequence of a batch; none of a tensor without elements.</summary>
    private static Span<T> Part<T>(Tensor tensor, int sequence)
        where T : unmanaged
    {
        var all = tensor.AsSpan<T>();
        if (all.IsEmpty)
        {
            return all;
        }

        var length = all.Length / (int)tensor.shape[0];
        return all.Slice(sequence * length, length);
    }

    private static void ForEachSequence(int batch, Action<int> run)
    {
        var threads = get_num_threads();
        if (batch > 1 && threads > 1)
        {
            Parallel.For(0, batch, new ParallelOptions { MaxDegreeOfParallelism = threads }, run);
            return;
        }

        for (var sequence = 0; sequence < batch; sequence++)
        {
            run(sequence);
        }
    }
}
