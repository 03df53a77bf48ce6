using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

[TestClass]
public sealed class BatchNormalisationLayerTests : LayerContract
{
    protected override IEnumerable<SequenceLayer> Cases =>
        [new BatchNormalisationLayer(new("norm", 1)), new BatchNormalisationLayer(new("norm", 6))];

    [TestMethod]
    public void Forward_InTraining_UsesTheBatchAndMovesTheRunningStatistics()
    {
        using var scope = NewDisposeScope();
        var layer = new BatchNormalisationLayer(new("norm", 2));
        using var weights = ParameterSet.FromDoubles(layer.Declaration.Weights, new Dictionary<string, double[]>
        {
            ["norm.weight"] = [1, 1],
            ["norm.bias"] = [0, 0],
            ["norm.running_mean"] = [0, 0],
            ["norm.running_var"] = [1, 1],
        });
        var input = tensor(new double[] { 1, 10, 3, 30 }).reshape(2, 1, 2);
        using var pass = new TrainingPass();
        var output = layer.Forward(weights, input, training: pass).Output;

        // Channel 0 holds 1 and 3: mean 2, variance 1; its running mean moves a tenth of the way.
        Assert.AreEqual(-1 / Math.Sqrt(1 + 1e-5), output[0, 0, 0].item<double>(), 1e-12);
        Assert.AreEqual(0.2, weights.Get("norm.running_mean")[0].item<double>(), 1e-12);
        Assert.AreEqual(0.9 + (0.1 * 2), weights.Get("norm.running_var")[0].item<double>(), 1e-12);
    }
}
