using Sequence.Streaming;

namespace Sequence.Models.Tests.Layers;

[TestClass]
public sealed class S4DLayerTests : LayerContract
{
    private static readonly S4DDeclaration Base = new("s4d", 3, 6) { MinimumStepSize = 0.05, MaximumStepSize = 0.5 };

    protected override IEnumerable<SequenceLayer> Cases =>
    [
        .. new[]
        {
            Base,
            Base with { Discretisation = DiagonalDiscretisation.Bilinear, Initialisation = S4DInitialisation.Inv },
            Base with { Initialisation = S4DInitialisation.Inv2, Channels = 2 },
            new S4DDeclaration("s4d", 4, 2) { Initialisation = S4DInitialisation.Quad, Copies = 2, MinimumStepSize = 0.1 },
            new S4DDeclaration("s4d", 1, 4) { Initialisation = S4DInitialisation.Real, StepSizeTransform = StepSizeTransform.Softplus },
            Base with { Initialisation = S4DInitialisation.Real, RealState = true, StateSize = 5, Copies = 3, Channels = 2 },
            Base with
            {
                Initialisation = S4DInitialisation.Real,
                RealState = true,
                StateSize = 5,
                Discretisation = DiagonalDiscretisation.Bilinear,
                MaximumStepSize = 1,
            },
            Base with { Initialisation = S4DInitialisation.LegS, StateSize = 4, Features = 2, Copies = 2, MaximumStepSize = 0.2 },
            Base with { Rate = 2, Copies = 3 },
            Base with { Bidirectional = true, Channels = 2, Copies = 3 },
        }.Select(declaration => new S4DLayer(declaration)),
    ];

    protected override IEnumerable<SequenceLayer> Systems => Cases.Where(layer => layer.Declaration.StepKind == StepKind.Exact);
}
