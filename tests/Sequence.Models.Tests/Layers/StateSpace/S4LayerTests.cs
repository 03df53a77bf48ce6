using Sequence.Numerics;
using Sequence.Streaming;

namespace Sequence.Models.Tests.Layers;

[TestClass]
public sealed class S4LayerTests : LayerContract
{
    // Kernels of 5 make the contract's 13 inputs run in three pieces, the last one shorter.
    private static readonly S4Declaration Base = new("s4", 2, 6, 5) { MinimumStepSize = 0.05, MaximumStepSize = 0.5 };

    protected override IEnumerable<SequenceLayer> Cases =>
    [
        .. new[]
        {
            Base,
            Base with { KernelLength = 16, Copies = 2 },
            Base with { KernelLength = 13, Channels = 2, StepSizeTransform = StepSizeTransform.Softplus },
            Base with { Measure = HippoMeasure.LegT, Features = 4, Copies = 2 },
            Base with { Rank = 3, Features = 1, StateSize = 4 },
            Base with { Rate = 0.5, KernelLength = 7 },
            Base with { Bidirectional = true, Channels = 2 },

            // FouT has a direction almost without decay that no input reaches. There a random C~ turns into an enormous C, which
            // amplifies rounding; so this case never leaves the kernel of its own length.
            Base with { Bidirectional = true, Measure = HippoMeasure.FouT, StateSize = 4, KernelLength = 13 },
        }.Select(declaration => new S4Layer(declaration)),
    ];

    protected override IEnumerable<SequenceLayer> Systems => Cases.Where(layer => layer.Declaration.StepKind == StepKind.Exact);
}
