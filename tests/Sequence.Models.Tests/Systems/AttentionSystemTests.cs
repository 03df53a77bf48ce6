using static TorchSharp.torch;

namespace Sequence.Models.Tests.Systems;

/// <summary>What the Dynamical Systems Framework says of attention.</summary>
[TestClass]
public sealed class AttentionSystemTests
{
    [TestMethod]
    public void LinearAttention_AsSystem_HasTheMatricesOfTheFramework()
    {
        using var scope = NewDisposeScope();
        const int keySize = 3;
        const int size = 2;
        var layer = new LinearAttentionLayer(new("att", 4, 2, keySize));
        using var weights = ParameterSet.FromDoubles(
            layer.Declaration.Weights, Weights.Doubles(layer.Declaration.Weights, 51));
        var input = Separable.Gaussian(5, 4, 52);
        var system = layer.System(weights, input);
        var query = nn.functional.elu(Separable.Map(layer.Declaration, weights, "q_proj", input), 1).add(tensor(1.0));
        var key = nn.functional.elu(Separable.Map(layer.Declaration, weights, "k_proj", input), 1).add(tensor(1.0));
        var value = weights.Get("att.v_proj.weight");
        var output = weights.Get("att.out_proj.weight");
        double Eta(int time, int head) => Enumerable.Range(0, keySize).Sum(unit =>
            At(query, time, (head * keySize) + unit) *
            Enumerable.Range(0, time + 1).Sum(source => At(key, source, (head * keySize) + unit)));
        for (var time = 1; time < 5; time++)
        {
            for (var state = 0; state < 2 * keySize * size; state++)
            {
                var head = state / (keySize * size);
                var keyUnit = (head * keySize) + (state / size % keySize);
                var valueUnit = (head * size) + (state % size);
                var eta = Eta(time, head);
                for (var other = 0; other < 2 * keySize * size; other++)
                {
                    var transition = other == state ? Eta(time - 1, head) / eta : 0;
                    Assert.AreEqual(transition, At(system.A, time, state, other), 1e-12);
                }

                for (var feature = 0; feature < 4; feature++)
                {
                    Assert.AreEqual(
                        At(key, time, keyUnit) * At(value, valueUnit, feature) / eta,
                        At(system.B, time, state, feature),
                        1e-12);
                    Assert.AreEqual(
                        At(query, time, keyUnit) * At(output, feature, valueUnit), At(system.C, time, feature, state), 1e-12);
                    Assert.AreEqual(0, system.D.abs().max().item<double>());
                }
            }
        }
    }

    /// <summary>Whether the normalisation stands in A and B or in C is a choice of coordinates of the state.</summary>
    [TestMethod]
    public void LinearAttention_NormalisedInTheOutput_IsTheSameSystem()
    {
        using var scope = NewDisposeScope();
        var layer = new LinearAttentionLayer(new("att", 3, 1, 4));
        using var weights = ParameterSet.FromDoubles(
            layer.Declaration.Weights, Weights.Doubles(layer.Declaration.Weights, 53));
        var input = Separable.Gaussian(17, 3, 54);
        var query = nn.functional.elu(Separable.Map(layer.Declaration, weights, "q_proj", input), 1).add(tensor(1.0));
        var key = nn.functional.elu(Separable.Map(layer.Declaration, weights, "k_proj", input), 1).add(tensor(1.0));
        var other = Separable.NormalisedAtTheOutput(layer.Declaration, weights, query, key);
        Separable.AssertClose(layer.System(weights, input).Run(input), other.Run(input), 1e-12);
        Separable.AssertClose(layer.Forward(weights, input.unsqueeze(0)).Output[0], other.Run(input), 1e-12);
    }

    [TestMethod]
    public void NormalisedAttention_IsUnnormalisedLinearAttentionScaled()
    {
        using var scope = NewDisposeScope();
        var layer = new NormalisedAttentionLayer(new("att", 3, 1, 4));
        var values = Weights.Doubles(layer.Declaration.Weights, 55);
        values["att.out_proj.bias"] = [0, 0, 0];
        using var weights = ParameterSet.FromDoubles(layer.Declaration.Weights, values);
        using var plain = ParameterSet.FromDoubles(
            layer.Declaration.Weights,
            new Dictionary<string, double[]>(values) { ["att.n_proj.weight"] = [0, 0, 0], ["att.n_proj.bias"] = [0] });
        var input = Separable.Gaussian(70, 3, 56);
        var eta = Separable.Map(layer.Declaration, weights, "n_proj", input).exp();
        var scaled = layer.Forward(plain, input.unsqueeze(0)).Output[0].div(eta);
        Separable.AssertClose(scaled, layer.Forward(weights, input.unsqueeze(0)).Output[0], 1e-12);

        // Without normalisation there is nothing to forget by.
        var identity = eye(12, dtype: ScalarType.Float64).expand(70, 12, 12);
        Separable.AssertClose(identity, layer.System(plain, input).A, 1e-12);
    }

