using System.Numerics;

namespace Sequence.Numerics.Tests.StateSpace;

[TestClass]
public sealed class DiagonalPlusLowRankStepTests
{
    public static IEnumerable<object[]> Shapes() =>
        from measure in Enum.GetValues<HippoMeasure>()
        from stateSize in new[] { 2, 6, 8, 18, 34, 64 }
        from lanes in new[] { 4, 8, 16 }
        select new object[] { measure, stateSize, lanes };

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Step_Hippo_IsTheDenseStep(HippoMeasure measure, int stateSize, int lanes)
    {
        double[] steps = [0.01, 0.1, 0.03];
        var half = stateSize / 2;
        var random = new CounterRandom(9);
        var output = Numbers.GaussianComplex(random, steps.Length * half);
        var system = NormalPlusLowRank.Create(measure, stateSize);
        var kernel = new DiagonalPlusLowRankStep(
            [.. steps.Select(step => DiagonalPlusLowRank.Step(
                system.Eigenvalues, system.LowRank, system.Input, step))],
            output,
            lanes);
        var dense = steps.Select(step => DiagonalPlusLowRank.Discretise(
            system.Eigenvalues, system.LowRank, system.Input, step)).ToArray();
        var expected = steps.Select(_ => new Complex[stateSize]).ToArray();
        var state = new float[2 * steps.Length * half];
        for (var time = 0; time < 30; time++)
        {
            var input = Numbers.Gaussian(random, steps.Length);
            var values = Numbers.To<float>(input);
            kernel.Step(values, state, values);
            var outputs = new double[steps.Length];
            for (var head = 0; head < steps.Length; head++)
            {
                var (a, b) = dense[head];
                var x = expected[head];
                expected[head] = [.. Enumerable.Range(0, stateSize).Select(row => Enumerable.Range(0, stateSize)
                    .Aggregate(b[row] * input[head], (sum, column) => sum + (a[(row * stateSize) + column] * x[column])))];
                outputs[head] = Enumerable.Range(0, half)
                    .Sum(pair => 2 * (output[(head * half) + pair] * expected[head][pair]).Real);
            }

            var scale = expected.SelectMany(x => x).Max(Complex.Abs);
            for (var head = 0; head < steps.Length; head++)
            {
                Assert.AreEqual(outputs[head], values[head], 1e-6 * scale * stateSize, $"time {time}, head {head}");
            }
        }

        Complex[] final = [.. expected.SelectMany(x => x.Take(half))];
        Numbers.AssertClose(
            [.. final.Select(value => value.Real), .. final.Select(value => value.Imaginary)], state, 1e-5);
    }

    [TestMethod]
    public void Constructor_HeadsDiffer_Throws()
    {
        var one = Of(4);
        Assert.ThrowsExactly<ModelException>(() => new DiagonalPlusLowRankStep([one, Of(6)], new Complex[4]));
        Assert.ThrowsExactly<ModelException>(() => new DiagonalPlusLowRankStep([one], new Complex[3]));
        Assert.ThrowsExactly<ModelException>(() => new DiagonalPlusLowRankStep([], []));
    }

    [TestMethod]
    public void Step_SpanOfWrongSize_Throws()
    {
        var step = new DiagonalPlusLowRankStep([Of(6), Of(6)], new Complex[6]);
        Assert.ThrowsExactly<ModelException>(() => step.Step(new float[2], new float[11], new float[2]));
        Assert.ThrowsExactly<ModelException>(() => step.Step(new float[3], new float[12], new float[2]));
        Assert.ThrowsExactly<ModelException>(() => step.Step(new float[2], new float[12], new float[1]));
    }

    private static StructuredStep Of(int stateSize)
    {
        var system = NormalPlusLowRank.Create(HippoMeasure.LegS, stateSize);
        return DiagonalPlusLowRank.Step(system.Eigenvalues, system.LowRank, system.Input, 0.1);
    }
}
