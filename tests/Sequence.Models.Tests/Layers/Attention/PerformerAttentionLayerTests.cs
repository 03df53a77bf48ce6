using Sequence.Data.Checkpoints;
using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

[TestClass]
public sealed class PerformerAttentionLayerTests : LayerContract
{
    protected override IEnumerable<SequenceLayer> Cases =>
    [
        new PerformerAttentionLayer(new("att", 1, 1, 1)),
        new PerformerAttentionLayer(new("att", 6, 2, 7)),
        new PerformerAttentionLayer(new("att", 3, 1, 5)),
        new PerformerAttentionLayer(new("att", 6, 2, 7, Bidirectional: true)),
    ];

    /// <summary>Every pair of times, every head and every feature by loops over the published equation, without any shift.</summary>
    [TestMethod]
    [DataRow(1, 6, 2, 5, false)]
    [DataRow(65, 4, 1, 3, false)]
    [DataRow(197, 6, 3, 9, false)]
    [DataRow(65, 6, 2, 5, true)]
    public void Forward_AgainstLoopsOverAllPairs_IsEqual(
        int length, int features, int heads, int randomFeatures, bool bidirectional)
    {
        using var scope = NewDisposeScope();
        var declaration = new PerformerAttentionDeclaration("att", features, heads, randomFeatures, bidirectional);
        var values = Weights.Doubles(declaration.Weights, 21);
        using var weights = ParameterSet.FromDoubles(declaration.Weights, values);
        var input = Input(1, length, features, ScalarType.Float64);
        double[] Phi(double[] source) => RandomFeatures(source, values["att.projection_matrix"]);
        var expected = AttentionReference.Attend(
            declaration,
            values,
            AttentionReference.Rows(input),
            (time, _, query, keys) =>
            {
                var seen = bidirectional ? keys : keys[..(time + 1)];
                var raw = seen.Select(key => Phi(query).Zip(Phi(key), (q, k) => q * k).Sum()).ToArray();
                return [.. raw.Select(weight => weight / raw.Sum())];
            });
        AssertClose(
            AttentionReference.Tensor(expected), new PerformerAttentionLayer(declaration).Forward(weights, input).Output[0], 1e-12);
    }

    /// <summary>The mean of phi(q)^T phi(k) over seeds is exp(q^T k / sqrt(d)); held to five standard errors.</summary>
    [TestMethod]
    [DataRow(4, 4)]
    [DataRow(5, 12)]
    [DataRow(3, 2)]
    public void ProjectionMatrix_OverSeeds_GivesAnUnbiasedKernel(int size, int randomFeatures)
    {
        const int seeds = 4000;
        var declaration = new PerformerAttentionDeclaration("att", size, 1, randomFeatures);
        var query = Enumerable.Range(0, size).Select(unit => 0.9 - (0.4 * unit)).ToArray();
        var key = Enumerable.Range(0, size).Select(unit => 0.3 + (0.2 * unit)).ToArray();
        var matrix = declaration.Weights.Where(weight => weight.Role == WeightRole.Constant).ToArray();
        var samples = Enumerable.Range(0, seeds).Select(seed =>
        {
            var drawn = WeightInitialiser.Doubles(matrix, (ulong)seed)["att.projection_matrix"];
            return RandomFeatures(query, drawn).Zip(RandomFeatures(key, drawn), (q, k) => q * k).Sum();
        }).ToArray();
        var mean = samples.Average();
        var error = Math.Sqrt(samples.Sum(sample => (sample - mean) * (sample - mean)) / (seeds - 1) / seeds);
        var expected = Math.Exp(query.Zip(key, (q, k) => q * k).Sum() / Math.Sqrt(size));
        Assert.That.IsWithin(5 * error, Math.Abs(mean - expected), $"{mean} for {expected}");
        Assert.That.IsWithin(0.05 * expected, error);
    }

