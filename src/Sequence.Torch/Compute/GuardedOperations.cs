using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Sequence.Torch;

/// <summary>
/// Operations that end the process in TorchSharp when misused, behind checks that throw <see cref="ModelException"/> instead.
/// </summary>
public static class GuardedOperations
{
    private static readonly Lock Gate = new();
    private static int? _interOperationThreads;

    /// <summary>
    /// The matrix product C = A B over the last two axes, with the leading axes broadcast as in torch.matmul. A vector on the
    /// left counts as a row, on the right as a column, and its axis is dropped from the result.
    /// </summary>
    /// <param name="left">A, [..., n, k] or [k].</param>
    /// <param name="right">B, [..., k, m] or [k].</param>
    /// <returns>C, [..., n, m].</returns>
    /// <exception cref="ModelException">The shapes, element types or devices do not fit; the message names them.</exception>
    public static Tensor MatrixProduct(Tensor left, Tensor right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        var a = left.shape;
        var b = right.shape;
        var fault = (a, b) switch
        {
            { a.Length: 0 } or { b.Length: 0 } => "a scalar has no matrix product",
            _ when a[^1] != b[b.Length == 1 ? 0 : b.Length - 2] =>
                $"the last axis of the left ({a[^1]}) must be as long as the first matrix axis of the right ({b[b.Length == 1 ? 0 : b.Length - 2]})",
            _ when !Broadcasts(a, b) => "the leading axes do not broadcast",
            _ when left.dtype != right.dtype => "the element types differ",
            _ when left.device_type != right.device_type || left.device_index != right.device_index => "the devices differ",
            _ => null,
        };
        return fault is null
            ? left.matmul(right)
            : throw new ModelException($"Matrix product of {LibtorchFault.Describe(left, right)}: {fault}.");
    }

    /// <summary>
    /// The gradients d(output)/d(input) of a scalar for every input, without leaving anything in the inputs' own grad.
    /// </summary>
    /// <param name="output">A tensor of one element computed from the inputs by recorded operations.</param>
    /// <param name="inputs">Tensors that require a gradient.</param>
    /// <param name="createGraph">
    /// Records the gradients themselves, so that they can be differentiated again. The graph is then kept as well.
    /// </param>
    /// <returns>One gradient for each input, of its shape.</returns>
    /// <exception cref="ModelException">
    /// The output is not a scalar or was not recorded, its graph was freed, or an input requires no gradient or does not reach it.
    /// </exception>
    public static Tensor[] Gradient(Tensor output, IReadOnlyList<Tensor> inputs, bool createGraph = false)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(inputs);
        if (output.numel() != 1)
        {
            throw new ModelException($"Gradient of {LibtorchFault.Describe(output)}: only a tensor of one element has one; sum it first.");
        }

        if (!output.requires_grad)
        {
            throw new ModelException("Gradient: the output was not computed by recorded operations from a tensor that requires a gradient.");
        }

        for (var i = 0; i < inputs.Count; i++)
        {
            if (!inputs[i].requires_grad)
            {
                throw new ModelException($"Gradient: input {i}, {LibtorchFault.Describe(inputs[i])}, does not require a gradient.");
            }
        }

        // autograd.grad ends the process on a freed graph and on an unused input, neither of which can be seen beforehand;
        // backward throws. It adds to the inputs' own gradients, so those are put aside. Where the gradients themselves are to
        // be recorded, backward tries the graph and autograd.grad then does the work: backward would warn on the console.
        var kept = new Tensor?[inputs.Count];
        try
        {
            for (var i = 0; i < inputs.Count; i++)
            {
                if (!inputs[i].is_leaf)
                {
                    inputs[i].retain_grad();
                }

                kept[i] = inputs[i].grad;
                inputs[i].grad = null;
            }

            autograd.backward([output], retain_graph: createGraph, inputs: [.. inputs]);
            var gradients = TakeGradients(inputs);
            if (!createGraph)
            {
                return gradients;
            }

            Array.ForEach(gradients, gradient => gradient.Dispose());
            return [.. autograd.grad([output], [.. inputs], retain_graph: true, create_graph: true)];
        }
        catch (ExternalException exception)
        {
            throw LibtorchFault.Translate(exception, "Gradient", output);
        }
        finally
        {
            for (var i = 0; i < inputs.Count; i++)
            {
                inputs[i].grad = kept[i];
                kept[i]?.Dispose();
            }
        }
    }

    /// <summary>Sets how many threads one operation may use when called from this thread and from threads that start later.</summary>
    /// <exception cref="ConfigurationException"><paramref name="threads"/> is below one.</exception>
    public static void SetThreads(int threads)
    {
        RefuseBelowOne(threads);
        _ = LibtorchBootstrap.Initialise();
        set_num_threads(threads);
    }

    /// <summary>Sets the size of libtorch's pool for running whole operations beside each other. It can be set once a process.</summary>
    /// <exception cref="ConfigurationException"><paramref name="threads"/> is below one, or another number was set before.</exception>
    public static void SetInterOperationThreads(int threads)
    {
        RefuseBelowOne(threads);
        _ = LibtorchBootstrap.Initialise();
        lock (Gate)
        {
            if (_interOperationThreads is { } earlier && earlier != threads)
            {
                throw new ConfigurationException($"Inter-operation threads are {earlier} in this process already and cannot become {threads}.");
            }

            if (_interOperationThreads is null)
            {
                set_num_interop_threads(threads);
                _interOperationThreads = threads;
            }
        }
    }

    private static Tensor[] TakeGradients(IReadOnlyList<Tensor> inputs)
    {
        var gradients = new Tensor[inputs.Count];
        for (var i = 0; i < gradients.Length; i++)
        {
            if (inputs[i].grad is not { } gradient)
            {
                foreach (var taken in gradients.AsSpan(0, i))
                {
                    taken.Dispose();
                }

                throw new ModelException($"Gradient: the output does not depend on input {i}, {LibtorchFault.Describe(inputs[i])}.");
            }

            gradients[i] = gradient;
        }

        return gradients;
    }

    private static bool Broadcasts(long[] left, long[] right)
    {
        for (var i = 3; i <= Math.Min(left.Length, right.Length); i++)
        {
            if (left[^i] != right[^i] && left[^i] != 1 && right[^i] != 1)
            {
                return false;
            }
        }

        return true;
    }

    private static void RefuseBelowOne(int threads)
    {
        if (threads < 1)
        {
            throw new ConfigurationException($"threads is {threads}; at least 1 is needed.");
        }
    }
}
