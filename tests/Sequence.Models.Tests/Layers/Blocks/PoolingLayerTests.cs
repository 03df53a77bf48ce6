using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

[TestClass]
public sealed class PoolingLayerTests : LayerContract
{
    protected override IEnumerable<SequenceLayer> Cases =>
    [
        .. from pooling in Enum.GetValues<Pooling>()
           from features in new[] { 1, 9 }
           select new PoolingLayer(new("pool", features, pooling)),
    ];

    [TestMethod]
    [DataRow(Pooling.Mean)]
    [DataRow(Pooling.Last)]
    [DataRow(Pooling.First)]
    public void Pool_OfWholeSequences_IsTheLastOfTheRunningPool(Pooling pooling)
    {
        using var scope = NewDisposeScope();
        var layer = new PoolingLayer(new("pool", 3, pooling));
        using var weights = ParameterSet.FromDoubles([], new Dictionary<string, double[]>());
        var input = Input(4, 7, 3, ScalarType.Float64);
        AssertClose(layer.Forward(weights, input).Output.select(1, 6), layer.Pool(input, null), 1e-12);
        AssertClose(layer.Pool(input, null), layer.Pool(input, full([4], 7, dtype: ScalarType.Int64)), 1e-12);
    }

    [TestMethod]
    [DataRow(Pooling.Mean)]
    [DataRow(Pooling.Last)]
    [DataRow(Pooling.First)]
    public void Pool_OfDifferentLengths_DoesNotSeeThePadding(Pooling pooling)
    {
        using var scope = NewDisposeScope();
        var layer = new PoolingLayer(new("pool", 2, pooling));
        var input = Input(3, 6, 2, ScalarType.Float64);
        long[] lengths = [6, 1, 4];
        var pooled = layer.Pool(input, tensor(lengths));
        for (var row = 0; row < lengths.Length; row++)
        {
            var alone = input.narrow(0, row, 1).narrow(1, 0, lengths[row]);
            AssertClose(layer.Pool(alone, null), pooled.narrow(0, row, 1), 1e-12);
        }
    }
}
