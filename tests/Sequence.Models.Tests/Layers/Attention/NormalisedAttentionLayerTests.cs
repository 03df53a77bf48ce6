using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

[TestClass]
public sealed class NormalisedAttentionLayerTests : LayerContract
{
    protected override IEnumerable<SequenceLayer> Cases =>
    [
        new NormalisedAttentionLayer(new("att", 1, 1, 1)),
        new NormalisedAttentionLayer(new("att", 6, 2, 5)),
        new NormalisedAttentionLayer(new("att", 3, 1, 5)),
        new NormalisedAttentionLayer(new("att", 4, 2, 1)),
    ];

    /// <summary>Every pair of times, every head and every unit by loops over the published equation.</summary>
    [TestMethod]
    [DataRow(1, 6, 2, 5)]
    [DataRow(65, 4, 1, 3)]
    [DataRow(197, 6, 3, 2)]
    public void Forward_AgainstLoopsOverAllPairs_IsEqual(int length, int features, int heads, int keySize)
    {
        using var scope = NewDisposeScope();
        var declaration = new NormalisedAttentionDeclaration("att", features, heads, keySize);
        var values = Weights.Doubles(declaration.Weights, 21);
        using var weights = ParameterSet.FromDoubles(declaration.Weights, values);
        var input = Input(1, length, features, ScalarType.Float64);
        var rows = AttentionReference.Rows(input);
        var expected = AttentionReference.Attend(
            declaration,
            values,
            rows,
            (time, head, query, keys) =>
            {
                var matrix = values["att.n_proj.weight"];
                var logarithm = values["att.n_proj.bias"][head] +
                    rows[time].Select((value, column) => value * matrix[(head * features) + column]).Sum();
                return [.. keys[..(time + 1)].Select(key => query.Zip(key, (q, k) => q * k).Sum() / Math.Exp(logarithm))];
            });
        AssertClose(
            AttentionReference.Tensor(expected), new NormalisedAttentionLayer(declaration).Forward(weights, input).Output[0], 1e-12);
    }

    /// <summary>eta[k-1] / eta[k] alone would overflow here; the quotient of sum and eta does not.</summary>
    [TestMethod]
    public void Forward_WhereTheNormalisationSwingsWidely_StaysFiniteInSingle()
    {
        using var scope = NewDisposeScope();
        var declaration = new NormalisedAttentionDeclaration("att", 2, 1, 3);
        var values = Weights.Singles(declaration.Weights, 24);
        values["att.n_proj.weight"] = [60f, 0f];
        values["att.n_proj.bias"] = [0f];
        using var weights = ParameterSet.FromSingles(declaration.Weights, values);
        var input = tensor(new[] { 1f, 0.5f, -1f, 0.25f, 1f, -1f }).reshape(1, 3, 2);
        var layer = new NormalisedAttentionLayer(declaration);
        var output = layer.Forward(weights, input).Output;
        Assert.IsTrue(output.isfinite().all().item<bool>());
        var doubles = values.ToDictionary(pair => pair.Key, pair => Array.ConvertAll(pair.Value, value => (double)value));
        using var wide = ParameterSet.FromDoubles(declaration.Weights, doubles);
        var expected = layer.Forward(wide, input.to(ScalarType.Float64)).Output;
        AssertClose(expected, output.to(ScalarType.Float64), 1e-5);
    }

    [TestMethod]
    public void Layer_OfBadSizes_ListsEveryFault()
    {
        var error = Assert.ThrowsExactly<ConfigurationException>(() => new NormalisedAttentionLayer(new("att", 0, 0, 0)));
        Assert.HasCount(3, error.Faults);
        error = Assert.ThrowsExactly<ConfigurationException>(() => new NormalisedAttentionDeclaration("att", 5, 2, 1).Weights);
        Assert.Contains("divisor", error.Message);
    }

    [TestMethod]
    public void System_OfWrongShape_IsRefused()
    {
        using var scope = NewDisposeScope();
        var layer = new NormalisedAttentionLayer(new("att", 2, 1, 1));
        using var weights = ParameterSet.FromDoubles(
            layer.Declaration.Weights, Weights.Doubles(layer.Declaration.Weights, 25));
        Assert.ThrowsExactly<ModelException>(() => layer.System(weights, zeros(4, 3, ScalarType.Float64)));
        Assert.ThrowsExactly<ModelException>(() => layer.System(weights, zeros(1, 4, 2, ScalarType.Float64)));
    }

    [TestMethod]
    public void Step_AfterTheFirst_AllocatesNothing() => AttentionReference.AssertStepsAllocateNothing(Cases);
}
