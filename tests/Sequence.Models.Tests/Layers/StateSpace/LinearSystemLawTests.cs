using CsCheck;
using Sequence.Numerics;
using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

/// <summary>What holds for every linear time-invariant layer, whatever its weights and inputs are.</summary>
[TestClass]
public sealed class LinearSystemLawTests
{
    private const int Features = 4;
    private const int Iterations = 40;

    private static readonly LayerDeclaration[] Causal =
    [
        new S4DDeclaration("s", Features, 6),
        new S4DDeclaration("s", Features, 6) { Discretisation = DiagonalDiscretisation.Bilinear, Channels = 2, Copies = 2 },
        new S4DDeclaration("s", Features, 5) { RealState = true, Initialisation = S4DInitialisation.Real, Copies = 4 },
        new S4Declaration("s", Features, 6, 5),
        new S4Declaration("s", Features, 4, 40) { Measure = HippoMeasure.LegT, Channels = 2, Copies = 4 },
        new LsslDeclaration("s", Features, 5),
        new LsslDeclaration("s", Features, 4) { Transition = LsslTransition.PerFeature, Channels = 2, Alpha = 1 },
    ];

    private static readonly LayerDeclaration[] All =
    [
        .. Causal,
        new S4DDeclaration("s", Features, 6) { Bidirectional = true },
        new S4Declaration("s", Features, 6, 40) { Bidirectional = true },
    ];

    [TestMethod]
    public void Forward_OfCombinedInputs_IsTheCombinedOutput() => Gen
        .Select(AnyOf(All), Gen.Int[1, 30], Gen.Double[-3, 3], Gen.Double[-3, 3], Gen.ULong)
        .Sample(
            (declaration, length, first, second, seed) =>
            {
                using var scope = NewDisposeScope();
                using var weights = Random(declaration, seed);
                var layer = LayerFactory.Create(declaration);
                Tensor Output(Tensor input) => layer.Forward(weights, input).Output;
                var (one, other) = (Gaussian(length, seed + 1), Gaussian(length, seed + 2));
                AssertClose(
                    Output(one).mul(first).add(Output(other).mul(second)), Output(one.mul(first).add(other.mul(second))));
            },
            iter: Iterations,
            threads: 1);

    [TestMethod]
    public void Forward_OfDelayedInput_IsTheDelayedOutput() => Gen
        .Select(AnyOf(Causal), Gen.Int[1, 20], Gen.Int[1, 12], Gen.ULong)
        .Sample(
            (declaration, length, delay, seed) =>
            {
                using var scope = NewDisposeScope();
                using var weights = Random(declaration, seed);
                var layer = LayerFactory.Create(declaration);
                var input = Gaussian(length, seed + 1);
                var silence = zeros([1, delay, Features], dtype: ScalarType.Float64);
                var output = layer.Forward(weights, input).Output;
                var delayed = layer.Forward(weights, cat([silence, input], dim: 1)).Output;
                AssertClose(
                    cat([zeros([1, delay, declaration.OutputSize], dtype: ScalarType.Float64), output], dim: 1), delayed);
            },
            iter: Iterations,
            threads: 1);

    /// <summary>
    /// Zero-order hold is exact for an input that is held: each value given n times to the system of step size dt is the value
    /// once to that of n dt, D aside, whose term is the same at both.
    /// </summary>
    [TestMethod]
    public void Forward_OfHeldInput_IsThatOfALongerStep() => Gen
        .Select(Gen.Bool, Gen.Int[1, 15], Gen.Int[2, 4], Gen.ULong)
        .Sample(
            (isReal, length, times, seed) =>
            {
                using var scope = NewDisposeScope();
                var declaration = new S4DDeclaration("s", Features, 6)
                {
                    RealState = isReal,
                    Initialisation = isReal ? S4DInitialisation.Real : S4DInitialisation.Lin,
                };
                using var weights = Random(declaration, seed);
                var input = Gaussian(length, seed + 1);
                var held = new S4DLayer(declaration).Forward(weights, input.repeat_interleave(times, dim: 1)).Output;
                var ends = held.reshape(1, length, times, Features).select(2, times - 1);
                AssertClose(new S4DLayer(declaration with { Rate = times }).Forward(weights, input).Output, ends);
            },
            iter: Iterations,
            threads: 1);

    [TestMethod]
    public void Forward_WithModesInAnotherOrder_IsTheSame() => Gen
        .Select(AnyOf(All.OfType<S4DDeclaration>().ToArray()), Gen.Int[1, 20], Gen.ULong)
        .Sample(
            (declaration, length, seed) =>
            {
                using var scope = NewDisposeScope();
                var values = Weights.Doubles(declaration.Weights, seed);
                var order = Enumerable.Range(0, declaration.Modes).ToArray();
                new CounterRandom(seed).Shuffle(order.AsSpan());
                var moved = new Dictionary<string, double[]>(values);
                foreach (var (name, axis) in new[] { ("A_real", 1), ("A_imag", 1), ("B", 2), ("C", 2) })
                {
                    var weight = declaration.Weights.SingleOrDefault(one => one.Name == $"s.kernel.{name}");
                    if (weight is not null)
                    {
                        var shape = weight.Shape.Select(size => (long)size).ToArray();
                        var sorted = tensor(values[weight.Name]).reshape(shape)
                            .index_select(axis, tensor(order.Select(index => (long)index).ToArray()));
                        moved[weight.Name] = sorted.contiguous().data<double>().ToArray();
                    }
                }

                using var weights = ParameterSet.FromDoubles(declaration.Weights, values);
                using var permuted = ParameterSet.FromDoubles(declaration.Weights, moved);
                var layer = new S4DLayer(declaration);
                var input = Gaussian(length, seed + 1);
                AssertClose(layer.Forward(weights, input).Output, layer.Forward(permuted, input).Output);
            },
            iter: Iterations,
            threads: 1);

    private static Gen<T> AnyOf<T>(T[] declarations) =>
        Gen.Int[0, declarations.Length - 1].Select(index => declarations[index]);

    private static ParameterSet Random(LayerDeclaration declaration, ulong seed) =>
        ParameterSet.FromDoubles(declaration.Weights, Weights.Doubles(declaration.Weights, seed));

    private static Tensor Gaussian(int length, ulong seed)
    {
        var random = new CounterRandom(seed);
        return tensor(Enumerable.Range(0, length * Features).Select(_ => random.NextGaussian()).ToArray())
            .reshape(1, length, Features);
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        CollectionAssert.AreEqual(expected.shape, actual.shape);
        var scale = Math.Max(1, expected.abs().max().item<double>());
        Assert.That.IsWithin(1e-10 * scale, expected.sub(actual).abs().max().item<double>());
    }
}
