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
        new StackLayer(Transformer(features: 4, new SoftmaxAttentionMixer { Heads = 2, Context = 5 })),
        new StackLayer(Transformer(features: 3, new PerformerMixer { Heads = 1, RandomFeatures = 4 })),
        new StackLayer(Transformer(features: 4, new SoftmaxAttentionMixer { Heads = 2, Bidirectional = true })),
    ];

    /// <summary>
    /// With weights of zero, the encoding alone is left. Positions 0 and 1 of 5 features by hand: the angles of position 1 are
    /// 1, 10000^(-2/5) = 0.0251188643150958 and 10000^(-4/5) = 0.000630957344480193.
    /// </summary>
    [TestMethod]
    public void Forward_WithSinusoidalPositions_AddsTheirSinesAndCosines()
    {
        using var scope = NewDisposeScope();
        var layer = new StackLayer(new("stack", 2, [new("stack.0", new LinearDeclaration("stack.0.mixer", 5, 5), Normalisation.None)])
        {
            Positions = PositionEncoding.Sinusoidal,
        });
        using var weights = ParameterSet.FromDoubles(
            layer.Declaration.Weights,
            layer.Declaration.Weights.ToDictionary(weight => weight.Name, weight => new double[weight.Count]));
        var output = layer.Forward(weights, Input(2, 2, 2, ScalarType.Float64)).Output;
        double[] expected =
        [
            0, 1, 0, 1, 0,
            0.8414709848078965, 0.5403023058681398, 0.0251162229097738, 0.9996845379152098, 0.0006309573026154,
        ];
        AssertClose(tensor(expected).reshape(1, 2, 5).expand(2, 2, 5), output, 1e-12);
    }

    /// <summary>Far from the start the encoding in single precision is still that of the whole position.</summary>
    [TestMethod]
    public void Forward_AfterManyPositions_GoesOnFromThere()
    {
        using var scope = NewDisposeScope();
        var layer = new StackLayer(Transformer(features: 4, new SoftmaxAttentionMixer { Heads = 1, Context = 1 }));
        using var wide = ParameterSet.FromDoubles(layer.Declaration.Weights, Weights.Doubles(layer.Declaration.Weights, 5));
        using var narrow = ParameterSet.FromSingles(layer.Declaration.Weights, Weights.Singles(layer.Declaration.Weights, 5));
        var input = Input(1, 20_000, 2, ScalarType.Float32);
        AssertClose(
            layer.Forward(wide, input.to(ScalarType.Float64)).Output,
            layer.Forward(narrow, input).Output.to(ScalarType.Float64),
            1e-5);
    }

    [TestMethod]
    public void Declare_WithFeedForward_KeepsTheNamesOfTheMixers()
    {
        var plain = new StackOptions { Mixer = new LinearAttentionMixer(), Features = 8, Depth = 2 };
        var before = plain.Declare("stack", 2, 9).Weights.Select(weight => weight.Name).ToArray();
        var after = (plain with { FeedForward = 12 }).Declare("stack", 2, 9).Weights.Select(weight => weight.Name).ToArray();
        CollectionAssert.IsSubsetOf(before, after);
        CollectionAssert.AreEquivalent(
            (string[])
            [
                .. from block in new[] { 0, 1 }
                   from name in new[] { "norm", "linear1", "linear2" }
                   from part in new[] { "weight", "bias" }
                   select $"stack.blocks.{block}.feed_forward.{name}.{part}",
            ],
            after.Except(before).ToArray());
    }

    [TestMethod]
    public void Validate_OfAStackWithBadFeedForward_SaysSo()
    {
        var error = Assert.ThrowsExactly<ConfigurationException>(
            () => new StackOptions { Mixer = new QuasiLstmMixer(), Depth = 0, FeedForward = -1 }.Validate());
        Assert.HasCount(2, error.Faults);
        Assert.Contains("feed-forward is -1", error.Message);
    }

    [TestMethod]
    public void ForwardMasked_OfATransformer_DoesNotSeeThePadding()
    {
        using var scope = NewDisposeScope();
        var layer = new StackLayer(Transformer(features: 4, new LongformerMixer { Heads = 2, Window = 2, GlobalPositions = 1 }));
        using var weights = ParameterSet.FromDoubles(layer.Declaration.Weights, Weights.Doubles(layer.Declaration.Weights, 12));
        var input = Input(3, 9, 2, ScalarType.Float64);
        long[] lengths = [9, 1, 4];
        var together = layer.ForwardMasked(weights, input, tensor(lengths), training: null);
        for (var row = 0; row < lengths.Length; row++)
        {
            var alone = layer.Forward(weights, input.narrow(0, row, 1).narrow(1, 0, lengths[row])).Output;
            AssertClose(alone, together.narrow(0, row, 1).narrow(1, 0, lengths[row]), 1e-12);
        }
    }

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

    private static StackDeclaration Transformer(int features, Mixer mixer) => new StackOptions
    {
        Mixer = mixer,
        Features = features,
        Depth = 2,
        FeedForward = 5,
        Positions = PositionEncoding.Sinusoidal,
    }.Declare("stack", inputs: 2, length: 13);

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
