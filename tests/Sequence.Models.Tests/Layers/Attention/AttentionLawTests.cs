using CsCheck;
using Sequence.Numerics;
using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

/// <summary>What holds for linear, random-feature and softmax attention whatever their queries and keys are: their weights sum to 1.</summary>
[TestClass]
public sealed class AttentionLawTests
{
    private const int Features = 4;

    private static readonly AttentionDeclaration[] Kinds =
    [
        new LinearAttentionDeclaration("att", Features, 1, 3),
        new LinearAttentionDeclaration("att", Features, 2, 5),
        new PerformerAttentionDeclaration("att", Features, 2, 3),
        new SoftmaxAttentionDeclaration("att", Features, 1),
        new SoftmaxAttentionDeclaration("att", Features, 2, Context: 5),
    ];

    private static readonly Gen<AttentionDeclaration> AnyKind = Gen.Int[0, Kinds.Length - 1].Select(index => Kinds[index]);

    /// <summary>With values and outputs passed through, each output lies between the least and greatest input so far.</summary>
    [TestMethod]
    public void Forward_OfValuesPassedThrough_StaysBetweenTheirExtremes() => Gen
        .Select(AnyKind, Gen.Int[1, 30], Gen.Double[0.1, 4], Gen.ULong)
        .Sample(
            (declaration, length, sharpness, seed) =>
            {
                using var scope = NewDisposeScope();
                using var weights = Weighted(declaration, sharpness, seed, passes: true);
                var input = Gaussian(length, seed + 1);
                var output = LayerFactory.Create(declaration).Forward(weights, input).Output;
                var above = output.sub(input.cummax(1).values).max().item<double>();
                var below = input.cummin(1).values.sub(output).max().item<double>();
                Assert.That.IsWithin(1e-12, above, "above the greatest");
                Assert.That.IsWithin(1e-12, below, "below the least");
            },
            iter: 60,
            threads: 1);

    [TestMethod]
    public void Forward_OfEqualValues_IsThatValue() => Gen
        .Select(AnyKind, Gen.Int[1, 30], Gen.Double[0.1, 4], Gen.ULong)
        .Sample(
            (declaration, length, sharpness, seed) =>
            {
                using var scope = NewDisposeScope();
                using var weights = Weighted(declaration, sharpness, seed, passes: false);
                var output = LayerFactory.Create(declaration).Forward(weights, Gaussian(length, seed + 1)).Output;
                var expected = tensor(new double[] { 1, -2, 3, -4 }).expand(1, length, Features);
                Assert.That.IsWithin(1e-12, expected.sub(output).abs().max().item<double>());
            },
            iter: 60,
            threads: 1);

    /// <summary>Without a context the layer has no step, so that the contract does not look at what comes later.</summary>
    [TestMethod]
    public void Forward_OfSoftmaxWithOtherLaterInputs_KeepsEarlierOutputs() => Gen
        .Select(Gen.Int[2, 30], Gen.Int[1, 29], Gen.ULong)
        .Where((length, kept, _) => kept < length)
        .Sample(
            (length, kept, seed) =>
            {
                using var scope = NewDisposeScope();
                var declaration = new SoftmaxAttentionDeclaration("att", Features, 2);
                using var weights = ParameterSet.FromDoubles(
                    declaration.Weights, Weights.Doubles(declaration.Weights, seed));
                var layer = new SoftmaxAttentionLayer(declaration);
                var (input, other) = (Gaussian(length, seed + 1), Gaussian(length, seed + 2));
                var changed = cat([input.narrow(1, 0, kept), other.narrow(1, kept, length - kept)], dim: 1);
                var difference = layer.Forward(weights, input).Output.sub(layer.Forward(weights, changed).Output);
                Assert.That.IsWithin(1e-12, difference.narrow(1, 0, kept).abs().max().item<double>());
                Assert.IsGreaterThan(1e-6, difference.abs().max().item<double>());
            },
            iter: 30,
            threads: 1);

    /// <summary>Random queries and keys, values v = u or always (1, -2, 3, -4), and outputs as they come.</summary>
    private static ParameterSet Weighted(AttentionDeclaration declaration, double sharpness, ulong seed, bool passes)
    {
        double[] unit = [.. Enumerable.Range(0, Features * Features).Select(index => index % (Features + 1) == 0 ? 1.0 : 0)];
        var values = Weights.Doubles(declaration.Weights, seed);
        values["att.q_proj.weight"] = Array.ConvertAll(values["att.q_proj.weight"], value => sharpness * value);
        values["att.v_proj.weight"] = passes ? unit : new double[unit.Length];
        values["att.v_proj.bias"] = passes ? new double[Features] : [1, -2, 3, -4];
        values["att.out_proj.weight"] = unit;
        values["att.out_proj.bias"] = new double[Features];
        return ParameterSet.FromDoubles(declaration.Weights, values);
    }

    private static Tensor Gaussian(int length, ulong seed)
    {
        var random = new CounterRandom(seed);
        return tensor(Enumerable.Range(0, length * Features).Select(_ => random.NextGaussian()).ToArray())
            .reshape(1, length, Features);
    }
}
