using System.Numerics.Tensors;
using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>The plan of a <see cref="ResNlsArchitecture"/>.</summary>
internal sealed class ResNlsWindowPlan(ResNlsArchitecture architecture, CheckpointWeights weights)
    : WindowPlan(architecture)
{
    private readonly ConvolutionWindow _block = new(architecture.Block, weights);
    private readonly RecurrentWindow _recurrence = new(architecture.Recurrence, weights);
    private readonly AffineMap _head = AffineMap.Of(architecture.Head, weights);

    private protected override void EvaluateCore(ReadOnlySpan<float> window, Span<float> output)
    {
        using var rows = new Scratch(window.Length);
        using var final = new Scratch(_head.Inputs);
        _block.Run(window, rows.Values);
        TensorPrimitives.Add(window, rows.Values, rows.Values);
        _recurrence.Run(rows.Values, final.Values);
        _head.Apply(final.Values, output);
    }
}
