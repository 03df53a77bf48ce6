using Sequence.Data.Checkpoints;
using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

[TestClass]
public sealed class LinearAttentionLayerTests : LayerContract
{
    protected override IEnumerable<SequenceLayer> Cases =>
    [
        new LinearAttentionLayer(new("att", 1, 1, 1)),
        new LinearAttentionLayer(new("att", 6, 2, 5)),
        new LinearAttentionLayer(new("att", 3, 1, 5)),
        new LinearAttentionLayer(new("att", 4, 2, 1)),
        new LinearAttentionLayer(new("att", 6, 2, 3, Bidirectional: true)),
    ];

    protected override IEnumerable<SequenceLayer> Systems =>
        Cases.Where(layer => layer is LinearAttentionLayer { Declaration.Bidirectional: false });

    /// <summary>Every pair of times, every head and every unit by loops over the published equation.</summary>
    [TestMethod]
    [DataRow(1, 6, 2, 5, false)]
    [DataRow(65, 4, 1, 3, false)]
    [DataRow(197, 6, 3, 2, false)]
    [DataRow(1, 6, 2, 5, true)]
    [DataRow(65, 6, 3, 2, true)]
    public void Forward_AgainstLoopsOverAllPairs_IsEqual(
        int length, int features, int heads, int keySize, bool bidirectional)
    {
        using var scope = NewDisposeScope();
        var layer = new LinearAttentionLayer(new("att", features, heads, keySize, bidirectional));
        var values = Weights.Doubles(layer.Declaration.Weights, 21);
        using var weights = ParameterSet.FromDoubles(layer.Declaration.Weights, values);
        var input = Input(1, length, features, ScalarType.Float64);
        var rows = AttentionReference.Rows(input);
        var expected = AttentionReference.Attend(
            layer.Declaration,
            values,
            rows,
            (time, _, query, keys) =>
            {
                double Phi(double value) => value > 0 ? value + 1 : Math.Exp(value);
                var seen = bidirectional ? keys : keys[..(time + 1)];
                var raw = seen.Select(key => query.Zip(key, (q, k) => Phi(q) * Phi(k)).Sum()).ToArray();
                return [.. raw.Select(weight => weight / raw.Sum())];
            });
        AssertClose(AttentionReference.Tensor(expected), layer.Forward(weights, input).Output[0], 1e-12);
    }

    [TestMethod]
    public void Forward_OverTenThousandTimes_InSingleAgreesWithDoubleOnAllFaces()
    {
        const int length = 10_000;
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var layer = new LinearAttentionLayer(new("att", 4, 2, 3));
        var singles = Weights.Singles(layer.Declaration.Weights, 22);
        var doubles = singles.ToDictionary(pair => pair.Key, pair => Array.ConvertAll(pair.Value, value => (double)value));
        using var narrow = ParameterSet.FromSingles(layer.Declaration.Weights, singles);
        using var wide = ParameterSet.FromDoubles(layer.Declaration.Weights, doubles);
        var input = Input(1, length, 4, ScalarType.Float32);
        var expected = layer.Forward(wide, input.to(ScalarType.Float64)).Output;
        AssertClose(expected, layer.Forward(narrow, input).Output.to(ScalarType.Float64), 1e-5);

        var plan = PlanCompiler.Compile(
            layer.Declaration, CheckpointWeights.FromSingles(layer.Declaration.Weights, singles));
        var state = plan.CreateState();
        var output = new float[length * 4];
        var rows = input.data<float>().ToArray();
        for (var time = 0; time < length; time++)
        {
            plan.Step(rows.AsSpan(time * 4, 4), state, output.AsSpan(time * 4, 4));
        }

        AssertClose(expected, tensor(output).reshape(1, length, 4).to(ScalarType.Float64), 1e-5);

        LayerState? carried = null;
        var last = zeros(1, 4);
        foreach (var one in input.unbind(1))
        {
            var result = layer.Step(narrow, one, carried);
            (last, carried) = (result.Output, result.State);
        }

        AssertClose(expected.select(1, length - 1), last.to(ScalarType.Float64), 1e-5);
    }

    /// <summary>Keys so negative that every phi underflows: the heads read 0, not 0 / 0.</summary>
    [TestMethod]
    public void Forward_WhereEveryWeightUnderflows_GivesTheOutputBias()
    {
        using var scope = NewDisposeScope();
        var declaration = new LinearAttentionDeclaration("att", 2, 1, 3);
        var values = Weights.Singles(declaration.Weights, 23);
        Array.Fill(values["att.k_proj.bias"], -1000f);
        var layer = new LinearAttentionLayer(declaration);
        using var weights = ParameterSet.FromSingles(declaration.Weights, values);
        var output = layer.Forward(weights, Input(1, 3, 2, ScalarType.Float32)).Output;
        AssertClose(tensor(values["att.out_proj.bias"]).expand(1, 3, 2), output, 1e-6);

        var plan = PlanCompiler.Compile(declaration, CheckpointWeights.FromSingles(declaration.Weights, values));
        var streamed = new float[2];
        plan.Step([1f, -1f], plan.CreateState(), streamed);
        AssertClose(tensor(values["att.out_proj.bias"]), tensor(streamed), 1e-6);
    }

    [TestMethod]
    public void Forward_BidirectionalWithAState_IsRefused()
    {
        using var scope = NewDisposeScope();
        var layer = new LinearAttentionLayer(new("att", 4, 2, 3, Bidirectional: true));
        using var weights = ParameterSet.FromSingles(
            layer.Declaration.Weights, Weights.Singles(layer.Declaration.Weights, 28));
        var state = new LayerState([zeros(1, 2, 3, 2), zeros(1, 2, 3)]);
        Assert.ThrowsExactly<ModelException>(() => layer.Forward(weights, zeros(1, 3, 4), state));
        Assert.ThrowsExactly<ModelException>(() => layer.System(weights, zeros(3, 4)));
    }

    [TestMethod]
    public void Layer_OfBadSizes_ListsEveryFault()
    {
        var error = Assert.ThrowsExactly<ConfigurationException>(() => new LinearAttentionLayer(new("att", 0, 0, 0)));
        Assert.HasCount(3, error.Faults);
        error = Assert.ThrowsExactly<ConfigurationException>(() => new LinearAttentionDeclaration("att", 5, 2, 1).Weights);
        Assert.Contains("divisor", error.Message);
    }

    [TestMethod]
    public void Step_AfterTheFirst_AllocatesNothing() => AttentionReference.AssertStepsAllocateNothing(Cases);
}
