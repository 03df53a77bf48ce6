using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

[TestClass]
public sealed class ConvolutionLayerTests : LayerContract
{
    protected override IEnumerable<SequenceLayer> Cases =>
    [
        .. from padding in Enum.GetValues<ConvolutionPadding>()
           from shape in new (int Inputs, int Outputs, int Kernel)[] { (1, 1, 1), (2, 3, 3), (3, 9, 5) }
           select new ConvolutionLayer(new("conv", 1, shape.Inputs, shape.Outputs, shape.Kernel, padding)),
    ];

    [TestMethod]
    public void Forward_OfCausal_DoesNotSeeLaterInputs()
    {
        using var scope = NewDisposeScope();
        var declaration = new ConvolutionDeclaration("conv", 1, 2, 3, 3, ConvolutionPadding.Causal);
        var layer = new ConvolutionLayer(declaration);
        using var weights = ParameterSet.FromDoubles(declaration.Weights, Weights.Doubles(declaration.Weights, 10));
        var input = Input(1, 8, 2, ScalarType.Float64);
        var changed = input.clone();
        changed.narrow(1, 5, 3).zero_();
        var before = layer.Forward(weights, input).Output.narrow(1, 0, 5);
        AssertClose(before, layer.Forward(weights, changed).Output.narrow(1, 0, 5), 0);
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    public void Map_OverSeveralDimensions_IsTheSumOverTaps(int dimensions)
    {
        using var scope = NewDisposeScope();
        var declaration = new ConvolutionDeclaration("conv", dimensions, 1, 1, 3, ConvolutionPadding.Same);
        var taps = (int)Math.Pow(3, dimensions);
        using var weights = ParameterSet.FromDoubles(declaration.Weights, new Dictionary<string, double[]>
        {
            ["conv.weight"] = [.. Enumerable.Repeat(1.0, taps)],
            ["conv.bias"] = [0.5],
        });
        long[] shape = [1, 1, .. Enumerable.Repeat(3L, dimensions)];
        var output = new ConvolutionLayer(declaration).Map(weights, ones(shape, dtype: ScalarType.Float64));
        CollectionAssert.AreEqual(shape, output.shape);

        // The centre sees every tap, a corner only two of three along each dimension.
        Assert.AreEqual(taps + 0.5, output.flatten()[taps / 2].item<double>());
        Assert.AreEqual(Math.Pow(2, dimensions) + 0.5, output.flatten()[0].item<double>());
    }
}
