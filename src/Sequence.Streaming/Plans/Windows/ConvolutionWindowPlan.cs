using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>The plan of a <see cref="ConvolutionArchitecture"/>.</summary>
internal sealed class ConvolutionWindowPlan(ConvolutionArchitecture architecture, CheckpointWeights weights)
    : WindowPlan(architecture)
{
    private readonly ConvolutionWindow _block = new(architecture.Block, weights);

    private protected override void EvaluateCore(ReadOnlySpan<float> window, Span<float> output) =>
        _block.Run(window, output);
}
