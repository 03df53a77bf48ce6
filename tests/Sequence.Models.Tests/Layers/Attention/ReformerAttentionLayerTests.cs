using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

[TestClass]
public sealed class ReformerAttentionLayerTests : LayerContract
{
    protected override IEnumerable<SequenceLayer> Cases =>
    [
        new ReformerAttentionLayer(new("att", 1, 1, 13, 1, 1)),
        new ReformerAttentionLayer(new("att", 6, 2, 13, 2, 4)),
        new ReformerAttentionLayer(new("att", 6, 2, 13, 3, 3, Bidirectional: true)),
        new ReformerAttentionLayer(new("att", 3, 1, 20, 2, 64, Bidirectional: true)),
    ];

    /// <summary>Hashes, sorting, chunks and rounds by loops.</summary>
    [TestMethod]
    [DataRow(1, 6, 2, 2, 4, false)]
    [DataRow(9, 6, 2, 1, 4, false)]
    [DataRow(9, 6, 2, 3, 4, true)]
    [DataRow(12, 4, 1, 2, 3, false)]
    [DataRow(61, 6, 2, 2, 8, false)]
    [DataRow(61, 6, 2, 4, 7, true)]
    [DataRow(20, 6, 3, 2, 1, true)]
    public void Forward_AgainstLoops_IsEqual(
        int length, int features, int heads, int rounds, int chunk, bool bidirectional)
    {
        using var scope = NewDisposeScope();
        var declaration = new ReformerAttentionDeclaration("att", features, heads, length, rounds, chunk, bidirectional);
        var values = Weights.Doubles(declaration.Weights, 21);
        using var weights = ParameterSet.FromDoubles(declaration.Weights, values);
        var input = Input(1, length, features, ScalarType.Float64);
        var (size, half, rotations) = (declaration.KeySize, declaration.Buckets / 2, values["att.rotations"]);

        int Bucket(double[] query, int round)
        {
            var rotated = Enumerable.Range(0, half).Select(column => query.Select((q, unit) =>
                q * rotations[(((round * size) + unit) * half) + column]).Sum()).ToArray();
            double[] both = [.. rotated, .. rotated.Select(value => -value)];
            return Array.IndexOf(both, both.Max());
        }

        var expected = AttentionReference.Attend(
            declaration,
            Shared(values),
            AttentionReference.Rows(input),
            (time, _, query, keys) =>
            {
                // The scores of each round by source; the rounds' softmaxes weighted by their sums are one quotient of sums.
                var scores = new List<(int Source, double Score)>();
                for (var round = 0; round < rounds; round++)
                {
                    var places = keys.Select((key, source) => (Key: (Bucket(key, round), source), Source: source))
                        .OrderBy(one => one.Key).Select(one => one.Source).ToArray();
                    var own = Array.IndexOf(places, time) / chunk;
                    for (var place = 0; place < length; place++)
                    {
                        var source = places[place];
                        if (source != time && (place / chunk == own || place / chunk == own - 1) &&
                            (bidirectional || source < time))
                        {
                            scores.Add((source, Score(query, keys[source])));
                        }
                    }
                }

                // Nothing else in any round: itself. A round with nothing else weighs nothing beside one that has.
                var result = new double[length];
                if (scores.Count == 0)
                {
                    result[time] = 1;
                    return result;
                }

                var total = scores.Sum(one => Math.Exp(one.Score));
                foreach (var (source, score) in scores)
                {
                    result[source] += Math.Exp(score) / total;
                }

                return result;
            });
        AssertClose(
            AttentionReference.Tensor(expected), new ReformerAttentionLayer(declaration).Forward(weights, input).Output[0], 1e-12);
    }

    /// <summary>One chunk over all: the same as attention to all others with a shared query and key, whatever the hashes.</summary>
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Forward_WithOneChunkOverAll_IsDenseAttentionWithSharedKeys(bool bidirectional)
    {
        using var scope = NewDisposeScope();
        var declaration = new ReformerAttentionDeclaration("att", 6, 2, 30, Rounds: 4, Chunk: 30, bidirectional);
        var values = Weights.Doubles(declaration.Weights, 23);
        using var weights = ParameterSet.FromDoubles(declaration.Weights, values);
        var input = Input(1, 30, 6, ScalarType.Float64);
        var expected = AttentionReference.Attend(
            declaration,
            Shared(values),
            AttentionReference.Rows(input),
            (time, _, query, keys) =>
            {
                var raw = keys.Select((key, source) => source != time && (bidirectional || source < time)
                    ? Math.Exp(Score(query, key))
                    : time == 0 && source == 0 && !bidirectional ? 1 : 0).ToArray();
                return [.. raw.Select(weight => weight / raw.Sum())];
            });
        AssertClose(
            AttentionReference.Tensor(expected), new ReformerAttentionLayer(declaration).Forward(weights, input).Output[0], 1e-12);
    }

