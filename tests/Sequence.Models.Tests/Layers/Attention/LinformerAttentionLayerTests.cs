using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

[TestClass]
public sealed class LinformerAttentionLayerTests : LayerContract
{
    protected override IEnumerable<SequenceLayer> Cases =>
    [
        new LinformerAttentionLayer(new("att", 1, 1, 13, 1)),
        new LinformerAttentionLayer(new("att", 6, 2, 13, 3)),
        new LinformerAttentionLayer(new("att", 3, 1, 20, 30)),
    ];

    /// <summary>By loops: h = sum over r of softmax over r (q^T sum over j of E[r, j] k[j]) sum over j of F[r, j] v[j].</summary>
    [TestMethod]
    [DataRow(1, 6, 2, 9, 4)]
    [DataRow(9, 6, 2, 9, 4)]
    [DataRow(7, 6, 3, 9, 1)]
    [DataRow(40, 3, 1, 41, 50)]
    public void Forward_AgainstLoops_IsEqual(int length, int features, int heads, int longest, int rank)
    {
        using var scope = NewDisposeScope();
        var declaration = new LinformerAttentionDeclaration("att", features, heads, longest, rank);
        var values = Weights.Doubles(declaration.Weights, 21);
        using var weights = ParameterSet.FromDoubles(declaration.Weights, values);
        var input = Input(1, length, features, ScalarType.Float64);
        var (e, f) = (values["att.key_length_proj"], values["att.value_length_proj"]);
        var expected = AttentionReference.Attend(
            declaration,
            values,
            AttentionReference.Rows(input),
            (_, _, query, keys) =>
            {
                var raw = Enumerable.Range(0, rank).Select(row => Math.Exp(
                    keys.Select((key, source) => e[(row * longest) + source] * query.Zip(key, (q, k) => q * k).Sum()).Sum()
                    / Math.Sqrt(declaration.KeySize))).ToArray();
                return
                [
                    .. keys.Select((_, source) =>
                        raw.Select((weight, row) => weight / raw.Sum() * f[(row * longest) + source]).Sum()),
                ];
            });
        AssertClose(
            AttentionReference.Tensor(expected), new LinformerAttentionLayer(declaration).Forward(weights, input).Output[0], 1e-12);
    }

    [TestMethod]
    public void Forward_WithTheIdentityForBothProjections_IsSoftmaxAttention()
    {
        const int length = 33;
        using var scope = NewDisposeScope();
        var declaration = new LinformerAttentionDeclaration("att", 6, 2, length, length);
        var values = Weights.Doubles(declaration.Weights, 22);
        double[] identity =
            [.. Enumerable.Range(0, length * length).Select(index => index % (length + 1) == 0 ? 1.0 : 0)];
        values["att.key_length_proj"] = identity;
        values["att.value_length_proj"] = identity;
        using var weights = ParameterSet.FromDoubles(declaration.Weights, values);
        var input = Input(3, length, 6, ScalarType.Float64);
        AssertClose(
            new SoftmaxAttentionLayer(new("att", 6, 2, Bidirectional: true)).Forward(weights, input).Output,
            new LinformerAttentionLayer(declaration).Forward(weights, input).Output,
            1e-12);
    }

    [TestMethod]
    public void Forward_OfMoreThanItsLength_IsRefused()
    {
        using var scope = NewDisposeScope();
        var layer = new LinformerAttentionLayer(new("att", 4, 2, 5, 3));
        using var weights = ParameterSet.FromSingles(
            layer.Declaration.Weights, Weights.Singles(layer.Declaration.Weights, 28));
        var error = Assert.ThrowsExactly<ModelException>(() => layer.Forward(weights, zeros(1, 6, 4)));
        Assert.Contains("up to 5 positions", error.Message);
        Assert.ThrowsExactly<ModelException>(() => layer.Forward(weights, zeros(1, 3, 4), new LayerState([zeros(1, 2)])));
    }

    [TestMethod]
    public void Layer_OfBadSizes_ListsEveryFault()
    {
        var error = Assert.ThrowsExactly<ConfigurationException>(() => new LinformerAttentionLayer(new("att", 0, 0, 0, 0)));
        Assert.HasCount(4, error.Faults);
        error = Assert.ThrowsExactly<ConfigurationException>(() => new LinformerAttentionDeclaration("att", 5, 2, 1).Weights);
        Assert.Contains("divisor", error.Message);
    }
}
