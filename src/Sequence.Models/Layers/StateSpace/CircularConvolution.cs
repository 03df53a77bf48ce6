using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// The circular convolution y[b, c, h, t] = sum over s of kernel[c, h, (t - s) mod size] input[b, h, s] for t below the length
/// of the input, with its gradients. With ^ the Fourier transform and g the gradient by y, the gradients by input and kernel
/// are the transforms back of sum over c of g^ conj(kernel^) and of sum over b of g^ conj(input^).
/// </summary>
/// <remarks>
/// libtorch differentiates a real transform through a complex one of the padded length. Here a gradient costs one real
/// transform each way. The transform of the input is made again for the backward pass: kept, it would take twice the memory of
/// the input, which is kept anyway.
/// </remarks>
internal sealed class CircularConvolution : autograd.SingleTensorFunction<CircularConvolution>
{
    public override string Name => nameof(CircularConvolution);

    /// <summary>The convolution.</summary>
    /// <param name="input">[batch, features, length].</param>
    /// <param name="kernel">[channels, features, kernel length].</param>
    /// <param name="size">At least the length of either.</param>
    /// <returns>[batch, channels, features, length].</returns>
    public static Tensor Of(Tensor input, Tensor kernel, long size) =>
        is_grad_enabled() && (input.requires_grad || kernel.requires_grad)
            ? apply(input, kernel, size)
            : Back(fft.rfft(input, size).unsqueeze(1).mul(fft.rfft(kernel, size)), size, input.shape[2]);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (input, kernel, size) = ((Tensor)vars[0], (Tensor)vars[1], (long)vars[2]);
        var kernels = fft.rfft(kernel, size);
        ctx.save_for_backward([input, kernels]);
        ctx.save_data("lengths", (size, input.shape[2], kernel.shape[2]));
        using var scope = NewDisposeScope();
        return Back(fft.rfft(input, size).unsqueeze(1).mul(kernels), size, input.shape[2]).MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var (size, length, kernelLength) = ((long, long, long))ctx.get_data("lengths");
        var saved = ctx.get_saved_variables();

        // A scope of the training step ends after the whole backward pass; what is made here is freed here. The results are
        // copied, because they are the first part of a padded length.
        using var scope = NewDisposeScope();
        var gradient = fft.rfft(grad_output, size);
        var byInput = gradient.mul(saved[1].conj());
        var inputGradient = Back(byInput.shape[1] == 1 ? byInput.squeeze(1) : byInput.sum(dim: 1), size, length).contiguous();
        var inputs = fft.rfft(saved[0], size).unsqueeze(1);
        var kernelGradient = Back(gradient.mul(inputs.conj()).sum(dim: 0), size, kernelLength).contiguous();
        return [inputGradient.MoveToOuterDisposeScope(), kernelGradient.MoveToOuterDisposeScope(), null!];
    }

    /// <summary>The first times of the transform back.</summary>
    private static Tensor Back(Tensor transformed, long size, long length) =>
        fft.irfft(transformed, size).narrow(-1, 0, length);
}
