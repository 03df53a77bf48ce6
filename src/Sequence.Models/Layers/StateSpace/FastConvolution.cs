using System.Numerics;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>Long convolutions through the Fourier transform, of any length.</summary>
internal static class FastConvolution
{
    /// <summary>y[b, c, h, t] = sum over s &lt;= t of kernel[c, h, t - s] input[b, h, s].</summary>
    /// <param name="input">[batch, features, length].</param>
    /// <param name="kernel">[channels, features, kernel length].</param>
    /// <returns>[batch, channels, features, length].</returns>
    public static Tensor Causal(Tensor input, Tensor kernel)
    {
        // Below this size the circular convolution would wrap into the part that is kept.
        var size = TransformSize(input.shape[2] + Math.Min(kernel.shape[2], input.shape[2]) - 1);
        return CircularConvolution.Of(input, kernel.narrow(2, 0, Math.Min(kernel.shape[2], input.shape[2])), size);
    }

    /// <summary>
    /// y[b, c, h, t] = sum over s &lt;= t of forward[c, h, t - s] input[b, h, s] + sum over s &gt; t of
    /// backward[c, h, s - t - 1] input[b, h, s].
    /// </summary>
    /// <param name="input">[batch, features, length].</param>
    /// <param name="forward">[channels, features, length].</param>
    /// <param name="backward">[channels, features, length].</param>
    /// <returns>[batch, channels, features, length].</returns>
    public static Tensor Bidirectional(Tensor input, Tensor forward, Tensor backward)
    {
        var length = input.shape[2];
        var size = TransformSize(2 * length);
        var gap = zeros(
            [forward.shape[0], forward.shape[1], size - (2 * length)], dtype: forward.dtype, device: forward.device);
        return CircularConvolution.Of(input, cat([forward, gap, backward.flip(2)], dim: 2), size);
    }

    /// <summary>Adds D u and puts the channels before the features.</summary>
    /// <param name="convolved">[batch, channels, features, length].</param>
    /// <param name="input">u, [batch, features, length].</param>
    /// <param name="skip">D, [channels, features].</param>
    /// <returns>[batch, length, channels * features].</returns>
    public static Tensor WithSkip(Tensor convolved, Tensor input, Tensor skip) =>
        convolved.add(input.unsqueeze(1).mul(skip.unsqueeze(2))).flatten(1, 2).transpose(1, 2);

    /// <summary>The least even number of factors 2, 3 and 5 that is at least this; transforms of it are quick.</summary>
    private static long TransformSize(long least)
    {
        var best = (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(2, least));
        for (long fives = 1; fives < best; fives *= 5)
        {
            for (var odd = fives; odd < best; odd *= 3)
            {
                var size = 2 * odd;
                while (size < least)
                {
                    size *= 2;
                }

                best = Math.Min(best, size);
            }
        }

        return best;
    }
}
