using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// Running pooling: the output at each time is the pool over the inputs so far, so that the last one pools the whole sequence.
/// Mean: y[k] = (u[0] + ... + u[k]) / (k + 1); last: y[k] = u[k]; first: y[k] = u[0]. It has no weights.
/// </summary>
/// <param name="Prefix">Names it in errors.</param>
/// <param name="Features">Number of features.</param>
/// <param name="Pooling">Which.</param>
public sealed record PoolingDeclaration(string Prefix, int Features, Pooling Pooling) : LayerDeclaration(Prefix)
{
    /// <inheritdoc />
    public override StepKind StepKind => StepKind.Exact;

    /// <inheritdoc />
    public override int InputSize => Features;

    /// <inheritdoc />
    public override int OutputSize => Features;

    /// <inheritdoc />
    public override IReadOnlyList<WeightDeclaration> Weights => [];
}
