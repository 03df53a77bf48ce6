using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

[TestClass]
public sealed class StackLayerTests : LayerContract
{
    protected override IEnumerable<SequenceLayer> Cases =>
    [
        .. from normalisation in Enum.GetValues<Normalisation>()
           from before in new[] { true, false }
           select new StackLayer(Stack(normalisation, before, ConvolutionPadding.Causal)),
        new StackLayer(new("stack", 2,
        [
            new("stack.0", new RecurrentDeclaration("stack.0.mixer", RecurrentCell.Lstm, 4, 4), Normalisation.Layer),
            new("stack.1", Block("stack.1.mixer", ConvolutionPadding.Causal, gated: true), Normalisation.Layer),
        ])),
        new StackLayer(Stack(Normalisation.Layer, before: true, ConvolutionPadding.Same)),
    ];

    [TestMethod]
    public void ForwardMasked_WhereAMixerLooksAhead_DoesNotSeeThePadding()
    {
        using var scope = NewDisposeScope();
        var layer = new StackLayer(Stack(Normalisation.Layer, before: true, ConvolutionPadding.Same));
        using var weights = ParameterSet.FromDoubles(layer.Declaration.Weights, Weights.Doubles(layer.Declaration.Weights, 12));
        var input = Input(3, 6, 2, ScalarType.Float64);
        long[] lengths = [6, 1, 4];
        var together = layer.ForwardMasked(weights, input, tensor(lengths), training: null);
        for (var row = 0; row < lengths.Length; row++)
        {
            var alone = layer.Forward(weights, input.narrow(0, row, 1).narrow(1, 0, lengths[row])).Output;
            AssertClose(alone, together.narrow(0, row, 1).narrow(1, 0, lengths[row]), 1e-12);
        }
    }

    [TestMethod]
    public void Forward_InTraining_DropsWholeFeatures()
    {
        using var scope = NewDisposeScope();
        using var pass = new TrainingPass();
        pass.Seed(3);
        var input = ones(5, 7, 40, dtype: ScalarType.Float64);
        var dropped = pass.DropoutOverTime(input, 0.25);
        AssertClose(dropped.select(1, 0), dropped.select(1, 6), 0);
        var values = dropped.select(1, 0).data<double>().ToArray();
        Assert.IsTrue(values.All(value => value == 0 || Math.Abs(value - (1 / 0.75)) < 1e-12));
        Assert.AreEqual(0.25, values.Count(value => value == 0) / 200.0, 0.1);
    }

    private static StackDeclaration Stack(Normalisation normalisation, bool before, ConvolutionPadding padding) => new(
        "stack",
        2,
        [
            .. Enumerable.Range(0, 2).Select(index => new ResidualBlockDeclaration(
                $"stack.{index}", Block($"stack.{index}.mixer", padding, gated: index == 0), normalisation, before)),
        ]);

    private static StateSpaceBlockDeclaration Block(string prefix, ConvolutionPadding padding, bool gated) => new(
        prefix,
        new ConvolutionDeclaration(StateSpaceBlockDeclaration.CorePrefix(prefix), 1, 4, 4, 3, padding),
        gated);
}
