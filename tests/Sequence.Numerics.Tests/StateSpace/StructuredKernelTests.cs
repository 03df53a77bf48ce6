using System.Numerics;

namespace Sequence.Numerics.Tests.StateSpace;

[TestClass]
public sealed class StructuredKernelTests
{
    [TestMethod]
    [DataRow("s4_dplr_legs_L16.json")]
    [DataRow("s4_dplr_oddL15_C2.json")]
    public void Evaluate_ReferenceFiles_AreTheReference(string name)
    {
        var reference = ReferenceFile.Open(name);
        var length = reference.Integer("L");
        var channels = reference.Shape("C")[0];
        var steps = reference.Real("dt");
        var output = reference.Complex("C");
        for (var head = 0; head < steps.Length; head++)
        {
            var half = (head * 4)..((head + 1) * 4);
            var w = reference.Complex("w")[half];
            var p = reference.Complex("P")[half];
            var b = reference.Complex("B")[half];
            Complex[] c = [.. Enumerable.Range(0, channels)
                .SelectMany(channel => output.Skip(((channel * steps.Length) + head) * 4).Take(4))];
            var (a, _) = DiagonalPlusLowRank.Discretise(w, p, b, steps[head]);
            var generating = DiagonalPlusLowRank.ToGenerating(c, a, length);
            var kernel = new double[channels * length];
            StructuredKernel.Evaluate<double>(w, p, b, generating, steps[head], length, kernel);
            double[] expected = [.. Enumerable.Range(0, channels)
                .SelectMany(channel => reference.Real("K").Skip(((channel * steps.Length) + head) * length).Take(length))];
            Numbers.AssertClose(expected, kernel, 1e-12, $"head {head}");
        }
    }

    [TestMethod]
    public void Evaluate_TrainedGeneratingWeights_IsTheReference()
    {
        var reference = ReferenceFile.Open("s4_dplr_grad_L16.json");
        for (var head = 0; head < 2; head++)
        {
            var from = head * 4;
            Complex[] w = [.. Enumerable.Range(from, 4).Select(index => new Complex(
                -Math.Exp(reference.Real("A_real_param")[index]), -reference.Real("A_imag_param")[index]))];
            var kernel = new double[16];
            StructuredKernel.Evaluate<double>(
                w,
                Pairs("P_param"),
                Pairs("B_param"),
                Pairs("Ctilde_param"),
                Math.Exp(reference.Real("inv_dt")[head]),
                16,
                kernel);
            Numbers.AssertClose(reference.Real("K")[(head * 16)..((head + 1) * 16)], kernel, 1e-12, $"head {head}");

            Complex[] Pairs(string name) => [.. Enumerable.Range(from, 4).Select(index => new Complex(
                reference.Real(name)[2 * index], reference.Real(name)[(2 * index) + 1]))];
        }
    }

    [TestMethod]
    [DataRow(HippoMeasure.LegS, 2, 1, 1)]
    [DataRow(HippoMeasure.LegS, 2, 1, 2)]
    [DataRow(HippoMeasure.LegS, 6, 1, 3)]
    [DataRow(HippoMeasure.LegS, 10, 3, 15)]
    [DataRow(HippoMeasure.LegT, 8, 2, 16)]
    [DataRow(HippoMeasure.LegT, 64, 2, 1000)]
    [DataRow(HippoMeasure.LegT, 6, 4, 37)]
    [DataRow(HippoMeasure.FouT, 64, 1, 1000)]
    [DataRow(HippoMeasure.FouT, 10, 2, 33)]
    public void Evaluate_AnyRankAndLength_IsTheKernelByPowers(
        HippoMeasure measure, int stateSize, int rank, int length)
    {
        foreach (var step in new[] { 0.003, 0.1 })
        {
            var (system, eigenvalues, generating, expected) = System(measure, stateSize, rank, step, length, channels: 2);
            var kernel = new double[2 * length];
            StructuredKernel.Evaluate<double>(
                eigenvalues, system.LowRank, system.Input, generating, step, length, kernel);
            Numbers.AssertClose(expected, kernel, 1e-9, $"step {step}");

            var shorter = Math.Max(1, length / 2);
            var first = new double[shorter];
            StructuredKernel.Evaluate<double>(
                eigenvalues,
                system.LowRank,
                system.Input,
                generating.AsSpan(0, stateSize / 2),
                step,
                length,
                first);
            CollectionAssert.AreEqual(kernel[..shorter], first);
        }
    }

