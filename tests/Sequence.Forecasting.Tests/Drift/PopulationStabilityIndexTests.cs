using CsCheck;

namespace Sequence.Forecasting.Tests;

[TestClass]
public sealed class PopulationStabilityIndexTests
{
    private static readonly Gen<double[]> Sample = Gen.Double[-10, 10].Array[12, 60];

    [TestMethod]
    public void Index_OfAShiftByHand_IsTheFormula()
    {
        // Two bins of 1..10: up to 5 and above. Shares of the reference 5.5/11 each, of the sample 1.5/5 and 3.5/5.
        var index = new PopulationStabilityIndex([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], bins: 2);
        Assert.AreEqual(2, index.Bins);
        Assert.AreEqual((0.2 * Math.Log(0.5 / 0.3)) + (-0.2 * Math.Log(0.5 / 0.7)), index.Of([5, 5.5, 6, 100]), 1e-15);
    }

    [TestMethod]
    public void Bins_OfTenValues_HoldOneEach()
    {
        double[] reference = [.. Enumerable.Range(1, 10).Select(value => (double)value)];
        var index = new PopulationStabilityIndex(reference);

        // Each of the ten is the end of its own bin and belongs to it; the smallest ends the first, so smaller ones have another.
        Assert.AreEqual(11, index.Bins);
        Assert.AreEqual(0, index.Of(reference), 0);
        Assert.AreNotEqual(index.Of([0.5]), index.Of([1.0]));
    }

    [TestMethod]
    public void Index_OfTheReferenceItself_IsZero() => Sample.Sample(sample =>
        Assert.AreEqual(0, new PopulationStabilityIndex(sample).Of(sample), 0));

    [TestMethod]
    public void Index_WithTheSharesExchanged_IsTheSameAndNeverNegative() =>
        Gen.Select(Gen.Double[0.01, 1].Array[7], Gen.Double[0.01, 1].Array[7]).Sample((first, second) =>
        {
            var index = PopulationStabilityIndex.Between(first, second);
            Assert.IsTrue(index >= 0);
            Assert.AreEqual(index, PopulationStabilityIndex.Between(second, first), 1e-12);
        });

    [TestMethod]
    public void Index_OfBothSamplesMappedAlike_IsTheSame() => Gen.Select(Sample, Sample).Sample((reference, sample) =>
    {
        // Bins are quantiles, so any strictly rising map leaves the shares as they are; times 4 is exact.
        var mapped = new PopulationStabilityIndex(Array.ConvertAll(reference, value => 4 * value));
        Assert.AreEqual(new PopulationStabilityIndex(reference).Of(sample), mapped.Of(Array.ConvertAll(sample, value => 4 * value)), 0);
    });

    [TestMethod]
    [DataRow(4.0)]
    [DataRow(6.0)]
    public void Index_OfAReferenceThatStandsStill_SeesAMoveEitherWay(double moved)
    {
        var index = new PopulationStabilityIndex([.. Enumerable.Repeat(5.0, 50)]);
        Assert.AreEqual(0, index.Of([.. Enumerable.Repeat(5.0, 50)]), 0);
        Assert.IsGreaterThan(1, index.Of([.. Enumerable.Repeat(moved, 50)]));
    }

    [TestMethod]
    public void Index_OnBadInput_Throws()
    {
        Assert.ThrowsExactly<ModelException>(() => new PopulationStabilityIndex([1, 2, 3]));
        Assert.ThrowsExactly<ModelException>(() => new PopulationStabilityIndex([1, double.NaN], bins: 2));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new PopulationStabilityIndex([1, 2], bins: 1));
        var index = new PopulationStabilityIndex([1, 2], bins: 2);
        Assert.ThrowsExactly<ModelException>(() => index.Of([]));
        Assert.ThrowsExactly<ModelException>(() => index.Of([double.PositiveInfinity]));
        Assert.ThrowsExactly<ModelException>(() => PopulationStabilityIndex.Between([0.5, 0.5], [1, 0]));
        Assert.ThrowsExactly<ModelException>(() => PopulationStabilityIndex.Between([1], [0.5, 0.5]));
    }
}
