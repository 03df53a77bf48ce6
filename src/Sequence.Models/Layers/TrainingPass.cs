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
    public Tensor Dropout(Tensor input, double probability) =>
        probability == 0 ? input : input.mul(Kept(input, input.shape, probability));

    /// <summary>
    /// Dropout tied over time (Gal and Ghahramani 2016): each feature of a sequence is zero at all times with probability p,
    /// else divided by 1 - p.
    /// </summary>
    /// <param name="input">[batch, length, features].</param>
    /// <param name="probability">p, in [0, 1).</param>
    public Tensor DropoutOverTime(Tensor input, double probability) => probability == 0
        ? input
        : input.mul(Kept(input, [input.shape[0], 1, input.shape[2]], probability));

    private Tensor Kept(Tensor like, long[] shape, double probability)
    {
        var threshold = tensor(probability, dtype: like.dtype);
        var kept = rand(shape, dtype: like.dtype, generator: _generator).ge(threshold).to(like.dtype);
        return kept.div(tensor(1 - probability, dtype: like.dtype)).to(like.device);
    }

    /// <inheritdoc />
    public void Dispose() => _generator.Dispose();
}
