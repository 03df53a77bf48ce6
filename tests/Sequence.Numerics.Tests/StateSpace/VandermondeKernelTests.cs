using System.Numerics;

namespace Sequence.Numerics.Tests.StateSpace;

[TestClass]
public sealed class VandermondeKernelTests
{
    public static IEnumerable<object[]> Shapes() =>
        from length in new[] { 1, 2, 3, 15, 16, 31, 32, 33, 1000, 1025 }
        from pairs in new[] { 1, 3, 32 }
        select new object[] { length, pairs };

    [TestMethod]
    [DataRow("s4d_zoh_lin_L16.json", false)]
    [DataRow("s4d_zoh_lin_L64.json", false)]
    [DataRow("s4d_bilinear_lin_L16.json", true)]
    public void Evaluate_ReferenceFiles_AreTheReference(string name, bool bilinear)
    {
        var reference = ReferenceFile.Open(name);
        var length = reference.Integer("L");
        AssertReference(
            reference, length, reference.Complex("A"), reference.Complex("B"), reference.Complex("C"), bilinear);
    }

    [TestMethod]
    public void Evaluate_RealPoles_CountTwice()
    {
        var reference = ReferenceFile.Open("s4d_zoh_real_L16.json");
        AssertReference(
            reference,
            16,
            [.. reference.Real("A").Select(value => new Complex(value, 0))],
            [.. reference.Real("B").Select(value => new Complex(value, 0))],
            [.. reference.Real("C").Select(value => new Complex(value, 0))],
            bilinear: false);
    }

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Evaluate_AnyShape_IsTheSumOfExponentials(int length, int pairs)
    {
        var (coefficients, logarithms) = System(pairs, 0.01);
        var expected = Reference(coefficients, logarithms, length);
        var actual = new double[length];
        VandermondeKernel.Evaluate<double>(coefficients, logarithms, actual);
        Numbers.AssertClose(expected, actual, 1e-12, "double");
        var single = new float[length];
        VandermondeKernel.Evaluate<float>(coefficients, logarithms, single);
        Numbers.AssertClose(expected, single, 2e-6, "single");
    }

    [TestMethod]
    [DataRow(0.001)]
    [DataRow(0.1)]
    public void Evaluate_SingleAtSixteenThousandSteps_IsWithinOneHundredThousandth(double step)
    {
        var (coefficients, logarithms) = System(32, step);
        var expected = Reference(coefficients, logarithms, 16384);
        var single = new float[16384];
        VandermondeKernel.Evaluate<float>(coefficients, logarithms, single);
        Numbers.AssertClose(expected, single, 1e-5, "single");
        var exact = new double[16384];
        VandermondeKernel.Evaluate<double>(coefficients, logarithms, exact);
        Numbers.AssertClose(expected, exact, 1e-9, "double");
    }

    [TestMethod]
    public void Evaluate_NoPairs_IsZero()
    {
        var kernel = new double[] { 1, 2, 3 };
        VandermondeKernel.Evaluate<double>([], [], kernel);
        CollectionAssert.AreEqual(new double[3], kernel);
    }

    [TestMethod]
    public void Evaluate_NoSteps_DoesNothing() => VandermondeKernel.Evaluate<double>(new Complex[2], new Complex[2], []);

    [TestMethod]
    public void Evaluate_LengthsDiffer_Throws() => Assert.ThrowsExactly<ModelException>(
        () => VandermondeKernel.Evaluate<float>(new Complex[2], new Complex[3], new float[4]));

    private static void AssertReference(
        ReferenceFile reference, int length, Complex[] poles, Complex[] inputs, Complex[] outputs, bool bilinear)
    {
        var steps = reference.Real("dt");
        var pairs = poles.Length / steps.Length;
        for (var head = 0; head < steps.Length; head++)
        {
            var step = steps[head];
            var coefficients = new Complex[pairs];
            var logarithms = new Complex[pairs];
            for (var pair = 0; pair < pairs; pair++)
            {
                var at = (head * pairs) + pair;
                var (a, factor) = bilinear
                    ? Discretisation.Bilinear(poles[at], step)
                    : Discretisation.ZeroOrderHold(poles[at], step);
                coefficients[pair] = outputs[at] * inputs[at] * factor;
                logarithms[pair] = bilinear ? Complex.Log(a) : step * poles[at];
            }

            var kernel = new double[length];
            VandermondeKernel.Evaluate<double>(coefficients, logarithms, kernel);
            Numbers.AssertClose(reference.Real("K")[(head * length)..((head + 1) * length)], kernel, 1e-12, $"head {head}");
        }
    }

    private static (Complex[] Coefficients, Complex[] Logarithms) System(int pairs, double step)
    {
        var random = new CounterRandom(6);
        return (
            Numbers.GaussianComplex(random, pairs),
            [.. Enumerable.Range(0, pairs).Select(pair => step * new Complex(-0.5, -Math.PI * pair))]);
    }

    private static double[] Reference(Complex[] coefficients, Complex[] logarithms, int length) =>
        [.. Enumerable.Range(0, length).Select(time => coefficients
            .Select((c, pair) => 2 * (c * Complex.Exp(time * logarithms[pair])).Real).Sum())];
}
