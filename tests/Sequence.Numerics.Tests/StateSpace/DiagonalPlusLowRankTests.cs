using System.Numerics;

namespace Sequence.Numerics.Tests.StateSpace;

[TestClass]
public sealed class DiagonalPlusLowRankTests
{
    public static IEnumerable<object[]> Systems() =>
        from measure in Enum.GetValues<HippoMeasure>()
        from stateSize in new[] { 2, 6, 10, 64 }
        from step in new[] { 0.001, 0.1 }
        select new object[] { measure, stateSize, step };

    [TestMethod]
    public void Discretise_ReferenceFile_IsTheReference()
    {
        var reference = ReferenceFile.Open("s4_dplr_legs_L16.json");
        var steps = reference.Real("dt");
        for (var head = 0; head < 2; head++)
        {
            var half = (head * 4)..((head + 1) * 4);
            var (a, b) = DiagonalPlusLowRank.Discretise(
                reference.Complex("w")[half], reference.Complex("P")[half], reference.Complex("B")[half], steps[head]);
            Numbers.AssertClose(reference.Complex("dA_conjpair_2Nhalf")[(head * 64)..((head + 1) * 64)], a, 1e-12, "dA");
            Numbers.AssertClose(reference.Complex("dB_conjpair")[(head * 8)..((head + 1) * 8)], b, 1e-12, "dB");
            Numbers.AssertClose(
                reference.Complex("C_tilde_after_setup")[half],
                DiagonalPlusLowRank.ToGenerating(reference.Complex("C")[half], a, 16),
                1e-12,
                "C~");
            Numbers.AssertClose(
                reference.Complex("C")[half],
                DiagonalPlusLowRank.FromGenerating(reference.Complex("C_tilde_after_setup")[half], a, 16),
                1e-12,
                "C");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Systems))]
    public void Discretise_Hippo_IsTheDenseBilinearStepOfTheOriginalSystem(
        HippoMeasure measure, int stateSize, double step)
    {
        // Abar^l Bbar in the basis of pairs, mapped back, against the same of the dense system.
        var half = stateSize / 2;
        var system = NormalPlusLowRank.Create(measure, stateSize, inputClip: null);
        var (a, b) = DiagonalPlusLowRank.Discretise(system.Eigenvalues, system.LowRank, system.Input, step);
        var (hippoA, hippoB) = HippoMatrices.Create(measure, stateSize);
        var (denseA, denseB) = Discretisation.GeneralisedBilinear(hippoA, hippoB, stateSize, step, 0.5);
        for (var power = 0; power < 4; power++)
        {
            var mapped = Enumerable.Range(0, stateSize).Select(row => Enumerable.Range(0, half)
                .Sum(pair => 2 * (system.Basis[(row * half) + pair] * b[pair]).Real)).ToArray();
            Numbers.AssertClose(denseB, mapped, 1e-11, $"Abar^{power} Bbar");
            denseB = Multiply(denseA, denseB);
            b = Multiply(a, b);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Systems))]
    public void Step_Hippo_IsTheDenseStep(HippoMeasure measure, int stateSize, double step)
    {
        var half = stateSize / 2;
        var system = NormalPlusLowRank.Create(measure, stateSize, rank: 2);
        var (a, b) = DiagonalPlusLowRank.Discretise(system.Eigenvalues, system.LowRank, system.Input, step);
        var structured = DiagonalPlusLowRank.Step(system.Eigenvalues, system.LowRank, system.Input, step);
        var random = new CounterRandom(3);
        var state = new Complex[half];
        var dense = new Complex[stateSize];
        for (var time = 0; time < 50; time++)
        {
            var u = random.NextGaussian();
            state = Advance(structured, state, u);
            dense = Multiply(a, dense);
            for (var index = 0; index < stateSize; index++)
            {
                dense[index] += b[index] * u;
            }

            Numbers.AssertClose(dense[..half], state, 1e-11, $"state {time}");
        }
    }

    [TestMethod]
    public void Step_ReferenceFile_IsTheReference()
    {
        var reference = ReferenceFile.Open("s4_step_modes.json");
        var (batch, heads, length) = (3, 2, 16);
        var output = reference.Complex("C");
        var final = new List<Complex>();
        var actual = new double[batch * heads * length];
        for (var sequence = 0; sequence < batch; sequence++)
        {
            for (var head = 0; head < heads; head++)
            {
                var half = (head * 4)..((head + 1) * 4);
                var step = DiagonalPlusLowRank.Step(
                    reference.Complex("w")[half],
                    reference.Complex("P")[half],
                    reference.Complex("B")[half],
                    reference.Real("dt")[head]);
                var state = new Complex[4];
                for (var time = 0; time < length; time++)
                {
                    var at = (((sequence * heads) + head) * length) + time;
                    var u = reference.Real("u")[at];
                    state = Advance(step, state, u);
                    actual[at] = (reference.Real("D")[head] * u)
                        + state.Select((x, index) => 2 * (output[(head * 4) + index] * x).Real).Sum();
                }

                final.AddRange(state);
            }
        }

        Numbers.AssertClose(reference.Real("y_step_linear"), actual, 1e-12, "y");
        Numbers.AssertClose(reference.Real("y_conv"), actual, 1e-12, "y by convolution");
        Numbers.AssertClose(reference.Complex("final_state_linear"), final, 1e-12, "state");
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(1000)]
    public void ToGenerating_SeveralChannels_IsThePlainPower(int length)
    {
        var system = NormalPlusLowRank.Create(HippoMeasure.LegS, 6);
        var (a, _) = DiagonalPlusLowRank.Discretise(system.Eigenvalues, system.LowRank, system.Input, 0.02);
        var output = Numbers.GaussianComplex(new CounterRandom(4), 6);
        var generating = DiagonalPlusLowRank.ToGenerating(output, a, length);
        for (var channel = 0; channel < 2; channel++)
        {
            var c = output[(channel * 3)..((channel * 3) + 3)];
            Complex[] full = [.. c, .. c.Select(Complex.Conjugate)];
            var decayed = full;
            for (var time = 0; time < length; time++)
            {
                decayed = [.. Enumerable.Range(0, 6).Select(column => Enumerable.Range(0, 6)
                    .Aggregate(Complex.Zero, (sum, row) => sum + (decayed[row] * a[(row * 6) + column])))];
            }

            Complex[] expected = [.. Enumerable.Range(0, 3).Select(index => full[index] - decayed[index])];
            Numbers.AssertClose(expected, generating[(channel * 3)..((channel * 3) + 3)], 1e-12);
        }

        Numbers.AssertClose(output, DiagonalPlusLowRank.FromGenerating(generating, a, length), 1e-9);
    }

    [TestMethod]
    public void AnyMethod_ShapesDisagree_Throws()
    {
        Assert.ThrowsExactly<ModelException>(
            () => DiagonalPlusLowRank.Discretise(new Complex[2], new Complex[3], new Complex[2], 0.1));
        Assert.ThrowsExactly<ModelException>(
            () => DiagonalPlusLowRank.Step(new Complex[2], new Complex[2], new Complex[1], 0.1));
        Assert.ThrowsExactly<ModelException>(
            () => DiagonalPlusLowRank.ToGenerating(new Complex[2], new Complex[15], 3));
        Assert.ThrowsExactly<ModelException>(
            () => DiagonalPlusLowRank.FromGenerating(new Complex[2], new Complex[16], 0));
        Assert.ThrowsExactly<ConfigurationException>(
            () => DiagonalPlusLowRank.Step(new Complex[2], new Complex[2], new Complex[2], 0));
        Assert.ThrowsExactly<ConfigurationException>(
            () => DiagonalPlusLowRank.Discretise(new Complex[2], new Complex[2], new Complex[2], -1));
    }

    private static Complex[] Advance(StructuredStep step, Complex[] state, double u)
    {
        var pairs = state.Length;
        Complex[] next = [.. state.Select((x, index) => (step.Decay[index] * x) + (step.Input[index] * u))];
        for (var term = 0; term < step.Left.Length / pairs; term++)
        {
            var inner = state.Select((x, index) => 2 * (step.Right[(term * pairs) + index] * x).Real).Sum();
            for (var index = 0; index < pairs; index++)
            {
                next[index] += step.Left[(term * pairs) + index] * inner;
            }
        }

        return next;
    }

    private static T[] Multiply<T>(T[] matrix, T[] vector)
        where T : INumberBase<T> => [.. Enumerable.Range(0, vector.Length).Select(row => Enumerable.Range(0, vector.Length)
            .Aggregate(T.Zero, (sum, column) => sum + (matrix[(row * vector.Length) + column] * vector[column])))];
}
