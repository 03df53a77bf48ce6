using Sequence.Data.Checkpoints;
using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

[TestClass]
public sealed class EmbeddingLayerTests
{
    private static readonly EmbeddingDeclaration Table = new("tokens", Vocabulary: 4, Features: 3);

    [TestMethod]
    public void Forward_OfTokens_GivesTheRowsOfTheTable()
    {
        using var scope = NewDisposeScope();
        using var weights = ParameterSet.FromSingles(Table.Weights, Weights.Singles(Table.Weights, 1));
        var output = new EmbeddingLayer(Table).Forward(weights, tensor(new float[] { 2, 0, 2, 3 }).reshape(2, 2, 1)).Output;
        var table = weights.Get("tokens.weight");
        var expected = stack([table[2], table[0], table[2], table[3]]).reshape(2, 2, 3);
        Assert.IsTrue(output.eq(expected).all().item<bool>());
    }

    [TestMethod]
    public void Gradients_OfTheTable_AgreeWithFiniteDifferences()
    {
        using var scope = NewDisposeScope();
        using var weights = ParameterSet.FromDoubles(Table.Weights, Weights.Doubles(Table.Weights, 1));
        var layer = new EmbeddingLayer(Table);
        var input = tensor(new double[] { 2, 0, 2, 3 }).reshape(2, 2, 1);
        var direction = arange(12, dtype: ScalarType.Float64).reshape(2, 2, 3);
        FiniteDifferences.Check(
            () => layer.Forward(weights, input).Output.square().mul(direction).sum(),
            [("tokens.weight", weights.Get("tokens.weight"))]);
    }

    [TestMethod]
    public void Stack_OfTokens_IsTheSameAtOnceInStepsAndStreamed()
    {
        using var scope = NewDisposeScope();
        var declaration = new StackOptions
        {
            Mixer = new S4DMixer { StateSize = 4 },
            Features = 3,
            Depth = 2,
            Vocabulary = 4,
        }.Declare("stack", inputs: 1, length: 6);
        var values = Weights.Singles(declaration.Weights, 2);
        using var weights = ParameterSet.FromSingles(declaration.Weights, values);
        var layer = new StackLayer(declaration);
        var tokens = new float[] { 3, 1, 1, 0, 2, 3 };
        var whole = layer.Forward(weights, tensor(tokens).reshape(1, 6, 1)).Output;
        var plan = PlanCompiler.Compile(declaration, CheckpointWeights.FromSingles(declaration.Weights, values));
        var streaming = plan.CreateState();
        var output = new float[3];
        LayerState? state = null;
        for (var time = 0; time < tokens.Length; time++)
        {
            var step = layer.Step(weights, tensor(tokens[time]).reshape(1, 1), state);
            state = step.State;
            plan.Step(tokens.AsSpan(time, 1), streaming, output);
            Assert.IsTrue(step.Output[0].allclose(whole[0, time], 1e-5, 1e-5));
            Assert.IsTrue(tensor(output).allclose(whole[0, time], 1e-5, 1e-5));
        }
    }

    [TestMethod]
    [DataRow(-1f)]
    [DataRow(4f)]
    [DataRow(1.5f)]
    public void Token_ThatIsNotInTheTable_IsRefusedEverywhere(float token)
    {
        using var scope = NewDisposeScope();
        var values = Weights.Singles(Table.Weights, 1);
        using var weights = ParameterSet.FromSingles(Table.Weights, values);
        var layer = new EmbeddingLayer(Table);
        var error = Assert.ThrowsExactly<ModelException>(() => layer.Forward(weights, full([1, 1, 1], token)));
        Assert.Contains("is not a token", error.Message);
        Assert.ThrowsExactly<ModelException>(() => layer.Step(weights, full([1, 1], token)));
        var plan = PlanCompiler.Compile(Table, CheckpointWeights.FromSingles(Table.Weights, values));
        Assert.ThrowsExactly<ModelException>(() => plan.Step([token], [], new float[3]));
    }

    [TestMethod]
    public void Faults_OfEmptyTables_NameBothSizes() =>
        Assert.HasCount(2, new EmbeddingDeclaration("tokens", 0, 0).Faults());
}
