using System.Numerics;

namespace Sequence.Numerics.Tests.StateSpace;

[TestClass]
public sealed class NormalPlusLowRankTests
{
    public static IEnumerable<object[]> Systems() =>
        from measure in Enum.GetValues<HippoMeasure>()
        from stateSize in new[] { 2, 4, 6, 10, 16, 32, 62, 64 }
        select new object[] { measure, stateSize };

    [TestMethod]
    [DynamicData(nameof(Systems))]
    public void Create_AnyEvenSize_ReconstructsTheSystem(HippoMeasure measure, int stateSize)
    {
        var half = stateSize / 2;
        var (a, b) = HippoMatrices.Create(measure, stateSize);
        var dense = HippoMatrices.LowRank(measure, stateSize, HippoMatrices.MinimumRank(measure));
        var system = NormalPlusLowRank.Create(measure, stateSize, inputClip: null);
        var rank = system.LowRank.Length / half;
        Assert.AreEqual(HippoMatrices.MinimumRank(measure), rank);

        var reconstructed = new double[stateSize * stateSize];
        var fromPairs = new double[stateSize * stateSize];
        for (var row = 0; row < stateSize; row++)
        {
            for (var column = 0; column < stateSize; column++)
            {
                var at = (row * stateSize) + column;
                for (var pair = 0; pair < half; pair++)
                {
                    reconstructed[at] += 2 * (system.Basis[(row * half) + pair] * system.Eigenvalues[pair]
                        * Complex.Conjugate(system.Basis[(column * half) + pair])).Real;
                }

                fromPairs[at] = reconstructed[at];
                for (var term = 0; term < rank; term++)
                {
                    reconstructed[at] -= dense[(term * stateSize) + row] * dense[(term * stateSize) + column];
                    fromPairs[at] -= Dense(system.LowRank, term, row) * Dense(system.LowRank, term, column);
                }
            }
        }

        Numbers.AssertClose(a, reconstructed, 1e-13, "A");
        Numbers.AssertClose(a, fromPairs, 1e-13, "A by the low-rank term in the new basis");
        Numbers.AssertClose(
            b, [.. Enumerable.Range(0, stateSize).Select(row => Dense(system.Input, 0, row))], 1e-13, "B");

        double Dense(Complex[] values, int term, int row) => Enumerable.Range(0, half)
            .Sum(pair => 2 * (system.Basis[(row * half) + pair] * values[(term * half) + pair]).Real);
    }

    [TestMethod]
    [DynamicData(nameof(Systems))]
    public void Create_AnyEvenSize_OrdersEigenvaluesWithTheRealPartOfTheMeasure(HippoMeasure measure, int stateSize)
    {
        var system = NormalPlusLowRank.Create(measure, stateSize);
        for (var index = 0; index < system.Eigenvalues.Length; index++)
        {
            Assert.AreEqual(measure == HippoMeasure.LegS ? -0.5 : 0, system.Eigenvalues[index].Real, 1e-12);
            Assert.That.IsWithin(0, system.Eigenvalues[index].Imaginary);
            Assert.IsTrue(
                index == 0 || system.Eigenvalues[index - 1].Imaginary <= system.Eigenvalues[index].Imaginary);
        }

        Assert.IsTrue(system.Input.All(value => Math.Abs(value.Imaginary) <= 2));
    }

    [TestMethod]
    [DataRow(HippoMeasure.LegS, "legs")]
    [DataRow(HippoMeasure.LegT, "legt")]
    [DataRow(HippoMeasure.FouT, "fout")]
    public void Create_EightStates_HasTheInvariantsOfTheReference(HippoMeasure measure, string name)
    {
        var reference = ReferenceFile.Open($"nplr_{name}_N8.json");
        var invariants = reference.Part("invariants");
        var system = NormalPlusLowRank.Create(measure, 8, inputClip: null);

        // The reference made the FouT term in single precision.
        var tolerance = measure == HippoMeasure.FouT ? 1e-6 : 1e-12;
        Numbers.AssertClose(reference.Complex("w"), system.Eigenvalues, tolerance, "w");
        Numbers.AssertClose(
            invariants.Real("abs_P"), [.. system.LowRank.Select(Complex.Abs)], tolerance, "|P|");
        Numbers.AssertClose(invariants.Real("abs_B"), [.. system.Input.Select(Complex.Abs)], tolerance, "|B|");
        Numbers.AssertClose(
            invariants.Complex("conjP_times_B"),
            [.. system.LowRank.Select((p, index) => Complex.Conjugate(p) * system.Input[index % 4])],
            tolerance,
            "conj(P) B");
    }

    [TestMethod]
    public void Create_LegSOfSixtyFourStates_HasTheKnownLargestFrequency() =>
        Assert.AreEqual(
            -1303.27, NormalPlusLowRank.Create(HippoMeasure.LegS, 64).Eigenvalues[0].Imaginary, 0.005);

    [TestMethod]
    public void Create_RankAboveTheLeast_AddsRowsOfZeros()
    {
        var least = NormalPlusLowRank.Create(HippoMeasure.LegS, 6);
        var more = NormalPlusLowRank.Create(HippoMeasure.LegS, 6, rank: 3);
        Assert.HasCount(9, more.LowRank);
        CollectionAssert.AreEqual(least.LowRank, more.LowRank[..3]);
        Assert.IsTrue(more.LowRank.Skip(3).All(value => value == Complex.Zero));
    }

    [TestMethod]
    public void Create_InputClip_BoundsImaginaryPartsOnly()
    {
        var free = NormalPlusLowRank.Create(HippoMeasure.LegS, 16, inputClip: null);
        var clipped = NormalPlusLowRank.Create(HippoMeasure.LegS, 16, inputClip: 0.5);
        Assert.IsGreaterThan(0.5, free.Input.Max(value => Math.Abs(value.Imaginary)));
        for (var index = 0; index < 8; index++)
        {
            Assert.AreEqual(free.Input[index].Real, clipped.Input[index].Real);
            Assert.AreEqual(Math.Clamp(free.Input[index].Imaginary, -0.5, 0.5), clipped.Input[index].Imaginary);
        }
    }

    [TestMethod]
    public void Create_SeveralFaults_NamesThemAll()
    {
        var error = Assert.ThrowsExactly<ConfigurationException>(
            () => NormalPlusLowRank.Create(HippoMeasure.LegT, 7, rank: 1, inputClip: double.NaN));
        Assert.HasCount(3, error.Faults);
    }
}
