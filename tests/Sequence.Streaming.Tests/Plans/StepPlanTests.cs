using CsCheck;
using Sequence.Data;

namespace Sequence.Streaming.Tests.Plans;

[TestClass]
public sealed class StepPlanTests
{
    private static readonly Gen<(RecurrentDeclaration Layer, int Length, uint Seed)> GenRecurrent =
        from cell in Gen.Enum<RecurrentCell>()
        from inputs in Gen.Int[1, 9]
        from hidden in Gen.Int[1, 40]
        from layers in Gen.Int[1, 3]
        from length in Gen.Int[1, 30]
        from seed in Gen.UInt
        select (new RecurrentDeclaration("r", cell, inputs, hidden, layers), length, seed);

    [TestMethod]
    public void Recurrent_AnySize_EqualsTheEquationsInDoublePrecision() => GenRecurrent.Sample(
        test => AssertSteps(test.Layer, test.Length, test.Seed, (reference, rows) => reference.Recurrence(test.Layer, rows)),
        iter: 150);

    [TestMethod]
    public void Linear_AnySize_EqualsTheEquationInDoublePrecision() =>
        Gen.Select(Gen.Int[1, 50], Gen.Int[1, 90], Gen.UInt).Sample(
            (inputs, outputs, seed) =>
            {
                var layer = new LinearDeclaration("l", inputs, outputs);
                AssertSteps(layer, 2, seed, (reference, rows) => [.. rows.Select(row => reference.Linear(layer, row))]);
            },
            iter: 100);

    [TestMethod]
    public void BatchNormalisation_AnySize_EqualsTheEquationInDoublePrecision() =>
        Gen.Select(Gen.Int[1, 50], Gen.UInt).Sample(
            (channels, seed) =>
            {
                var layer = new BatchNormalisationDeclaration("n", channels);
                AssertSteps(
                    layer, 2, seed, (reference, rows) => [.. rows.Select(row => reference.BatchNormalisation(layer, row))]);
            },
            iter: 100);

    [TestMethod]
    public void CausalConvolution_AnySize_EqualsTheEquationInDoublePrecision() =>
        Gen.Select(Gen.Int[1, 6], Gen.Int[1, 40], Gen.Int[1, 7], Gen.Int[1, 20], Gen.UInt).Sample(
            (inputs, outputs, kernel, length, seed) =>
            {
                var layer = new ConvolutionDeclaration("c", 1, inputs, outputs, kernel, ConvolutionPadding.Causal);
                AssertSteps(layer, length, seed, (reference, rows) => reference.Convolution(layer, rows));
            },
            iter: 100);

    [TestMethod]
    public void Step_CutIntoChunksWithTheStatePassedOn_GivesTheSameOutputs() => GenRecurrent.Sample(
        test =>
        {
            var weights = Reference.RandomWeights(test.Layer.Weights, test.Seed);
            var rows = Reference.RandomRows(test.Length, test.Layer.Inputs, test.Seed);
            var whole = Run(PlanCompiler.Compile(test.Layer, weights), rows);
            var cut = test.Length / 2;
            var state = PlanCompiler.Compile(test.Layer, weights).CreateState();
            var plan = PlanCompiler.Compile(test.Layer, weights);
            float[][] chunks = [.. Run(plan, rows[..cut], state), .. Run(plan, rows[cut..], [.. state])];
            for (var time = 0; time < rows.Length; time++)
            {
                CollectionAssert.AreEqual(whole[time], chunks[time]);
            }
        },
        iter: 50);

    [TestMethod]
    public void Step_AfterReset_BeginsAgain()
    {
        var layer = new RecurrentDeclaration("r", RecurrentCell.Lstm, 2, 5, 2);
        var plan = PlanCompiler.Compile(layer, Reference.RandomWeights(layer.Weights, 1));
        var rows = Reference.RandomRows(4, 2, 1);
        var state = plan.CreateState();
        var first = Run(plan, rows, state);
        plan.Reset(state);
        CollectionAssert.AreEqual(first[^1], Run(plan, rows, state)[^1]);
    }

    [TestMethod]
    public void Step_WrongLengths_NamesTheSizes()
    {
        var layer = new RecurrentDeclaration("r", RecurrentCell.Lstm, 2, 5);
        var plan = PlanCompiler.Compile(layer, Reference.RandomWeights(layer.Weights, 1));
        var exception = Assert.ThrowsExactly<ModelException>(
            () => plan.Step(new float[3], plan.CreateState(), new float[5]));
        Assert.Contains("2 inputs, a state of 10 and 5 outputs", exception.Message);
        Assert.ThrowsExactly<ModelException>(() => plan.Step(new float[2], new float[9], new float[5]));
        Assert.ThrowsExactly<ModelException>(() => plan.Step(new float[2], plan.CreateState(), new float[4]));
    }

    [TestMethod]
    public void Compile_LayerWithoutAStep_Throws()
    {
        LayerDeclaration[] layers =
        [
            new RecurrentDeclaration("r", RecurrentCell.Gru, 2, 3, Bidirectional: true),
            new ConvolutionDeclaration("c", 1, 2, 3, 3, ConvolutionPadding.Same),
            new ConvolutionDeclaration("c", 2, 2, 3, 3, ConvolutionPadding.Same),
        ];
        foreach (var layer in layers)
        {
            Assert.AreEqual(StepKind.None, layer.StepKind);
            Assert.ThrowsExactly<ModelException>(
                () => PlanCompiler.Compile(layer, Reference.RandomWeights(layer.Weights, 1)));
        }
    }

