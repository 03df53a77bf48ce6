using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// The feed-forward layer of a Transformer (Vaswani et al., "Attention Is All You Need", 2017, equation 2, with the exact
/// GELU in place of the ReLU): y = W_2 dropout(gelu(W_1 u + b_1)) + b_2 at each time.
/// </summary>
/// <remarks>The weights carry the names of PyTorch's Transformer layer: linear1 and linear2, each .weight and .bias.</remarks>
/// <param name="Prefix">What the names of its weights start with.</param>
/// <param name="Features">Length of an input and of an output; at least 1.</param>
/// <param name="Hidden">Length of W_1 u; at least 1.</param>
/// <param name="Dropout">Share of the hidden features dropped in training, each for the whole sequence; in [0, 1).</param>
public sealed record FeedForwardDeclaration(string Prefix, int Features, int Hidden, double Dropout = 0)
    : LayerDeclaration(Prefix)
{
    /// <summary>W_1 and b_1.</summary>
    public LinearDeclaration First => new(WeightName("linear1"), Features, Hidden);

    /// <summary>W_2 and b_2.</summary>
    public LinearDeclaration Second => new(WeightName("linear2"), Hidden, Features);

    /// <inheritdoc />
    public override StepKind StepKind => StepKind.Exact;

    /// <inheritdoc />
    public override int InputSize => Features;

    /// <inheritdoc />
    public override int OutputSize => Features;

    /// <inheritdoc />
    /// <exception cref="ConfigurationException">A size is out of range; lists every fault.</exception>
    public override IReadOnlyList<WeightDeclaration> Weights
    {
        get
        {
            Validate();
            return [.. First.Weights, .. Second.Weights];
        }
    }

    /// <inheritdoc />
    public override IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        if (Features < 1)
        {
            faults.Add($"'{Prefix}': features is {Features}; it must be at least 1.");
        }

        if (Hidden < 1)
        {
            faults.Add($"'{Prefix}': hidden is {Hidden}; it must be at least 1.");
        }

        if (Dropout is not (>= 0 and < 1))
        {
            faults.Add($"'{Prefix}': dropout is {Dropout}; it must be in [0, 1).");
        }

        return faults;
    }
}
