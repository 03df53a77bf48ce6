using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// Marks a forward pass as one of training: batch normalisation uses the batch's statistics, and dropout draws from this
/// pass's own generator. libtorch's common generator would make trainings that run side by side depend on each other.
/// </summary>
public sealed class TrainingPass : IDisposable
{
    private readonly Generator _generator = new(0, CPU);

    /// <summary>Starts the generator anew; a step that is seeded by its place in the training draws the same when resumed.</summary>
    public void Seed(ulong seed) => _generator.manual_seed(unchecked((long)seed));

    /// <summary>
    /// Dropout (Srivastava et al. 2014): each element is zero with probability p, else divided by 1 - p.
    /// </summary>
    /// <param name="input">Any shape.</param>
    /// <param name="probability">p, in [0, 1).</param>
    public Tensor Dropout(Tensor input, double probability)
    {
        if (probability == 0)
        {
            return input;
        }

        var threshold = tensor(probability, dtype: input.dtype);
        var kept = rand(input.shape, dtype: input.dtype, generator: _generator).ge(threshold).to(input.dtype);
        return input.mul(kept.div(tensor(1 - probability, dtype: input.dtype)));
    }

    /// <inheritdoc />
    public void Dispose() => _generator.Dispose();
}