    /// <summary>
    /// exp(q^T k / sqrt(d)) is the sum over all monomials x^a of q^a k^a / (a! sqrt(d)^|a|): cut at a degree it is linear
    /// attention with as many features as there are monomials up to it.
    /// </summary>
    [TestMethod]
    public void SoftmaxAttention_ByLinearAttentionWithTaylorFeatures_GetsCloserWithTheStateExpansion()
    {
        using var scope = NewDisposeScope();
        const int size = 3;
        var layer = new SoftmaxAttentionLayer(new("att", size, 1));
        var values = Weights.Doubles(layer.Declaration.Weights, 57);

        // Scores well below 1, where each term of the series is smaller than the one before it.
        foreach (var name in new[] { "att.q_proj.weight", "att.q_proj.bias" })
        {
            values[name] = [.. values[name].Select(value => 0.25 * value)];
        }

        using var weights = ParameterSet.FromDoubles(layer.Declaration.Weights, values);
        var input = Separable.Gaussian(12, size, 58);
        var expected = layer.Forward(weights, input.unsqueeze(0)).Output[0];
        var root = tensor(Math.Pow(size, 0.25));
        var query = Separable.Map(layer.Declaration, weights, "q_proj", input).div(root);
        var key = Separable.Map(layer.Declaration, weights, "k_proj", input).div(root);
        var before = double.MaxValue;
        for (var degree = 0; degree <= 6; degree++)
        {
            var features = TaylorFeatures(key, degree);
            Assert.AreEqual(Binomial(size + degree, degree), features.shape[1]);
            var system = Separable.NormalisedAtTheOutput(layer.Declaration, weights, TaylorFeatures(query, degree), features);
            Assert.AreEqual(size * Binomial(size + degree, degree), system.A.shape[1]);
            var error = Separable.Distance(expected, system.Run(input));
            Assert.That.IsWithin(0.7 * before, error, $"degree {degree}");
            before = error;
        }

        Assert.That.IsWithin(1e-4, before);
    }

    /// <summary>
    /// No feature map of finite size gives softmax attention: the matrix exp(q[i] k[j]) of n different queries and keys, even
    /// of one number each, has rank n for every n, while m features give rank m at most.
    /// </summary>
    [TestMethod]
    public void SoftmaxAttention_OfNTimes_HasWeightsOfRankN()
    {
        using var scope = NewDisposeScope();
        for (var count = 2; count <= 6; count++)
        {
            var points = linspace(-2, 2, count, dtype: ScalarType.Float64);
            var products = points.unsqueeze(1).mul(points.unsqueeze(0));
            Assert.IsGreaterThan(1e-6, SmallestSingularValue(products.exp()), $"{count} times");
            for (var degree = 0; degree + 1 < count; degree++)
            {
                var features = TaylorFeatures(points.unsqueeze(1), degree);
                Assert.That.IsWithin(1e-12, SmallestSingularValue(features.mm(features.t())), $"{count} times, degree {degree}");
            }
        }
    }

    private static double SmallestSingularValue(Tensor matrix) => linalg.svdvals(matrix).min().item<double>();

    private static double At(Tensor tensor, params long[] index) =>
        tensor.index([.. index.Select(one => TensorIndex.Single(one))]).item<double>();

    /// <summary>x^a / sqrt(a!) for every multi-index a with |a| up to the degree: [length, C(size + degree, degree)].</summary>
    private static Tensor TaylorFeatures(Tensor source, int degree)
    {
        var columns = new List<Tensor>();
        void Extend(Tensor product, int unit, int left)
        {
            if (unit == source.shape[1])
            {
                columns.Add(product);
                return;
            }

            var power = product;
            for (var exponent = 0; exponent <= left; exponent++)
            {
                Extend(power, unit + 1, left - exponent);
                power = power.mul(source.select(1, unit)).div(tensor(Math.Sqrt(exponent + 1)));
            }
        }

        Extend(ones_like(source.select(1, 0)), 0, degree);
        return stack([.. columns], dim: 1);
    }

    private static long Binomial(int from, int choose) =>
        Enumerable.Range(1, choose).Aggregate(1L, (product, one) => product * (from - choose + one) / one);
}
