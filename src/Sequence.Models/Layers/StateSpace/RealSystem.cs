using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>A complex time-invariant system of each feature written out as one real system of all features.</summary>
internal static class RealSystem
{
    /// <summary>
    /// x[k] = A x[k-1] + B u[k], y[k] = 2 Re(C x[k]) + D u[k], over the real and imaginary parts of x: feature by feature, first
    /// all real parts, then all imaginary ones.
    /// </summary>
    /// <param name="state">A, complex [features, modes, modes].</param>
    /// <param name="input">B, complex [features, modes].</param>
    /// <param name="output">C, complex [channels, features, modes].</param>
    /// <param name="skip">D, [channels, features].</param>
    /// <param name="sequence">u, [length, features]; gives length and element type.</param>
    public static DynamicalSystem Of(Tensor state, Tensor input, Tensor output, Tensor skip, Tensor sequence)
    {
        var rotation = cat(
            [cat([state.real, state.imag.neg()], dim: 2), cat([state.imag, state.real], dim: 2)], dim: 1);
        var outputs = cat([output.real, output.imag.neg()], dim: 2);
        return OfReal(rotation, cat([input.real, input.imag], dim: 1), outputs.add(outputs), skip, sequence);
    }

    /// <summary>x[k] = A x[k-1] + B u[k], y[k] = C x[k] + D u[k] of each feature as one system of all.</summary>
    /// <param name="state">A, real [features, states, states].</param>
    /// <param name="input">B, real [features, states].</param>
    /// <param name="output">C, real [channels, features, states].</param>
    /// <param name="skip">D, [channels, features].</param>
    /// <param name="sequence">u, [length, features].</param>
    public static DynamicalSystem OfReal(Tensor state, Tensor input, Tensor output, Tensor skip, Tensor sequence)
    {
        var (length, type) = (sequence.shape[0], sequence.dtype);
        Tensor Constant(Tensor matrix) => matrix.to(type).unsqueeze(0).expand(length, matrix.shape[0], matrix.shape[1]);
        return new(
            Constant(block_diag([.. state.unbind(0)])),
            Constant(block_diag([.. input.unsqueeze(2).unbind(0)])),
            Constant(cat([.. output.unbind(0).Select(channel => block_diag([.. channel.unsqueeze(1).unbind(0)]))], dim: 0)),
            Constant(cat([.. skip.unbind(0).Select(channel => channel.diag())], dim: 0)));
    }
}