    [TestMethod]
    [DataRow(0.001)]
    [DataRow(0.1)]
    public void Evaluate_SingleAtSixteenThousandSteps_IsWithinOneHundredThousandth(double step)
    {
        const int Length = 16384;
        var (system, eigenvalues, generating, expected) = System(HippoMeasure.LegS, 64, 1, step, Length, channels: 1);
        var kernel = new float[Length];
        StructuredKernel.Evaluate<float>(
            eigenvalues, system.LowRank, system.Input, generating, step, Length, kernel);
        Numbers.AssertClose(expected, kernel, 1e-5);
        var exact = new double[Length];
        StructuredKernel.Evaluate<double>(
            eigenvalues, system.LowRank, system.Input, generating, step, Length, exact);
        Numbers.AssertClose(expected, exact, 1e-9);
    }

    [TestMethod]
    public void Evaluate_BadInput_Throws()
    {
        var one = new Complex[2];
        Assert.ThrowsExactly<ConfigurationException>(
            () => StructuredKernel.Evaluate<double>(one, one, one, one, double.NaN, 4, new double[4]));
        Assert.ThrowsExactly<ConfigurationException>(
            () => StructuredKernel.Evaluate<double>(one, one, one, one, 0.1, 0, new double[4]));
        Assert.ThrowsExactly<ModelException>(
            () => StructuredKernel.Evaluate<double>(one, one, one, one, 0.1, 4, new double[5]));
        Assert.ThrowsExactly<ModelException>(
            () => StructuredKernel.Evaluate<double>(one, new Complex[3], one, one, 0.1, 4, new double[4]));
    }

    [TestMethod]
    public void Evaluate_EigenvalueAtANode_Throws()
    {
        Complex[] one = [1];
        var error = Assert.ThrowsExactly<ModelException>(
            () => StructuredKernel.Evaluate<double>([0], one, one, one, 0.1, 4, new double[4]));
        StringAssert.Contains(error.Message, "negative real parts");
    }

    private static (NormalPlusLowRank System, Complex[] Eigenvalues, Complex[] Generating, double[] Kernel) System(
        HippoMeasure measure, int stateSize, int rank, double step, int length, int channels)
    {
        var half = stateSize / 2;
        var system = NormalPlusLowRank.Create(measure, stateSize, rank);

        // The authors' parameters keep a little damping, and the zero of FouT would meet the first node.
        Complex[] eigenvalues =
            [.. system.Eigenvalues.Select(w => new Complex(Math.Min(w.Real, -1e-4), w.Imaginary))];
        var output = Numbers.GaussianComplex(new CounterRandom(5), channels * half);
        var (a, b) = DiagonalPlusLowRank.Discretise(eigenvalues, system.LowRank, system.Input, step);
        var kernel = new double[channels * length];
        for (var time = 0; time < length; time++)
        {
            for (var channel = 0; channel < channels; channel++)
            {
                for (var index = 0; index < half; index++)
                {
                    kernel[(channel * length) + time] += 2 * (output[(channel * half) + index] * b[index]).Real;
                }
            }

            // The lower half of the state is the conjugate of the upper.
            var next = new Complex[stateSize];
            for (var row = 0; row < half; row++)
            {
                for (var column = 0; column < stateSize; column++)
                {
                    next[row] += a[(row * stateSize) + column] * b[column];
                }

                next[half + row] = Complex.Conjugate(next[row]);
            }

            b = next;
        }

        return (system, eigenvalues, DiagonalPlusLowRank.ToGenerating(output, a, length), kernel);
    }
}
