using System.Numerics;

namespace Sequence.Numerics.Tests.StateSpace;

[TestClass]
public sealed class DiagonalStepTests
{
    public static IEnumerable<object[]> Shapes() =>
        from heads in new[] { 1, 3 }
        from pairs in new[] { 1, 2, 3, 4, 7, 8, 15, 16, 17, 32 }
        from lanes in new[] { 4, 8, 16 }
        select new object[] { heads, pairs, lanes };

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Step_AnyShape_IsTheComplexRecurrence(int heads, int pairs, int lanes)
    {
        var random = new CounterRandom(8);
        Complex[] decay = [.. Numbers.GaussianComplex(random, heads * pairs)
            .Select(value => Complex.FromPolarCoordinates(Math.Exp(-0.1 * Math.Abs(value.Real)), value.Imaginary))];
        var weights = Numbers.GaussianComplex(random, heads * pairs);
        var step = new DiagonalStep(heads, pairs, decay, weights, lanes);
        var expected = Numbers.GaussianComplex(random, heads * pairs);
        float[] state =
            [.. expected.Select(value => (float)value.Real), .. expected.Select(value => (float)value.Imaginary)];
        for (var time = 0; time < 20; time++)
        {
            var input = Numbers.Gaussian(random, heads);
            var output = new double[heads];
            for (var index = 0; index < expected.Length; index++)
            {
                expected[index] = (decay[index] * expected[index]) + input[index / pairs];
                output[index / pairs] += 2 * (weights[index] * expected[index]).Real;
            }

            var values = Numbers.To<float>(input);
            step.Step(values, state, values);
            var scale = expected.Max(Complex.Abs) * pairs * 4;
            for (var head = 0; head < heads; head++)
            {
                Assert.AreEqual(output[head], values[head], 1e-6 * scale);
            }
        }

        Numbers.AssertClose(
            [.. expected.Select(value => value.Real), .. expected.Select(value => value.Imaginary)], state, 1e-5);
    }

    [TestMethod]
    public void Step_InputFactorInTheWeights_IsTheReferenceOutput()
    {
        var reference = ReferenceFile.Open("s4d_zoh_lin_L64.json");
        var decay = reference.Complex("dA");
        var inputs = reference.Complex("dB");
        var step = new DiagonalStep(
            2, 4, decay, [.. reference.Complex("C").Select((c, index) => c * inputs[index])]);
        var kernel = new double[2 * 64];
        var state = new float[2 * 8];
        for (var time = 0; time < 64; time++)
        {
            float[] values = [time == 0 ? 1 : 0, time == 0 ? 1 : 0];
            step.Step(values, state, values);
            (kernel[time], kernel[64 + time]) = (values[0], values[1]);
        }

        Numbers.AssertClose(reference.Real("K"), kernel, 1e-5);
    }

    [TestMethod]
    public void Constructor_ShapesDisagree_Throws()
    {
        Assert.ThrowsExactly<ModelException>(() => new DiagonalStep(2, 3, new Complex[6], new Complex[5]));
        Assert.ThrowsExactly<ModelException>(() => new DiagonalStep(0, 3, [], []));
    }

    [TestMethod]
    public void Step_SpanOfWrongSize_Throws()
    {
        var step = new DiagonalStep(2, 3, new Complex[6], new Complex[6]);
        Assert.ThrowsExactly<ModelException>(() => step.Step(new float[2], new float[11], new float[2]));
        Assert.ThrowsExactly<ModelException>(() => step.Step(new float[1], new float[12], new float[2]));
        Assert.ThrowsExactly<ModelException>(() => step.Step(new float[2], new float[12], new float[3]));
    }
}
