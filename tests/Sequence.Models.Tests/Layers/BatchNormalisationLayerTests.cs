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

    [TestMethod]
    public void ForwardMasked_InTraining_SeesOnlyWhatStandsWithinTheSequences()
    {
        using var scope = NewDisposeScope();
        var layer = new BatchNormalisationLayer(new("norm", 3));
        using var padded = ParameterSet.FromDoubles(layer.Declaration.Weights, Weights.Doubles(layer.Declaration.Weights, 4));
        using var packed = ParameterSet.FromDoubles(layer.Declaration.Weights, Weights.Doubles(layer.Declaration.Weights, 4));
        using var pass = new TrainingPass();
        var input = randn([2, 5, 3], dtype: ScalarType.Float64).requires_grad_(true);
        var mask = tensor(new double[] { 1, 1, 1, 1, 1, 1, 1, 0, 0, 0 }).reshape(2, 5, 1);
        var output = layer.ForwardMasked(padded, input, mask, pass);

        // The seven rows within, as one sequence.
        var rows = cat([input[0], input[1].narrow(0, 0, 2)]).unsqueeze(0);
        var expected = layer.Forward(packed, rows, training: pass).Output.squeeze(0);
        AssertClose(expected, cat([output[0], output[1].narrow(0, 0, 2)]), 1e-12);
        foreach (var name in new[] { "norm.running_mean", "norm.running_var" })
        {
            AssertClose(packed.Get(name), padded.Get(name), 1e-12);
        }

        output.mul(mask).square().mul(arange(10, dtype: ScalarType.Float64).reshape(2, 5, 1)).sum().backward();
        Assert.AreEqual(0, input.grad![1].narrow(0, 2, 3).abs().sum().item<double>());
        Assert.IsGreaterThan(0.0, input.grad![0].abs().sum().item<double>());
    }
}
