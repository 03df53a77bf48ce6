namespace Sequence.Models.Tests.Layers;

[TestClass]
public sealed class LinearLayerTests : LayerContract
{
    protected override IEnumerable<SequenceLayer> Cases =>
        [new LinearLayer(new("linear", 1, 1)), new LinearLayer(new("linear", 5, 3)), new LinearLayer(new("linear", 17, 33))];
}