    [TestMethod]
    public void ProjectionMatrix_InEachBlock_IsOrthogonal()
    {
        var declaration = new PerformerAttentionDeclaration("att", 5, 1, 12);
        var matrix = WeightInitialiser.Doubles(declaration.Weights, seed: 3)["att.projection_matrix"].Chunk(5).ToArray();
        for (var row = 0; row < 12; row++)
        {
            for (var other = row - (row % 5); other < row; other++)
            {
                Assert.That.IsWithin(1e-12, Math.Abs(matrix[row].Zip(matrix[other], (a, b) => a * b).Sum()));
            }
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Forward_WithMoreFeatures_ComesCloserToSoftmaxAttention(bool bidirectional)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var dense = new SoftmaxAttentionLayer(new("att", 8, 2, Bidirectional: bidirectional));
        var values = Weights.Doubles(dense.Declaration.Weights, 31);

        // The variance of the features grows with exp(|q|^2 + |k|^2): moderate queries and keys, as of normalised inputs.
        values["att.q_proj.weight"] = Array.ConvertAll(values["att.q_proj.weight"], value => 0.5 * value);
        values["att.k_proj.weight"] = Array.ConvertAll(values["att.k_proj.weight"], value => 0.5 * value);
        using var denseWeights = ParameterSet.FromDoubles(dense.Declaration.Weights, values);
        var input = Input(1, 100, 8, ScalarType.Float64);
        var expected = dense.Forward(denseWeights, input).Output;
        double Error(int randomFeatures)
        {
            var layer = new PerformerAttentionLayer(new("att", 8, 2, randomFeatures, bidirectional));
            var total = 0.0;
            for (ulong seed = 0; seed < 5; seed++)
            {
                var own = new Dictionary<string, double[]>(values, StringComparer.Ordinal)
                {
                    ["att.projection_matrix"] =
                        WeightInitialiser.Doubles(layer.Declaration.Weights, seed)["att.projection_matrix"],
                };
                using var weights = ParameterSet.FromDoubles(layer.Declaration.Weights, own);
                var difference = layer.Forward(weights, input).Output.sub(expected);
                total += difference.square().mean().sqrt().item<double>() / expected.square().mean().sqrt().item<double>();
            }

            return total / 5;
        }

        var errors = new[] { 16, 256, 4096 }.Select(Error).ToArray();
        Console.WriteLine($"relative error at 16, 256, 4096 features: {string.Join(", ", errors)}");
        Assert.That.IsWithin(errors[0] / 2, errors[1]);
        Assert.That.IsWithin(errors[1] / 2, errors[2]);
        Assert.That.IsWithin(0.05, errors[2]);
    }

    /// <summary>Long inputs with keys of very different lengths: what is shifted before exp must not show on any face.</summary>
    [TestMethod]
    public void Forward_OfLargeKeys_InSingleAgreesWithDoubleOnAllFaces()
    {
        const int length = 300;
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var layer = new PerformerAttentionLayer(new("att", 4, 2, 8));
        var singles = Weights.Singles(layer.Declaration.Weights, 22);
        singles["att.k_proj.weight"] = Array.ConvertAll(singles["att.k_proj.weight"], value => 6 * value);
        var doubles = singles.ToDictionary(pair => pair.Key, pair => Array.ConvertAll(pair.Value, value => (double)value));
        using var narrow = ParameterSet.FromSingles(layer.Declaration.Weights, singles);
        using var wide = ParameterSet.FromDoubles(layer.Declaration.Weights, doubles);
        var input = Input(1, length, 4, ScalarType.Float32);
        var expected = layer.Forward(wide, input.to(ScalarType.Float64)).Output;
        AssertClose(expected, layer.Forward(narrow, input).Output.to(ScalarType.Float64), 1e-4);

        var plan = PlanCompiler.Compile(
            layer.Declaration, CheckpointWeights.FromSingles(layer.Declaration.Weights, singles));
        var state = plan.CreateState();
        var output = new float[length * 4];
        var rows = input.data<float>().ToArray();
        for (var time = 0; time < length; time++)
        {
            plan.Step(rows.AsSpan(time * 4, 4), state, output.AsSpan(time * 4, 4));
        }

        AssertClose(expected, tensor(output).reshape(1, length, 4).to(ScalarType.Float64), 1e-4);
    }

    /// <summary>Chunks longer than a block, each after a state.</summary>
    [TestMethod]
    public void Forward_InLongChunks_IsEqualToOnePiece()
    {
        using var scope = NewDisposeScope();
        var layer = new PerformerAttentionLayer(new("att", 4, 2, 6));
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
    public void Layer_OfBadSizes_ListsEveryFault()
    {
        var error = Assert.ThrowsExactly<ConfigurationException>(() => new PerformerAttentionLayer(new("att", 0, 0, 0)));
        Assert.HasCount(3, error.Faults);
        error = Assert.ThrowsExactly<ConfigurationException>(() => new PerformerAttentionDeclaration("att", 5, 2).Weights);
        Assert.Contains("divisor", error.Message);
    }

    [TestMethod]
    public void Step_AfterTheFirst_AllocatesNothing() => AttentionReference.AssertStepsAllocateNothing(Cases);

    /// <summary>phi(x)_i = exp(w_i^T x / d^(1/4) - |x|^2 / (2 sqrt(d))) / sqrt(m).</summary>
    private static double[] RandomFeatures(double[] source, double[] matrix)
    {
        var scaled = source.Select(value => value / Math.Pow(source.Length, 0.25)).ToArray();
        var rows = matrix.Chunk(source.Length).ToArray();
        return
        [
            .. rows.Select(row =>
                Math.Exp(row.Zip(scaled, (w, x) => w * x).Sum() - (scaled.Sum(x => x * x) / 2)) / Math.Sqrt(rows.Length)),
        ];
    }
}
