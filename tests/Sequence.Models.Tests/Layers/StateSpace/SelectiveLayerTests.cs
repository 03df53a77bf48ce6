using Sequence.Data.Checkpoints;
using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

[TestClass]
public sealed class SelectiveLayerTests : LayerContract
{
    protected override IEnumerable<SequenceLayer> Cases =>
    [
        new SelectiveLayer(new("mamba", 1, 1) { Expansion = 1, ConvolutionKernel = 1 }),
        new SelectiveLayer(new("mamba", 3, 5)),
        new SelectiveLayer(new("mamba", 4, 2) { ConvolutionKernel = 3, StepRank = 2, Rate = 2 }),
    ];

    [TestMethod]
    public void Gradients_OfAStatePassedIn_AreThoseOfFiniteDifferences()
    {
        using var scope = NewDisposeScope();
        var layer = new SelectiveLayer(new("mamba", 2, 3));
        using var weights = ParameterSet.FromDoubles(
            layer.Declaration.Weights, Weights.Doubles(layer.Declaration.Weights, 31));
        var input = Input(2, 5, 2, ScalarType.Float64);
        var past = Input(2, 3, 4, ScalarType.Float64, seed: 32);
        var state = Input(2, 4, 3, ScalarType.Float64, seed: 33);
        past.requires_grad = true;
        state.requires_grad = true;
        FiniteDifferences.Check(
            () => layer.Forward(weights, input, new LayerState([past, state])).Output.pow(2).sum(),
            [("past", past), ("state", state)]);
    }

    /// <summary>Names and shapes of the authors' checkpoints, for 32 features: 64 inner ones, rank 2.</summary>
    [TestMethod]
    public void Weights_OfThirtyTwoFeatures_AreThoseOfTheAuthors()
    {
        CollectionAssert.AreEqual(
            new[]
            {
                "in_proj.weight [128, 32]",
                "conv1d.weight [64, 1, 4]",
                "conv1d.bias [64]",
                "x_proj.weight [34, 64]",
                "dt_proj.weight [64, 2]",
                "dt_proj.bias [64]",
                "A_log [64, 16]",
                "D [64]",
                "out_proj.weight [32, 64]",
            },
            new SelectiveDeclaration("mixer", 32).Weights
                .Select(weight => $"{weight.Name[6..]} [{string.Join(", ", weight.Shape)}]").ToArray());
    }

    [TestMethod]
    public void Step_OfThePlan_StaysWithForwardForTenThousandSteps()
    {
        const int length = 10_000;
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var layer = new SelectiveLayer(new("mamba", 3, 5));
        var values = WeightInitialiser.Singles(layer.Declaration.Weights, 34);
        using var weights = ParameterSet.FromDoubles(
            layer.Declaration.Weights,
            values.ToDictionary(pair => pair.Key, pair => Array.ConvertAll(pair.Value, value => (double)value)));
        var input = Input(1, length, 3, ScalarType.Float32);
        var expected = layer.Forward(weights, input.to(ScalarType.Float64)).Output[0];
        var plan = PlanCompiler.Compile(
            layer.Declaration, CheckpointWeights.FromSingles(layer.Declaration.Weights, values));
        var inputs = input.data<float>().ToArray();
        var outputs = new float[length * 3];
        var state = plan.CreateState();
        for (var time = 0; time < length; time++)
        {
            plan.Step(inputs.AsSpan(time * 3, 3), state, outputs.AsSpan(time * 3, 3));
        }

        S4Reference.AssertWithin(
            1e-4, expected, tensor(outputs).reshape(length, 3).to(ScalarType.Float64), "10,000 steps in float32");
    }

    [TestMethod]
    public void Step_OfThePlan_AllocatesNothing()
    {
        var declaration = new SelectiveDeclaration("mamba", 5, 7);
        var plan = PlanCompiler.Compile(
            declaration,
            CheckpointWeights.FromSingles(declaration.Weights, WeightInitialiser.Singles(declaration.Weights, 35)));
        var state = plan.CreateState();
        var (input, output) = (new float[5], new float[5]);
        plan.Step(input, state, output);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < 100; step++)
        {
            plan.Step(input, state, output);
        }

        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Constructor_OfBadSizes_ListsEveryFault()
    {
        var error = Assert.ThrowsExactly<ConfigurationException>(() => new SelectiveLayer(
            new("mamba", 0, 0) { ConvolutionKernel = 0, Expansion = 0, Rate = 0, MinimumStepSize = -1, StepRank = 1 }));
        Assert.HasCount(6, error.Faults);
    }
}
