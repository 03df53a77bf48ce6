using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

[TestClass]
public sealed class LongformerAttentionLayerTests : LayerContract
{
    protected override IEnumerable<SequenceLayer> Cases =>
    [
        new LongformerAttentionLayer(new("att", 1, 1, Window: 1)),
        new LongformerAttentionLayer(new("att", 6, 2, Window: 3)),
        new LongformerAttentionLayer(new("att", 6, 3, Window: 2, GlobalPositions: 2)),
        new LongformerAttentionLayer(new("att", 3, 1, Window: 50, GlobalPositions: 9)),
    ];

    /// <summary>Every pair of times, every head and every unit by loops, over blocks, their edges and the global positions.</summary>
    [TestMethod]
    [DataRow(1, 6, 2, 1, 1)]
    [DataRow(9, 6, 2, 2, 0)]
    [DataRow(9, 6, 2, 2, 3)]
    [DataRow(64, 4, 2, 5, 1)]
    [DataRow(65, 4, 1, 64, 0)]
    [DataRow(197, 6, 2, 7, 5)]
    [DataRow(197, 4, 2, 70, 66)]
    [DataRow(150, 2, 1, 1000, 2)]
    public void Forward_AgainstLoopsOverAllPairs_IsEqual(int length, int features, int heads, int window, int global)
    {
        using var scope = NewDisposeScope();
        var declaration = new LongformerAttentionDeclaration("att", features, heads, window, global);
        var values = Weights.Doubles(declaration.Weights, 21);
        using var weights = ParameterSet.FromDoubles(declaration.Weights, values);
        var input = Input(1, length, features, ScalarType.Float64);
        var rows = AttentionReference.Rows(input);
        double[] Softmax(double[] query, double[][] keys, Func<int, bool> isSeen)
        {
            var raw = keys.Select((key, source) => isSeen(source)
                ? Math.Exp(query.Zip(key, (q, k) => q * k).Sum() / Math.Sqrt(declaration.KeySize))
                : 0).ToArray();
            return [.. raw.Select(weight => weight / raw.Sum())];
        }

        var expected = AttentionReference.Attend(
            declaration,
            values,
            rows,
            (time, _, query, keys) =>
                Softmax(query, keys, source => source < global || Math.Abs(source - time) <= window));
        if (global > 0)
        {
            var ofGlobal = new Dictionary<string, double[]>(values, StringComparer.Ordinal);
            foreach (var name in values.Keys.Where(name => name.Contains("_global_proj.", StringComparison.Ordinal)))
            {
                ofGlobal[name.Replace("_global_proj.", "_proj.", StringComparison.Ordinal)] = values[name];
            }

            var all = AttentionReference.Attend(
                declaration, ofGlobal, rows, (_, _, query, keys) => Softmax(query, keys, _ => true));
            Array.Copy(all, expected, Math.Min(global, length));
        }

        AssertClose(
            AttentionReference.Tensor(expected), new LongformerAttentionLayer(declaration).Forward(weights, input).Output[0], 1e-12);
    }

    [TestMethod]
    public void Forward_WithAWindowOverAllAndNoGlobalPosition_IsSoftmaxAttention()
    {
        using var scope = NewDisposeScope();
        var declaration = new LongformerAttentionDeclaration("att", 6, 2, Window: 129);
        var dense = new SoftmaxAttentionDeclaration("att", 6, 2, Bidirectional: true);
        using var weights = ParameterSet.FromDoubles(declaration.Weights, Weights.Doubles(declaration.Weights, 22));
        var input = Input(3, 130, 6, ScalarType.Float64);
        AssertClose(
            new SoftmaxAttentionLayer(dense).Forward(weights, input).Output,
            new LongformerAttentionLayer(declaration).Forward(weights, input).Output,
            1e-12);
    }

    [TestMethod]
    public void Weights_OfGlobalPositions_StartAsCopies()
    {
        var declaration = new LongformerAttentionDeclaration("a_proj.att", 6, 2, 4, GlobalPositions: 1);
        var start = Data.Checkpoints.WeightInitialiser.Doubles(declaration.Weights, seed: 5);
        Assert.HasCount(14, start);
        foreach (var name in new[] { "q", "k", "v" })
        {
            foreach (var part in new[] { "weight", "bias" })
            {
                CollectionAssert.AreEqual(
                    start[$"a_proj.att.{name}_proj.{part}"], start[$"a_proj.att.{name}_global_proj.{part}"]);
            }
        }
    }

    [TestMethod]
    public void Layer_OfBadSizes_ListsEveryFault()
    {
        var error = Assert.ThrowsExactly<ConfigurationException>(
            () => new LongformerAttentionLayer(new("att", 0, 0, Window: 0, GlobalPositions: -1)));
        Assert.HasCount(4, error.Faults);
        error = Assert.ThrowsExactly<ConfigurationException>(() => new LongformerAttentionDeclaration("att", 5, 2).Weights);
        Assert.Contains("divisor", error.Message);
    }

    [TestMethod]
    public void Forward_WithAState_IsRefused()
    {
        using var scope = NewDisposeScope();
        var layer = new LongformerAttentionLayer(new("att", 4, 2));
        using var weights = ParameterSet.FromSingles(
            layer.Declaration.Weights, Weights.Singles(layer.Declaration.Weights, 28));
        Assert.ThrowsExactly<ModelException>(() => layer.Forward(weights, zeros(1, 3, 4), new LayerState([zeros(1, 2)])));
    }
}
