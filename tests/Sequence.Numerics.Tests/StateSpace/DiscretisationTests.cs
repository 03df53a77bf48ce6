using System.Numerics;

namespace Sequence.Numerics.Tests.StateSpace;

[TestClass]
public sealed class DiscretisationTests
{
    [TestMethod]
    public void GeneralisedBilinear_ReferenceCases_IsTheReference()
    {
        var cases = ReferenceFile.Open("lssl_gbt.json").Cases("cases").ToList();
        Assert.IsNotEmpty(cases);
        foreach (var reference in cases)
        {
            var stateSize = reference.Integer("N");
            var steps = reference.Real("dt");
            for (var index = 0; index < steps.Length; index++)
            {
                var (a, b) = Discretisation.GeneralisedBilinear(
                    reference.Real("A"), reference.Real("B"), stateSize, steps[index], reference.Number("alpha"));
                var size = stateSize * stateSize;
                var what = $"{reference.Text("measure")} {stateSize} {steps[index]} {reference.Number("alpha")}";
                Numbers.AssertClose(reference.Real("A_bar")[(index * size)..((index + 1) * size)], a, 1e-13, what);
                Numbers.AssertClose(
                    reference.Real("B_bar")[(index * stateSize)..((index + 1) * stateSize)], b, 1e-13, what);
            }
        }
    }

    [TestMethod]
    [DataRow(0.0, 1 - 0.2, 0.1)]
    [DataRow(0.5, 0.9 / 1.1, 0.1 / 1.1)]
    [DataRow(1.0, 1 / 1.2, 0.1 / 1.2)]
    public void GeneralisedBilinear_OneState_IsTheHandComputation(double alpha, double decay, double input)
    {
        var (a, b) = Discretisation.GeneralisedBilinear([-2], [1], 1, 0.1, alpha);
        Assert.AreEqual(decay, a[0], 1e-15);
        Assert.AreEqual(input, b[0], 1e-15);
    }

    [TestMethod]
    [DataRow("s4d_zoh_lin_L64.json")]
    public void ZeroOrderHold_ReferenceFile_IsTheReference(string name)
    {
        var reference = ReferenceFile.Open(name);
        var poles = reference.Complex("A");
        var weights = reference.Complex("B");
        var steps = reference.Real("dt");
        var discrete = poles.Select((a, index) => Discretisation.ZeroOrderHold(a, steps[index / 4])).ToArray();
        Numbers.AssertClose(reference.Complex("dA"), [.. discrete.Select(value => value.A)], 1e-14, "dA");
        Numbers.AssertClose(
            reference.Complex("dB"), [.. discrete.Select((value, index) => value.B * weights[index])], 1e-13, "dB");
    }

    [TestMethod]
    public void ZeroOrderHold_PoleAtZero_IsTheStep()
    {
        var (a, b) = Discretisation.ZeroOrderHold(Complex.Zero, 0.3);
        Assert.AreEqual(Complex.One, a);
        Assert.AreEqual(new Complex(0.3, 0), b);
    }

    [TestMethod]
    public void ZeroOrderHold_AnyPole_IsTheIntegralOfTheExponential()
    {
        // Gauss-Legendre quadrature of exp(s a) over a step, on both sides of the bound of the series.
        double[] places = [0, 0.5384693101056831, -0.5384693101056831, 0.906179845938664, -0.906179845938664];
        double[] weights =
            [0.5688888888888889, 0.47862867049936647, 0.47862867049936647, 0.23692688505618908, 0.23692688505618908];
        foreach (var scale in new[] { 1e-9, 1e-4, 0.0999, 0.1, 0.1001, 0.3 })
        {
            var a = Complex.FromPolarCoordinates(scale / 0.5, 2);
            var expected = Complex.Zero;
            for (var index = 0; index < 5; index++)
            {
                expected += 0.25 * weights[index] * Complex.Exp(a * 0.25 * (1 + places[index]));
            }

            var actual = Discretisation.ZeroOrderHold(a, 0.5).B;
            Assert.That.IsWithin(1e-13, Complex.Abs(actual - expected), $"scale {scale}");
        }
    }

    [TestMethod]
    public void Bilinear_OnePole_IsTheDenseTransform()
    {
        var pole = new Complex(-0.4, 3);
        var (a, b) = Discretisation.Bilinear(pole, 0.2);
        var (dense, input) = Discretisation.GeneralisedBilinear([-0.4, -3, 3, -0.4], [1, 0], 2, 0.2, 0.5);
        Numbers.AssertClose([a.Real, -a.Imaginary, a.Imaginary, a.Real], dense, 1e-15);
        Numbers.AssertClose([b.Real, b.Imaginary], input, 1e-15);
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(-1.0)]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    public void AnyRule_BadStep_Throws(double step)
    {
        Assert.ThrowsExactly<ConfigurationException>(() => Discretisation.ZeroOrderHold(-1, step));
        Assert.ThrowsExactly<ConfigurationException>(() => Discretisation.Bilinear(-1, step));
        Assert.ThrowsExactly<ConfigurationException>(
            () => Discretisation.GeneralisedBilinear([-1], [1], 1, step, 0.5));
    }

    [TestMethod]
    public void GeneralisedBilinear_BadAlphaOrShape_Throws()
    {
        Assert.ThrowsExactly<ConfigurationException>(
            () => Discretisation.GeneralisedBilinear([-1], [1], 1, 0.1, double.NaN));
        Assert.ThrowsExactly<ModelException>(() => Discretisation.GeneralisedBilinear([-1, 0], [1], 1, 0.1, 0.5));
    }
}
