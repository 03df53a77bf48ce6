using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

/// <summary>What stands after the end of a sequence changes nothing within it, for every kind of attention.</summary>
[TestClass]
public sealed class MaskedAttentionTests
{
    private const int Features = 6;
    private const int Length = 70;

    public static IEnumerable<object[]> Kinds => new AttentionDeclaration[]
    {
        new SoftmaxAttentionDeclaration("att", Features, 2),
        new SoftmaxAttentionDeclaration("att", Features, 2, Context: 5),
        new SoftmaxAttentionDeclaration("att", Features, 2, Bidirectional: true),
        new SoftmaxAttentionDeclaration("att", Features, 2, Materialised: true),
        new SoftmaxAttentionDeclaration("att", Features, 2, Bidirectional: true, Materialised: true),
        new LinearAttentionDeclaration("att", Features, 2, 5),
        new LinearAttentionDeclaration("att", Features, 2, 5, Bidirectional: true),
        new NormalisedAttentionDeclaration("att", Features, 2, 5),
        new LongformerAttentionDeclaration("att", Features, 2, Window: 3),
        new LongformerAttentionDeclaration("att", Features, 2, Window: 3, GlobalPositions: 2),
        new LongformerAttentionDeclaration("att", Features, 2, Window: 100, GlobalPositions: 8),
        new LinformerAttentionDeclaration("att", Features, 2, Length, 4),
        new PerformerAttentionDeclaration("att", Features, 2, 5),
        new PerformerAttentionDeclaration("att", Features, 2, 5, Bidirectional: true),
        new ReformerAttentionDeclaration("att", Features, 2, Length, 2, 8),
        new ReformerAttentionDeclaration("att", Features, 2, Length, 2, 8, Bidirectional: true),
        new ReformerAttentionDeclaration("att", Features, 2, Length, 2, 64, Bidirectional: true),
    }.Select(declaration => new object[] { declaration });

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void ForwardMasked_OfAPaddedRow_IsThatOfTheRowAlone(AttentionDeclaration declaration)
    {
        using var scope = NewDisposeScope();
        var layer = LayerFactory.Create(declaration);
        using var weights = ParameterSet.FromDoubles(declaration.Weights, Weights.Doubles(declaration.Weights, 12));
        long[] lengths = [Length, 1, 4, 37, 64];
        var random = new Numerics.CounterRandom(17);
        Tensor Gaussian(params long[] shape) =>
            tensor(Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => random.NextGaussian()).ToArray())
                .reshape(shape);

        // What stands after the ends is large, so that it would show.
        var mask = arange(Length).unsqueeze(0).lt(tensor(lengths).unsqueeze(1)).to(ScalarType.Float64).unsqueeze(2);
        var input = Gaussian(lengths.Length, Length, Features);
        input = input.mul(mask).add(input.mul(tensor(30.0)).mul(ones_like(mask).sub(mask)));
        input.requires_grad = true;
        var direction = Gaussian(lengths.Length, Length, Features).mul(mask);
        var together = layer.ForwardMasked(weights, input, mask, training: null);
        Assert.IsTrue(together.isfinite().all().item<bool>());
        together.mul(direction).sum().backward();
        for (var row = 0; row < lengths.Length; row++)
        {
            var alone = input.detach().narrow(0, row, 1).narrow(1, 0, lengths[row]).clone();
            alone.requires_grad = true;
            var output = layer.Forward(weights, alone, keepState: false).Output;
            output.mul(direction.narrow(0, row, 1).narrow(1, 0, lengths[row])).sum().backward();
            AssertWithin(output, together.narrow(0, row, 1).narrow(1, 0, lengths[row]));
            AssertWithin(alone.grad!, input.grad!.narrow(0, row, 1).narrow(1, 0, lengths[row]));
            AssertWithin(
                zeros(1, Length - lengths[row], Features, ScalarType.Float64),
                input.grad!.narrow(0, row, 1).narrow(1, lengths[row], Length - lengths[row]));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void ForwardMasked_OfFullRows_IsForward(AttentionDeclaration declaration)
    {
        using var scope = NewDisposeScope();
        var layer = LayerFactory.Create(declaration);
        using var weights = ParameterSet.FromDoubles(declaration.Weights, Weights.Doubles(declaration.Weights, 12));
        var random = new Numerics.CounterRandom(18);
        var input = tensor(Enumerable.Range(0, 2 * 9 * Features).Select(_ => random.NextGaussian()).ToArray())
            .reshape(2, 9, Features);
        var expected = layer.Forward(weights, input, keepState: false).Output;
        AssertWithin(expected, layer.ForwardMasked(weights, input, null, training: null));
        AssertWithin(expected, layer.ForwardMasked(weights, input, ones(2, 9, 1, ScalarType.Float64), training: null));
    }

    private static void AssertWithin(Tensor expected, Tensor actual)
    {
        CollectionAssert.AreEqual(expected.shape, actual.shape);
        if (expected.numel() > 0)
        {
            var scale = Math.Max(1, expected.abs().max().item<double>());
            Assert.That.IsWithin(1e-12 * scale, expected.sub(actual).abs().max().item<double>());
        }
    }
}
