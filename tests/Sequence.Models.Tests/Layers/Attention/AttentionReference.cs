using Sequence.Data.Checkpoints;
using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

/// <summary>Attention by loops in double precision over the published equations, and what else its tests share.</summary>
internal static class AttentionReference
{
    /// <summary>
    /// y = W_out [sum over j of weight[j] v[j] of each head] + b_out. The weights of one time and head come from the caller,
    /// who is given the time, the head, q and the k of every time; times without a weight count nothing.
    /// </summary>
    public static double[][] Attend(
        AttentionDeclaration declaration,
        IReadOnlyDictionary<string, double[]> weights,
        double[][] rows,
        Func<int, int, double[], double[][], double[]> attention)
    {
        double[] Map(string name, double[] input)
        {
            var bias = weights[$"{declaration.Prefix}.{name}.bias"];
            var matrix = weights[$"{declaration.Prefix}.{name}.weight"];
            return [.. bias.Select((value, row) => value + input.Select((u, column) => matrix[(row * input.Length) + column] * u).Sum())];
        }

        double[][] Head(string name, int head, int size) =>
            [.. rows.Select(row => Map(name, row).AsSpan(head * size, size).ToArray())];

        var joined = rows.Select(_ => new double[declaration.Features]).ToArray();
        for (var head = 0; head < declaration.Heads; head++)
        {
            var queries = Head("q_proj", head, declaration.KeySize);
            var keys = Head("k_proj", head, declaration.KeySize);
            var values = Head("v_proj", head, declaration.ValueSize);
            for (var time = 0; time < rows.Length; time++)
            {
                var given = attention(time, head, queries[time], keys);
                for (var source = 0; source < given.Length; source++)
                {
                    for (var unit = 0; unit < declaration.ValueSize; unit++)
                    {
                        joined[time][(head * declaration.ValueSize) + unit] += given[source] * values[source][unit];
                    }
                }
            }
        }

        return [.. joined.Select(row => Map("out_proj", row))];
    }

    public static double[][] Rows(Tensor input)
    {
        var size = (int)input.shape[2];
        return [.. input[0].contiguous().data<double>().ToArray().Chunk(size)];
    }

    public static Tensor Tensor(double[][] rows) => tensor(rows.SelectMany(row => row).ToArray()).reshape(rows.Length, -1);

    public static void AssertStepsAllocateNothing(IEnumerable<SequenceLayer> layers)
    {
        foreach (var declaration in layers.Select(layer => layer.Declaration).Where(one => one.StepKind == StepKind.Exact))
        {
            var plan = PlanCompiler.Compile(
                declaration,
                CheckpointWeights.FromSingles(declaration.Weights, Weights.Singles(declaration.Weights, 31)));
            var input = new float[plan.InputSize];
            var output = new float[plan.OutputSize];
            var state = plan.CreateState();

            // The runtime may allocate once while it compiles the loop again; a step that allocates does so every time.
            var least = long.MaxValue;
            for (var round = 0; round < 5; round++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                for (var step = 0; step < 500; step++)
                {
                    plan.Step(input, state, output);
                }

                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }

            Assert.AreEqual(0L, least, declaration.ToString());
        }
    }
}
