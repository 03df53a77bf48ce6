using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// Batch normalisation of each channel: y = (u - mean) / sqrt(variance + epsilon) * weight + bias. In training the
/// statistics are the batch's and the running ones move towards them; afterwards the running ones are used. No state.
/// </summary>
public sealed class BatchNormalisationLayer(BatchNormalisationDeclaration declaration) : SequenceLayer
{
    /// <inheritdoc />
    public override BatchNormalisationDeclaration Declaration { get; } = declaration;

    /// <summary>Normalises [batch, channels, ...].</summary>
    public Tensor Map(IWeightSource weights, Tensor input, TrainingPass? training) => nn.functional.batch_norm(
        input,
        weights.Get(Declaration.WeightName("running_mean")),
        weights.Get(Declaration.WeightName("running_var")),
        weights.Get(Declaration.WeightName("weight")),
        weights.Get(Declaration.WeightName("bias")),
        training: training is not null,
        momentum: BatchNormalisationDeclaration.Momentum,
        eps: BatchNormalisationDeclaration.Epsilon);

    /// <inheritdoc />
    protected override LayerResult ForwardCore(
        IWeightSource weights, Tensor input, LayerState? state, TrainingPass? training, bool keepState)
    {
        // As an image one pixel wide the channels may stand last in memory; three axes would take libtorch's scalar loops.
        var image = input.transpose(1, 2).unsqueeze(3);
        return new(Map(weights, image, training).squeeze(3).transpose(1, 2), null);
    }

    /// <summary>
    /// The same where sequences end early: the statistics of a training pass are those of what stands within the sequences, so
    /// that they do not depend on how much padding a batch has. What comes out after an end means nothing.
    /// </summary>
    internal override Tensor ForwardMasked(IWeightSource weights, Tensor input, Tensor? mask, TrainingPass? training)
    {
        if (mask is null || training is null)
        {
            return ForwardPart(weights, input, null, training, keepState: false).Output;
        }

        var rows = input.reshape(-1, Declaration.Channels);
        var within = mask.reshape(-1).nonzero().squeeze(1);
        return zeros_like(rows)
            .index_copy(0, within, Map(weights, rows.index_select(0, within), training))
            .reshape(input.shape);
    }

    /// <inheritdoc />
    protected override LayerResult StepCore(IWeightSource weights, Tensor input, LayerState? state) =>
        new(Map(weights, input, training: null), null);
}
