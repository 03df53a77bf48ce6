namespace Sequence.Backtesting.Tests;

[TestClass]
public sealed class TradeStatisticsTests
{
    private static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Profits 30, -10, 20, -20, 0 in cash on 10, 2, 8, 2, 1 units bought at 10.</summary>
    private static readonly ClosedTrade[] Five =
    [
        Trade(10, 30, 0, 2), Trade(2, -10, 3, 4), Trade(8, 20, 4, 8), Trade(2, -20, 9, 9), Trade(-1, 0, 9, 10),
    ];

    [TestMethod]
    public void WinRate_CountsOnlyProfits() => Assert.AreEqual(0.4, TradeStatistics.WinRate(Five), 1e-15);

    [TestMethod]
    public void ProfitFactor_CashAndReturn_Differ()
    {
        Assert.AreEqual(50 / 30.0, TradeStatistics.ProfitFactor(Five, TradeBasis.Cash), 1e-12);
        Assert.AreEqual((0.3 + 0.25) / (0.5 + 1), TradeStatistics.ProfitFactor(Five, TradeBasis.Return), 1e-12);
    }

    [TestMethod]
    public void Expectancy_EachConvention_IsItsEquation()
    {
        Assert.AreEqual(4, TradeStatistics.Expectancy(Five, ExpectancyConvention.MeanCash), 1e-12);
        Assert.AreEqual((0.3 - 0.5 + 0.25 - 1) / 5, TradeStatistics.Expectancy(Five, ExpectancyConvention.MeanReturn), 1e-12);
        Assert.AreEqual((0.4 * 25 / 15) - 0.6, TradeStatistics.Expectancy(Five, ExpectancyConvention.Lean), 1e-12);
    }

    [TestMethod]
    public void SystemQualityNumber_IsRootOfTradesTimesMeanOverDeviation()
    {
        // Deviations from 4: 26, -14, 16, -24, -4; squares sum to 1720.
        Assert.AreEqual(Math.Sqrt(5) * 4 / Math.Sqrt(1720 / 4.0), TradeStatistics.SystemQualityNumber(Five), 1e-12);
    }

    [TestMethod]
    public void Kelly_IsWinRateLessLossRateOverPayoff() =>
        Assert.AreEqual(0.4 - (0.6 / (25 / 15.0)), TradeStatistics.Kelly(Five), 1e-12);

    [TestMethod]
    public void Extremes_AreInTheBasisAsked()
    {
        Assert.AreEqual(30, TradeStatistics.Best(Five, TradeBasis.Cash));
        Assert.AreEqual(-20, TradeStatistics.Worst(Five, TradeBasis.Cash));
        Assert.AreEqual(0.3, TradeStatistics.Best(Five, TradeBasis.Return), 1e-15);
        Assert.AreEqual(-1, TradeStatistics.Worst(Five, TradeBasis.Return), 1e-15);
        Assert.AreEqual(20, TradeStatistics.NetProfit(Five), 1e-12);
        Assert.AreEqual(5, TradeStatistics.Commissions(Five), 1e-12);
    }

    [TestMethod]
    public void GeometricMeanReturn_AfterALossOfEverything_IsZero()
    {
        Assert.AreEqual(0, TradeStatistics.GeometricMeanReturn(Five));
        Assert.AreEqual(Math.Cbrt(1.3 * 0.5 * 1.25) - 1, TradeStatistics.GeometricMeanReturn(Five[..3]), 1e-12);
    }

    [TestMethod]
    public void Durations_AreInCalendarTime()
    {
        Assert.AreEqual(TimeSpan.FromDays(4), TradeStatistics.LongestDuration(Five));
        Assert.AreEqual(TimeSpan.FromDays(1.6), TradeStatistics.AverageDuration(Five));
    }

    [TestMethod]
    public void Statistics_WithoutTrades_AreUndefined()
    {
        Assert.IsTrue(double.IsNaN(TradeStatistics.WinRate([])));
        Assert.IsTrue(double.IsNaN(TradeStatistics.ProfitFactor([], TradeBasis.Cash)));
        Assert.IsTrue(double.IsNaN(TradeStatistics.Expectancy([], ExpectancyConvention.MeanCash)));
        Assert.IsTrue(double.IsNaN(TradeStatistics.SystemQualityNumber([])));
        Assert.IsTrue(double.IsNaN(TradeStatistics.Kelly([])));
        Assert.IsTrue(double.IsNaN(TradeStatistics.Best([], TradeBasis.Return)));
        Assert.IsNull(TradeStatistics.AverageDuration([]));
        Assert.AreEqual(0, TradeStatistics.NetProfit([]));
    }

    [TestMethod]
    public void Statistics_WithoutLosses_LeaveRatiosUndefined()
    {
        ClosedTrade[] winners = [Trade(1, 5, 0, 1), Trade(1, 5, 1, 2)];
        Assert.IsTrue(double.IsNaN(TradeStatistics.ProfitFactor(winners, TradeBasis.Cash)));
        Assert.IsTrue(double.IsNaN(TradeStatistics.Kelly(winners)));
        Assert.IsTrue(double.IsNaN(TradeStatistics.SystemQualityNumber(winners)));
    }

    [TestMethod]
    public void TimeInMarket_OverlappingTrades_CountABarOnce()
    {
        // Bars 0 to 2, 3 to 8, 9 and 9 to 10: all of 11, all but one of 12.
        Assert.AreEqual(1, ActivityStatistics.TimeInMarket(Five, 11), 1e-15);
        Assert.AreEqual(11 / 12.0, ActivityStatistics.TimeInMarket(Five, 12), 1e-15);
        Assert.AreEqual(0, ActivityStatistics.TimeInMarket([], 5));
        Assert.IsTrue(double.IsNaN(ActivityStatistics.TimeInMarket([], 0)));
    }

    [TestMethod]
    public void Turnover_BoughtAndSoldOnceAYear_IsOne()
    {
        var equity = new EquityCurve(new[] { Start, Start.AddDays(365.25) }, new double[] { 100, 100 });
        var trade = Trade(10, 0, 0, 1);
        Assert.AreEqual(1, ActivityStatistics.Turnover([trade], equity), 1e-12);
        Assert.IsTrue(double.IsNaN(ActivityStatistics.Turnover([trade], new EquityCurve(new[] { Start }, new double[] { 100 }))));
    }

    internal static ClosedTrade Trade(double size, double profit, int entry, int exit) => new(
        "X", size, entry, exit, Start.AddDays(entry), Start.AddDays(exit), 10, 10, null, null, 1, profit, profit / (10 * Math.Abs(size)), null);
}