    [TestMethod]
    public void Compile_WeightMissing_NamesIt()
    {
        var layer = new LinearDeclaration("l", 2, 3);
        var weights = Reference.RandomWeights(layer.Weights.Where(weight => weight.Name != "l.bias"), 1);
        var exception = Assert.ThrowsExactly<CheckpointException>(() => PlanCompiler.Compile(layer, weights));
        Assert.Contains("'l.bias'", exception.Message);
    }

    [TestMethod]
    public void Step_AfterTheFirst_AllocatesNothing()
    {
        foreach (var plan in SomePlans())
        {
            var input = new float[plan.InputSize];
            var output = new float[plan.OutputSize];
            var state = plan.CreateState();
            // The runtime itself may allocate once while it compiles the loop again, better; a step that allocates does
            // so in every round.
            var least = long.MaxValue;
            for (var round = 0; round < 5; round++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                for (var step = 0; step < 1000; step++)
                {
                    plan.Step(input, state, output);
                }

                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }

            Assert.AreEqual(0L, least, plan.GetType().Name);
        }
    }

    [TestMethod]
    public void Step_ManyThreadsOnOnePlan_EachGetsTheOutputsOfItsOwnSeries()
    {
        foreach (var plan in SomePlans())
        {
            var series = Enumerable.Range(0, 16)
                .Select(seed => Reference.RandomRows(40, plan.InputSize, (uint)seed)).ToArray();
            var alone = series.Select(rows => Run(plan, rows)[^1]).ToArray();
            var together = new float[series.Length][];
            Parallel.For(
                0, series.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => together[i] = Run(plan, series[i])[^1]);
            for (var index = 0; index < series.Length; index++)
            {
                CollectionAssert.AreEqual(alone[index], together[index]);
            }
        }
    }

    private static IEnumerable<StepPlan> SomePlans()
    {
        LayerDeclaration[] layers =
        [
            new RecurrentDeclaration("r", RecurrentCell.Rnn, 3, 21, 2),
            new RecurrentDeclaration("r", RecurrentCell.Gru, 3, 21, 2),
            new RecurrentDeclaration("r", RecurrentCell.Lstm, 3, 21, 2),
            new LinearDeclaration("l", 3, 7),
            new BatchNormalisationDeclaration("n", 5),
            new ConvolutionDeclaration("c", 1, 3, 7, 4, ConvolutionPadding.Causal),
            new LayerNormalisationDeclaration("n", 5),
            new FeedForwardDeclaration("f", 3, 7),
            new PerformerAttentionDeclaration("p", 6, 2, 5),
            new PooledStackDeclaration("m", 2, 3, 9, new StackOptions
            {
                Mixer = new PerformerMixer { Heads = 2, RandomFeatures = 5 }, Features = 6, Depth = 2, FeedForward = 8,
                Positions = PositionEncoding.Sinusoidal,
            }),
            new PooledStackDeclaration("m", 2, 3, 9, new StackOptions
            {
                Mixer = new RecurrentMixer { Cell = RecurrentCell.Lstm }, Features = 6, Depth = 2, Pooling = Pooling.Mean,
            }),
        ];
        Architecture[] architectures =
        [
            new RecurrentArchitecture { LookBack = 5, Features = 2, Horizon = 3, Cell = RecurrentCell.Gru, Hidden = 9, Bidirectional = true },
            new ConvolutionArchitecture { LookBack = 6, Horizon = 2, Filters = 8 },
            new ResNlsArchitecture { LookBack = 5, Horizon = 1 },
            new NLinearArchitecture { LookBack = 36, Horizon = 9 },
            new DLinearArchitecture { LookBack = 36, Horizon = 9 },
        ];
        return
        [
            .. layers.Select(layer => PlanCompiler.Compile(layer, Reference.RandomWeights(layer.Weights, 3))),
            .. architectures.Select(model => PlanCompiler.Compile(model, Reference.RandomWeights(model.Weights, 3))),
        ];
    }

    private static void AssertSteps(
        LayerDeclaration layer, int length, uint seed, Func<Reference, double[][], double[][]> expected)
    {
        Assert.AreEqual(StepKind.Exact, layer.StepKind);
        var weights = Reference.RandomWeights(layer.Weights, seed);
        var rows = Reference.RandomRows(length, layer.InputSize, seed);
        var outputs = Run(PlanCompiler.Compile(layer, weights), rows);
        var references = expected(new Reference(weights), rows);
        for (var time = 0; time < length; time++)
        {
            AssertClose(references[time], outputs[time]);
        }
    }

    internal static void AssertClose(double[] expected, float[] actual)
    {
        Assert.AreEqual(expected.Length, actual.Length);
        var scale = Math.Max(1, expected.Max(Math.Abs));
        for (var index = 0; index < expected.Length; index++)
        {
            Assert.That.IsWithin(1e-5 * scale, Math.Abs(expected[index] - actual[index]), $"element {index}");
        }
    }

    internal static float[][] Run(StepPlan plan, double[][] rows, float[]? state = null)
    {
        state ??= plan.CreateState();
        return
        [
            .. rows.Select(row =>
            {
                var output = new float[plan.OutputSize];
                plan.Step(Array.ConvertAll(row, value => (float)value), state, output);
                return output;
            }),
        ];
    }
}
