using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// A diagonal discrete system for each feature, in double precision: x[k] = exp(e) x[k-1] + b u[k] over complex modes. Its
/// sums over time run at two levels, l = l1 W + l2: exp(l e) = exp(l1 W e) exp(l2 e), so that for L times and M modes there
/// are M (L / W + W) exponentials instead of M L, and the rest is a real batched matrix product.
/// </summary>
/// <param name="Exponent">e, the logarithm of the discrete eigenvalue, complex double [features, modes].</param>
/// <param name="Input">b, complex double [features, modes].</param>
internal sealed record ModalSystem(Tensor Exponent, Tensor Input)
{
    /// <summary>2 Re sum over modes of g exp(l e), for l = 0 .. length - 1.</summary>
    /// <param name="coefficients">g, complex double [rows, features, modes].</param>
    /// <param name="length">Number of times.</param>
    /// <param name="type">Element type of the product and the result.</param>
    /// <returns>[rows, features, length].</returns>
    /// <remarks>
    /// The angle l Im(e) reaches 1e5, where single precision keeps no digit of its cosine; so exponentials are computed in
    /// double precision and only then rounded.
    /// </remarks>
    public Tensor Series(Tensor coefficients, long length, ScalarType type)
    {
        var (rows, features, modes) = (coefficients.shape[0], coefficients.shape[1], coefficients.shape[2]);
        var width = (long)Math.Ceiling(Math.Sqrt((double)length * rows));
        width = Math.Min(width, length);
        var blocks = (length + width - 1) / width;

        // [features, rows, blocks, modes] times [features, 1, blocks, modes], real and imaginary parts apart.
        var (outerReal, outerImaginary) = Powers(Times(0, blocks, width), modesLast: true);
        var scale = coefficients.add(coefficients).transpose(0, 1).unsqueeze(2);
        var (real, imaginary) = (scale.real, scale.imag);
        (outerReal, outerImaginary) = (outerReal.unsqueeze(1), outerImaginary.unsqueeze(1));
        var left = cat(
            [
                real.mul(outerReal).sub(imaginary.mul(outerImaginary)).to(type),
                real.mul(outerImaginary).add(imaginary.mul(outerReal)).neg().to(type),
            ],
            dim: 3).reshape(features, rows * blocks, 2 * modes);
        var (innerReal, innerImaginary) = Powers(Times(0, width, 1), modesLast: false);
        var right = cat([innerReal.to(type), innerImaginary.to(type)], dim: 1);
        return left.bmm(right).reshape(features, rows, blocks * width).narrow(2, 0, length).transpose(0, 1);
    }

    /// <summary>The state after an input sequence: exp(L e) x + b * (sum over t of exp((L - 1 - t) e) u[t]).</summary>
    /// <param name="input">u, [batch, features, length].</param>
    /// <param name="state">x, complex double [batch, features, modes]; null for 0.</param>
    /// <returns>Complex double [batch, features, modes].</returns>
    public Tensor Advance(Tensor input, Tensor? state)
    {
        var (batch, features, length) = (input.shape[0], input.shape[1], input.shape[2]);
        var modes = Exponent.shape[1];
        var width = (long)Math.Ceiling(Math.Sqrt(length));
        var blocks = (length + width - 1) / width;

        // Zeros in front change nothing and fill the first block.
        var padded = nn.functional.pad(input, [(blocks * width) - length, 0]);
        var (innerReal, innerImaginary) = Powers(Times(0, width, 1).flip(0), modesLast: true);
        var sums = padded.reshape(batch, features, blocks, width).transpose(0, 1).reshape(features, batch * blocks, width)
            .bmm(cat([innerReal, innerImaginary], dim: 2).to(input.dtype))
            .to(ScalarType.Float64)
            .reshape(features, batch, blocks, 2, modes);
        var (outerReal, outerImaginary) = Powers(Times(0, blocks, width).flip(0), modesLast: true);
        (outerReal, outerImaginary) = (outerReal.unsqueeze(1), outerImaginary.unsqueeze(1));
        var (real, imaginary) = (sums.select(3, 0), sums.select(3, 1));
        var accumulated = complex(
            real.mul(outerReal).sub(imaginary.mul(outerImaginary)).sum(2),
            real.mul(outerImaginary).add(imaginary.mul(outerReal)).sum(2));
        var result = accumulated.transpose(0, 1).mul(Input);
        return state is null ? result : result.add(Exponent.mul(Times(length, 1, 1)).exp().mul(state));
    }

    private Tensor Times(long first, long count, long stride)
    {
        var times = new double[count];
        for (var index = 0; index < count; index++)
        {
            times[index] = first + (index * stride);
        }

        return tensor(times, device: Exponent.device);
    }

    /// <summary>Real and imaginary part of exp(t e) for the times given: [features, times, modes] or, transposed, [features, modes, times].</summary>
    private (Tensor Real, Tensor Imaginary) Powers(Tensor times, bool modesLast)
    {
        var axis = modesLast ? 1 : 2;
        var along = modesLast ? times.unsqueeze(1) : times;
        var decay = Exponent.real.unsqueeze(axis).mul(along).exp();
        var angle = Exponent.imag.unsqueeze(axis).mul(along);
        return (decay.mul(angle.cos()), decay.mul(angle.sin()));
    }
}