    /// <summary>Causal within a chunk over all: what comes later does not count.</summary>
    [TestMethod]
    public void Forward_CausalInOneChunk_KeepsEarlierOutputs()
    {
        using var scope = NewDisposeScope();
        var layer = new ReformerAttentionLayer(new("att", 4, 2, 16, Rounds: 2, Chunk: 16));
        using var weights = ParameterSet.FromDoubles(
            layer.Declaration.Weights, Weights.Doubles(layer.Declaration.Weights, 24));
        var (input, other) = (Input(2, 16, 4, ScalarType.Float64), Input(2, 16, 4, ScalarType.Float64, seed: 5));
        var changed = cat([input.narrow(1, 0, 9), other.narrow(1, 9, 7)], dim: 1);
        AssertClose(
            layer.Forward(weights, input).Output.narrow(1, 0, 9),
            layer.Forward(weights, changed).Output.narrow(1, 0, 9),
            1e-12);
    }

    /// <summary>The heads' rows of the input maps and columns of the output map in another order give the same output.</summary>
    [TestMethod]
    public void Forward_WithHeadsInAnotherOrder_IsTheSame()
    {
        using var scope = NewDisposeScope();
        var declaration = new ReformerAttentionDeclaration("att", 6, 3, 40, Rounds: 2, Chunk: 8, Bidirectional: true);
        var values = Weights.Doubles(declaration.Weights, 25);
        int[] order = [4, 5, 0, 1, 2, 3];
        var permuted = new Dictionary<string, double[]>(values, StringComparer.Ordinal);
        foreach (var name in new[] { "q_proj", "v_proj" })
        {
            permuted[$"att.{name}.weight"] = [.. order.SelectMany(row => values[$"att.{name}.weight"].Chunk(6).ElementAt(row))];
            permuted[$"att.{name}.bias"] = [.. order.Select(row => values[$"att.{name}.bias"][row])];
        }

        permuted["att.out_proj.weight"] =
            [.. values["att.out_proj.weight"].Chunk(6).SelectMany(row => order.Select(column => row[column]))];
        using var first = ParameterSet.FromDoubles(declaration.Weights, values);
        using var second = ParameterSet.FromDoubles(declaration.Weights, permuted);
        var layer = new ReformerAttentionLayer(declaration);
        var input = Input(2, 40, 6, ScalarType.Float64);
        AssertClose(layer.Forward(first, input).Output, layer.Forward(second, input).Output, 1e-12);
    }

    /// <summary>Over many rotations, more rounds come closer to attention to all.</summary>
    [TestMethod]
    public void Forward_WithMoreRounds_ComesCloserToAllPairs()
    {
        const int length = 96;
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var input = Input(1, length, 8, ScalarType.Float64);
        Tensor Run(int rounds, int chunk, ulong seed)
        {
            var declaration = new ReformerAttentionDeclaration("att", 8, 2, length, rounds, chunk, Bidirectional: true);
            var values = Weights.Doubles(declaration.Weights, 26);
            values["att.q_proj.weight"] = Array.ConvertAll(values["att.q_proj.weight"], value => 4 * value);
            values["att.rotations"] =
                Data.Checkpoints.WeightInitialiser.Doubles(declaration.Weights, seed)["att.rotations"];
            using var weights = ParameterSet.FromDoubles(declaration.Weights, values);
            return new ReformerAttentionLayer(declaration).Forward(weights, input).Output;
        }

        var all = Run(1, length, 1);
        double Error(int rounds) => Enumerable.Range(0, 8).Average(seed =>
            Run(rounds, 8, (ulong)seed).sub(all).square().mean().sqrt().item<double>());
        var errors = new[] { 1, 2, 8 }.Select(Error).ToArray();
        Console.WriteLine($"error at 1, 2, 8 rounds: {string.Join(", ", errors)} of {all.square().mean().sqrt().item<double>()}");
        Assert.IsLessThan(errors[0], errors[1]);
        Assert.IsLessThan(errors[1], errors[2]);
        Assert.That.IsWithin(errors[0] / 2, errors[2]);
    }

    [TestMethod]
    [DataRow(1, 64, 2)]
    [DataRow(64, 64, 2)]
    [DataRow(65, 64, 4)]
    [DataRow(4096, 64, 128)]
    public void Buckets_OfALength_AreTwoForEachChunk(int length, int chunk, int expected) =>
        Assert.AreEqual(expected, new ReformerAttentionDeclaration("att", 4, 2, length, 4, chunk).Buckets);

    [TestMethod]
    public void Layer_OfBadSizes_ListsEveryFault()
    {
        var error = Assert.ThrowsExactly<ConfigurationException>(() => new ReformerAttentionLayer(new("att", 0, 0, 0, 0, 0)));
        Assert.HasCount(5, error.Faults);
        error = Assert.ThrowsExactly<ConfigurationException>(() => new ReformerAttentionDeclaration("att", 5, 2, 9).Weights);
        Assert.Contains("divisor", error.Message);
    }

    /// <summary>q^T k / sqrt(d) with k = q[j] / |q[j]|.</summary>
    private static double Score(double[] query, double[] key) =>
        query.Zip(key, (q, k) => q * k).Sum() / Math.Sqrt(key.Sum(k => k * k)) / Math.Sqrt(query.Length);

    private static Dictionary<string, double[]> Shared(Dictionary<string, double[]> values) =>
        new(values, StringComparer.Ordinal)
        {
            ["att.k_proj.weight"] = values["att.q_proj.weight"],
            ["att.k_proj.bias"] = values["att.q_proj.bias"],
        };
}
