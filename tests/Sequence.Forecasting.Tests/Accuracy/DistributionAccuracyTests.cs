using CsCheck;

namespace Sequence.Forecasting.Tests;

[TestClass]
public sealed class DistributionAccuracyTests
{
    private static readonly Gen<double[]> Probabilities =
        Gen.Int[1, 99].Array[1, 9].Select(percents => percents.Distinct().Order().Select(percent => percent / 100.0).ToArray());

    [TestMethod]
    public void PinballLoss_OnASmallCase_IsAsByHand() =>
        Assert.AreEqual(((0.9 * 2) + (0.1 * 3)) / 2, DistributionAccuracy.PinballLoss([5, 1], [3, 4], 0.9), 1e-12);

    [TestMethod]
    public void PinballLoss_OfTheMedian_IsHalfTheAbsoluteError() =>
        Gen.Select(Gen.Double[-9, 9], Gen.Double[-9, 9]).Sample((actual, median) => Assert.AreEqual(
            Math.Abs(actual - median) / 2, DistributionAccuracy.PinballLoss([actual], [median], 0.5), 1e-12));

    [TestMethod]
    public void Coverage_CountsTheEndsAsInside() =>
        Assert.AreEqual(75, DistributionAccuracy.Coverage([1, 2, 3, 9], [1, 1, 1, 1], [3, 3, 3, 3]));

    [TestMethod]
    public void RankedProbabilityScore_IsZeroOnlyWhenEveryQuantileIsTheValue() =>
        Gen.Select(Probabilities, Gen.Double[-9, 9], Gen.Double[-9, 9].Array[9]).Sample((probabilities, actual, spread) =>
        {
            var quantiles = spread[..probabilities.Length].Order().ToArray();
            var score = DistributionAccuracy.ContinuousRankedProbabilityScore(actual, probabilities, quantiles);
            Assert.AreEqual(quantiles.Any(quantile => quantile != actual), score > 0);
            Array.Fill(quantiles, actual);
            Assert.AreEqual(0, DistributionAccuracy.ContinuousRankedProbabilityScore(actual, probabilities, quantiles));
        });

    [TestMethod]
    public void RankedProbabilityScore_AtMidpoints_IsTwiceTheMeanPinballLoss()
    {
        double[] probabilities = [0.125, 0.375, 0.625, 0.875];
        double[] quantiles = [1, 2, 4, 8];
        var expected = 2 * ((0.125 * 2) + (0.375 * 1) + (0.375 * 1) + (0.125 * 5)) / 4;
        Assert.AreEqual(
            expected, DistributionAccuracy.ContinuousRankedProbabilityScore(3, probabilities, quantiles), 1e-12);
    }

    [TestMethod]
    public void RankedProbabilityScore_OfUniformForecast_ReachesTheClosedForm()
    {
        // For U(0, 1) and y in [0, 1] the integral of (F - 1{x >= y})^2 is y^3/3 + (1 - y)^3/3.
        var probabilities = Enumerable.Range(0, 2000).Select(index => (index + 0.5) / 2000).ToArray();
        const double Actual = 0.3;
        Assert.AreEqual(
            (0.027 + 0.343) / 3,
            DistributionAccuracy.ContinuousRankedProbabilityScore(Actual, probabilities, probabilities),
            1e-6);
    }

    [TestMethod]
    public void Probabilities_OutOfRangeOrOrder_AreRefused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => DistributionAccuracy.PinballLoss([1], [1], 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => DistributionAccuracy.ContinuousRankedProbabilityScore(1, [0.5, 0.4], [1, 2]));
    }
}
