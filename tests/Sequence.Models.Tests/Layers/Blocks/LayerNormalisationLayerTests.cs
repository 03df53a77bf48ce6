using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

[TestClass]
public sealed class LayerNormalisationLayerTests : LayerContract
{
    protected override IEnumerable<SequenceLayer> Cases =>
        [new LayerNormalisationLayer(new("norm", 2)), new LayerNormalisationLayer(new("norm", 19))];

    [TestMethod]
    public void Forward_ByHand_CentresAndScalesEachTime()
    {
        using var scope = NewDisposeScope();
        var layer = new LayerNormalisationLayer(new("norm", 3));
        using var weights = ParameterSet.FromDoubles(layer.Declaration.Weights, new Dictionary<string, double[]>
        {
            ["norm.weight"] = [1, 2, 1],
            ["norm.bias"] = [0, 0, 5],
        });

        // Mean 2, variance 2/3.
        var output = layer.Forward(weights, tensor(new double[] { 1, 2, 3 }).reshape(1, 1, 3)).Output.data<double>().ToArray();
        var scale = 1 / Math.Sqrt((2.0 / 3) + 1e-5);
        Assert.AreEqual(-scale, output[0], 1e-12);
        Assert.AreEqual(0, output[1], 1e-12);
        Assert.AreEqual(5 + scale, output[2], 1e-12);
    }
}
