namespace Sequence.Numerics.Tests.StateSpace;

[TestClass]
public sealed class HippoMatricesTests
{
    [TestMethod]
    [DataRow(HippoMeasure.LegS, "legs", 4)]
    [DataRow(HippoMeasure.LegS, "legs", 8)]
    [DataRow(HippoMeasure.LegT, "legt", 4)]
    [DataRow(HippoMeasure.LegT, "legt", 8)]
    [DataRow(HippoMeasure.FouT, "fout", 4)]
    [DataRow(HippoMeasure.FouT, "fout", 8)]
    public void Create_ReferenceSizes_IsTheReference(HippoMeasure measure, string name, int stateSize)
    {
        var reference = ReferenceFile.Open("hippo_AB.json").Part($"{name}_{stateSize}");
        var (a, b) = HippoMatrices.Create(measure, stateSize);
        Numbers.AssertClose(reference.Real("A"), a, 1e-14, "A");
        Numbers.AssertClose(reference.Real("B"), b, 1e-14, "B");

        // The reference made the FouT term in single precision.
        var rank = HippoMatrices.MinimumRank(measure);
        Numbers.AssertClose(
            reference.Real("P_lowrank"),
            HippoMatrices.LowRank(measure, stateSize, rank),
            measure == HippoMeasure.FouT ? 1e-6 : 1e-14,
            "P");
    }

    [TestMethod]
    public void Create_LegSOfTwoStates_IsTheHandComputation()
    {
        var (a, b) = HippoMatrices.Create(HippoMeasure.LegS, 2);
        Numbers.AssertClose([-1, 0, -Math.Sqrt(3), -2], a, 1e-15);
        Numbers.AssertClose([1, Math.Sqrt(3)], b, 1e-15);
    }

    [TestMethod]
    [DataRow(HippoMeasure.LegS, 1, 1)]
    [DataRow(HippoMeasure.LegS, 7, 3)]
    [DataRow(HippoMeasure.LegT, 9, 2)]
    [DataRow(HippoMeasure.LegT, 64, 4)]
    [DataRow(HippoMeasure.FouT, 64, 2)]
    public void LowRank_AddedToTheSystem_LeavesASkewMatrixAndAMultipleOfTheIdentity(
        HippoMeasure measure, int stateSize, int rank)
    {
        var (a, _) = HippoMatrices.Create(measure, stateSize);
        var p = HippoMatrices.LowRank(measure, stateSize, rank);
        Assert.HasCount(rank * stateSize, p);
        for (var row = 0; row < stateSize; row++)
        {
            for (var column = 0; column < stateSize; column++)
            {
                var symmetric = Entry(row, column) + Entry(column, row);
                Assert.AreEqual(row == column ? 2 * Entry(0, 0) : 0, symmetric, 1e-12 * stateSize);
            }
        }

        Assert.IsTrue(p.Skip(HippoMatrices.MinimumRank(measure) * stateSize).All(value => value == 0));

        double Entry(int row, int column) => a[(row * stateSize) + column]
            + Enumerable.Range(0, rank).Sum(term => p[(term * stateSize) + row] * p[(term * stateSize) + column]);
    }

    [TestMethod]
    public void Create_BadStateSize_Throws()
    {
        var odd = Assert.ThrowsExactly<ConfigurationException>(() => HippoMatrices.Create(HippoMeasure.FouT, 5));
        StringAssert.Contains(odd.Message, "even");
        Assert.ThrowsExactly<ConfigurationException>(() => HippoMatrices.Create(HippoMeasure.LegS, 0));
    }

    [TestMethod]
    [DataRow(HippoMeasure.LegS, 0)]
    [DataRow(HippoMeasure.LegT, 1)]
    [DataRow(HippoMeasure.FouT, -1)]
    public void LowRank_RankBelowTheLeast_Throws(HippoMeasure measure, int rank) =>
        Assert.ThrowsExactly<ConfigurationException>(() => HippoMatrices.LowRank(measure, 8, rank));
}
