using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>The step of a batch normalisation with its running statistics. It has no state.</summary>
public sealed class BatchNormalisationPlan : StepPlan
{
    private readonly ChannelScale _scale;

    internal BatchNormalisationPlan(BatchNormalisationDeclaration declaration, CheckpointWeights weights)
    {
        InputSize = declaration.Channels;
        _scale = new ChannelScale(declaration, weights);
    }

    /// <inheritdoc />
    public override int InputSize { get; }

    /// <inheritdoc />
    public override int OutputSize => InputSize;

    /// <inheritdoc />
    public override int StateSize => 0;

    /// <inheritdoc />
    protected override void StepCore(ReadOnlySpan<float> input, Span<float> state, Span<float> output) =>
        _scale.Apply(input, output);
}
