using Sequence.Data.Checkpoints;
using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

[TestClass]
public sealed class SoftmaxAttentionLayerTests : LayerContract
{
    protected override IEnumerable<SequenceLayer> Cases =>
    [
        new SoftmaxAttentionLayer(new("att", 1, 1)),
        new SoftmaxAttentionLayer(new("att", 6, 2)),
        new SoftmaxAttentionLayer(new("att", 6, 3, Bidirectional: true)),
        new SoftmaxAttentionLayer(new("att", 6, 2, Materialised: true)),
        new SoftmaxAttentionLayer(new("att", 6, 3, Bidirectional: true, Materialised: true)),
        new SoftmaxAttentionLayer(new("att", 6, 2, Context: 1)),
        new SoftmaxAttentionLayer(new("att", 6, 2, Context: 4)),
        new SoftmaxAttentionLayer(new("att", 4, 1, Context: 50)),
    ];

    /// <summary>Every pair of times, every head and every unit by loops over the published equation.</summary>
    [TestMethod]
    [DataRow(9, 6, 2, null, false)]
    [DataRow(9, 6, 2, null, true)]
    [DataRow(197, 4, 1, 3, false)]
    [DataRow(197, 4, 2, 65, false)]
    [DataRow(150, 4, 2, 149, false)]
    [DataRow(130, 2, 1, 500, false)]
    public void Forward_AgainstLoopsOverAllPairs_IsEqual(
        int length, int features, int heads, int? context, bool bidirectional)
    {
        using var scope = NewDisposeScope();
        var declaration = new SoftmaxAttentionDeclaration("att", features, heads, context, bidirectional);
        var values = Weights.Doubles(declaration.Weights, 21);
        using var weights = ParameterSet.FromDoubles(declaration.Weights, values);
        var input = Input(1, length, features, ScalarType.Float64);
        var expected = AttentionReference.Attend(
            declaration,
            values,
            AttentionReference.Rows(input),
            (time, _, query, keys) =>
            {
                var attention = keys.Select((key, source) =>
                    (source <= time && source > time - (context ?? int.MaxValue)) || bidirectional
                        ? Math.Exp(query.Zip(key, (q, k) => q * k).Sum() / Math.Sqrt(declaration.KeySize))
                        : 0).ToArray();
                return [.. attention.Select(weight => weight / attention.Sum())];
            });
        AssertClose(
            AttentionReference.Tensor(expected), new SoftmaxAttentionLayer(declaration).Forward(weights, input).Output[0], 1e-12);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Forward_Materialised_IsThatOfTheFusedKernel(bool bidirectional)
    {
        using var scope = NewDisposeScope();
        var fused = new SoftmaxAttentionLayer(new("att", 6, 2, Bidirectional: bidirectional));
        var plain = new SoftmaxAttentionLayer(new("att", 6, 2, Bidirectional: bidirectional, Materialised: true));
        var values = Weights.Singles(fused.Declaration.Weights, 29);
        using var narrow = ParameterSet.FromSingles(fused.Declaration.Weights, values);
        var input = Input(3, 130, 6, ScalarType.Float32);
        AssertClose(fused.Forward(narrow, input).Output, plain.Forward(narrow, input).Output, 1e-6);
        using var wide = ParameterSet.FromDoubles(fused.Declaration.Weights, Weights.Doubles(fused.Declaration.Weights, 29));
        input = input.to(ScalarType.Float64);
        AssertClose(fused.Forward(wide, input).Output, plain.Forward(wide, input).Output, 1e-12);
    }

    /// <summary>Chunks longer than a block, after states both shorter and as long as the context.</summary>
    [TestMethod]
    [DataRow(5)]
    [DataRow(70)]
    public void Forward_InLongChunks_IsEqualToOnePiece(int context)
    {
        using var scope = NewDisposeScope();
        var layer = new SoftmaxAttentionLayer(new("att", 4, 2, context));
        using var weights = ParameterSet.FromDoubles(
            layer.Declaration.Weights, Weights.Doubles(layer.Declaration.Weights, 26));
        var input = Input(2, 300, 4, ScalarType.Float64);
        var pieces = new List<Tensor>();
        LayerState? state = null;
        foreach (var (start, size) in new[] { (0, 3), (3, 99), (102, 1), (103, 197) })
        {
            var result = layer.Forward(weights, input.narrow(1, start, size), state);
            pieces.Add(result.Output);
            state = result.State;
        }

        AssertClose(layer.Forward(weights, input).Output, cat([.. pieces], dim: 1), 1e-12);
    }

    [TestMethod]
    public void Streaming_RoundTheRingManyTimes_IsEqualToForward()
    {
        using var scope = NewDisposeScope();
        var layer = new SoftmaxAttentionLayer(new("att", 4, 2, Context: 3));
        var values = Weights.Singles(layer.Declaration.Weights, 27);
        using var weights = ParameterSet.FromSingles(layer.Declaration.Weights, values);
        var input = Input(1, 40, 4, ScalarType.Float32);
        var plan = PlanCompiler.Compile(layer.Declaration, CheckpointWeights.FromSingles(layer.Declaration.Weights, values));
        var rows = input.data<float>().ToArray();
        var output = new float[rows.Length];
        var state = plan.CreateState();
        for (var time = 0; time < 40; time++)
        {
            plan.Step(rows.AsSpan(time * 4, 4), state, output.AsSpan(time * 4, 4));
        }

        AssertClose(layer.Forward(weights, input).Output, tensor(output).reshape(1, 40, 4), 1e-5);
    }

    [TestMethod]
    public void Declaration_SaysWhichStepItHas()
    {
        Assert.AreEqual(StepKind.None, new SoftmaxAttentionDeclaration("att", 4, 2).StepKind);
        Assert.AreEqual(StepKind.None, new SoftmaxAttentionDeclaration("att", 4, 2, Bidirectional: true).StepKind);
        Assert.AreEqual(StepKind.Exact, new SoftmaxAttentionDeclaration("att", 4, 2, Context: 7).StepKind);
    }

    [TestMethod]
    public void Forward_WithStateWhereThereIsNone_IsRefused()
    {
        using var scope = NewDisposeScope();
        var layer = new SoftmaxAttentionLayer(new("att", 4, 2));
        using var weights = ParameterSet.FromSingles(
            layer.Declaration.Weights, Weights.Singles(layer.Declaration.Weights, 28));
        var state = new LayerState([zeros(1, 2, 1, 2), zeros(1, 2, 1, 2)]);
        var error = Assert.ThrowsExactly<ModelException>(() => layer.Forward(weights, zeros(1, 3, 4), state));
        Assert.Contains("context", error.Message);
    }

    [TestMethod]
    public void Forward_WithAStateLongerThanTheContext_IsRefused()
    {
        using var scope = NewDisposeScope();
        var layer = new SoftmaxAttentionLayer(new("att", 4, 2, Context: 3));
        using var weights = ParameterSet.FromSingles(
            layer.Declaration.Weights, Weights.Singles(layer.Declaration.Weights, 28));
        var state = new LayerState([zeros(1, 2, 3, 2), zeros(1, 2, 3, 2)]);
        Assert.ThrowsExactly<ModelException>(() => layer.Forward(weights, zeros(1, 3, 4), state));
    }

    [TestMethod]
    public void Layer_OfBadSizes_ListsEveryFault()
    {
        var error = Assert.ThrowsExactly<ConfigurationException>(
            () => new SoftmaxAttentionLayer(new("att", 5, 2, Context: 0, Bidirectional: true, Materialised: true)));
        Assert.HasCount(4, error.Faults);
        error = Assert.ThrowsExactly<ConfigurationException>(() => new SoftmaxAttentionDeclaration("att", 0, 0).Weights);
        Assert.HasCount(2, error.Faults);
    }

    [TestMethod]
    public void Step_AfterTheFirst_AllocatesNothing() => AttentionReference.AssertStepsAllocateNothing(Cases);
}
