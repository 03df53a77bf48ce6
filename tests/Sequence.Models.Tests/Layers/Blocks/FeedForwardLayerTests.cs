using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

[TestClass]
public sealed class FeedForwardLayerTests : LayerContract
{
    protected override IEnumerable<SequenceLayer> Cases =>
    [
        new FeedForwardLayer(new("ff", 1, 1)),
        new FeedForwardLayer(new("ff", 3, 7, Dropout: 0.5)),
        new FeedForwardLayer(new("ff", 5, 2)),
    ];

    /// <summary>W_1 = 2, b_1 = -1, W_2 = 3, b_2 = 0.5 at u = 1: gelu(1) = 0.841344746068543 (the normal distribution at 1).</summary>
    [TestMethod]
    public void Forward_OfOneUnit_IsTheEquation()
    {
        using var scope = NewDisposeScope();
        var layer = new FeedForwardLayer(new("ff", 1, 1));
        using var weights = ParameterSet.FromDoubles(layer.Declaration.Weights, new Dictionary<string, double[]>
        {
            ["ff.linear1.weight"] = [2],
            ["ff.linear1.bias"] = [-1],
            ["ff.linear2.weight"] = [3],
            ["ff.linear2.bias"] = [0.5],
        });
        var output = layer.Forward(weights, ones(1, 1, 1, ScalarType.Float64)).Output;
        Assert.AreEqual((3 * 0.841344746068543) + 0.5, output.item<double>(), 1e-14);
    }

    [TestMethod]
    public void Forward_InTraining_DropsHiddenFeatures()
    {
        using var scope = NewDisposeScope();
        using var pass = new TrainingPass();
        pass.Seed(3);
        var layer = new FeedForwardLayer(new("ff", 1, 1, Dropout: 0.5));
        using var weights = ParameterSet.FromDoubles(layer.Declaration.Weights, new Dictionary<string, double[]>
        {
            ["ff.linear1.weight"] = [2],
            ["ff.linear1.bias"] = [-1],
            ["ff.linear2.weight"] = [3],
            ["ff.linear2.bias"] = [0.5],
        });
        var outputs = layer.Forward(weights, ones(40, 2, 1, ScalarType.Float64), training: pass).Output;
        var values = outputs.select(1, 0).flatten().data<double>().ToArray();
        Assert.IsTrue(values.All(value => value == 0.5 || Math.Abs(value - ((6 * 0.841344746068543) + 0.5)) < 1e-12));
        Assert.AreEqual(20, values.Count(value => value == 0.5), 12);
    }

    [TestMethod]
    public void Layer_OfBadSizes_ListsEveryFault()
    {
        var error = Assert.ThrowsExactly<ConfigurationException>(() => new FeedForwardLayer(new("ff", 0, 0, Dropout: 1)));
        Assert.HasCount(3, error.Faults);
        Assert.ThrowsExactly<ConfigurationException>(() => new FeedForwardDeclaration("ff", 1, 0).Weights);
    }
}
