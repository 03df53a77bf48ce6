using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Sequence.Torch;

/// <summary>Turns an exception of libtorch into one of ours: which operation, on which shapes, and the first line of the reason.</summary>
public static class LibtorchFault
{
    /// <summary>A <see cref="ModelException"/> that names the operation and the tensors it was given.</summary>
    /// <param name="exception">What TorchSharp threw; it becomes the inner exception.</param>
    /// <param name="operation">The operation in the caller's words, such as "layer lstm_1".</param>
    /// <param name="operands">The tensors the operation was given.</param>
    /// <returns>The exception to throw.</returns>
    public static ModelException Translate(ExternalException exception, string operation, params ReadOnlySpan<Tensor> operands)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var given = operands.Length == 0 ? "" : $" given {Describe(operands)}";

        // libtorch appends the place in its source and a stack of native frames after the first line.
        var reason = exception.Message.AsSpan().Trim();
        var end = reason.IndexOfAny('\n', '\r');
        reason = end < 0 ? reason : reason[..end];
        return new ModelException(
            $"{operation}{given} was refused by libtorch: {reason.TrimEnd('.')}. Check the shapes and types of its inputs.",
            exception);
    }

    /// <summary>The shapes and element types of tensors, such as "[2, 3] Float32 and [4] Float32".</summary>
    internal static string Describe(params ReadOnlySpan<Tensor> tensors)
    {
        var parts = new string[tensors.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = $"[{string.Join(", ", tensors[i].shape)}] {tensors[i].dtype}";
        }

        return string.Join(" and ", parts);
    }
}
