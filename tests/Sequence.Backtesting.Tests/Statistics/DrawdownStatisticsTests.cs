namespace Sequence.Backtesting.Tests;

[TestClass]
public sealed class DrawdownStatisticsTests
{
    private static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [TestMethod]
    public void Series_IsBelowTheHighestSoFar() => CollectionAssert.AreEqual(
        new[] { 0, -0.5, 0, -0.25, 0 }, DrawdownStatistics.Series([100, 50, 200, 150, 200]));

    [TestMethod]
    public void SeriesOfReturns_CountsTheLossOfTheFirstPeriod()
    {
        var drawdown = DrawdownStatistics.SeriesOfReturns([-0.1, double.NaN, 0.5]);
        Assert.AreEqual(3, drawdown.Length);
        Assert.AreEqual(-0.1, drawdown[0], 1e-15);
        Assert.AreEqual(-0.1, drawdown[1], 1e-15);
        Assert.AreEqual(0, drawdown[2]);
    }

    [TestMethod]
    public void Episodes_EndAtRecoveryOrWithTheCurve()
    {
        double[] worth = [100, 90, 80, 100, 110, 99, 104.5];
        var episodes = DrawdownStatistics.Episodes(Curve(worth));
        Assert.AreEqual(2, episodes.Count);
        Assert.AreEqual((0, 2, 3, true), (episodes[0].PeakBar, episodes[0].TroughBar, episodes[0].EndBar, episodes[0].Recovered));
        Assert.AreEqual((4, 5, 6, false), (episodes[1].PeakBar, episodes[1].TroughBar, episodes[1].EndBar, episodes[1].Recovered));
        Assert.AreEqual(-0.2, episodes[0].Depth, 1e-12);
        Assert.AreEqual(TimeSpan.FromDays(3), episodes[0].Duration);
        Assert.AreEqual(-0.15, DrawdownStatistics.AverageDepth(episodes), 1e-12);
        Assert.AreEqual(TimeSpan.FromDays(3), DrawdownStatistics.LongestDuration(episodes));
        Assert.AreEqual(TimeSpan.FromDays(2.5), DrawdownStatistics.AverageDuration(episodes));
    }

    [TestMethod]
    public void Episodes_OfARisingCurve_AreNone()
    {
        var episodes = DrawdownStatistics.Episodes(Curve([1, 2, 2, 3]));
        Assert.AreEqual(0, episodes.Count);
        Assert.IsTrue(double.IsNaN(DrawdownStatistics.AverageDepth(episodes)));
        Assert.IsNull(DrawdownStatistics.LongestDuration(episodes));
        Assert.IsNull(DrawdownStatistics.AverageDuration(episodes));
    }

    [TestMethod]
    public void Maximum_OfRuin_IsMinusOne()
    {
        Assert.AreEqual(-1, DrawdownStatistics.Maximum([100, 120, 0, 0]));
        Assert.AreEqual(0, DrawdownStatistics.Maximum([5]));
        Assert.AreEqual(0, DrawdownStatistics.Maximum([0, 0]));
        Assert.IsTrue(double.IsNaN(DrawdownStatistics.Maximum([])));
        Assert.AreEqual(1, DrawdownStatistics.Episodes(Curve([100, 120, 0, 0])).Count);
    }

    [TestMethod]
    public void UlcerIndex_EachConvention_HasItsDivisor()
    {
        double[] drawdown = [0, -0.3, -0.4];
        Assert.AreEqual(Math.Sqrt(0.25 / 3), DrawdownStatistics.UlcerIndex(drawdown, UlcerConvention.Martin), 1e-15);
        Assert.AreEqual(Math.Sqrt(0.25 / 2), DrawdownStatistics.UlcerIndex(drawdown, UlcerConvention.QuantStats), 1e-15);
        Assert.IsTrue(double.IsNaN(DrawdownStatistics.UlcerIndex([0], UlcerConvention.QuantStats)));
        Assert.IsTrue(double.IsNaN(DrawdownStatistics.UlcerIndex([], UlcerConvention.Martin)));
    }

    private static EquityCurve Curve(double[] worth) => new(worth.Select((_, bar) => Start.AddDays(bar)).ToArray(), worth);
}
