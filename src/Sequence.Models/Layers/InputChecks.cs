using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>What layers and models ask of an input before they compute.</summary>
internal static class InputChecks
{
    /// <summary>Refuses an input of another element type or device than the weights.</summary>
    /// <param name="like">One of the weights.</param>
    /// <param name="input">The input.</param>
    /// <param name="owner">Whose weights, for the message, for example "layer 'lstm'".</param>
    public static void RequireTypeOf(Tensor like, Tensor input, string owner)
    {
        if (input.dtype != like.dtype || !IsOnDeviceOf(like, input))
        {
            throw new ModelException(
                $"The weights of {owner} are {like.dtype} on {like.device}, its input is {input.dtype} on {input.device}. " +
                "Convert one of them.");
        }
    }

    public static bool IsOnDeviceOf(Tensor one, Tensor other) =>
        one.device_type == other.device_type && one.device_index == other.device_index;

    /// <summary>The index of the first element that is NaN or infinite; null when there is none.</summary>
    public static long[]? FirstNotFinite(Tensor input)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();

        // One pass in the usual case. A sum is not finite when an element is not, and also when it overflows.
        if (double.IsFinite(input.sum().to(ScalarType.Float64).item<double>()))
        {
            return null;
        }

        var faults = input.isfinite().logical_not().nonzero();
        return faults.shape[0] == 0 ? null : faults[0].data<long>().ToArray();
    }
}
