namespace Sequence.Backtesting.Tests;

[TestClass]
public sealed class PerformanceSummaryTests
{
    private static readonly DateTimeOffset Monday = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [TestMethod]
    public void Of_SmallCurve_IsHandComputed()
    {
        double[] worth = [100, 110, 99, 108.9];
        ClosedTrade[] trades = [TradeStatisticsTests.Trade(1, 10, 0, 1), TradeStatisticsTests.Trade(1, -1.1, 2, 2)];
        var summary = PerformanceSummary.Of(Daily(worth), trades, new PerformanceOptions { PeriodsPerYear = 9 });
        var deviation = Math.Sqrt(0.04 / 3);
        Assert.AreEqual(4, summary.Bars);
        Assert.AreEqual(0.089, summary.TotalReturn, 1e-12);
        Assert.AreEqual(Math.Pow(1.089, 365.25 / 3) - 1, summary.CompoundAnnualGrowth, 1e-6);
        Assert.AreEqual(3 * deviation, summary.Volatility, 1e-12);
        Assert.AreEqual(0.1 / 3 / deviation * 3, summary.Sharpe, 1e-11);
        Assert.AreEqual(0.1 / 3 / Math.Sqrt(0.01 / 3) * 3, summary.Sortino, 1e-11);
        Assert.AreEqual(-0.1, summary.MaxDrawdown, 1e-12);
        Assert.AreEqual(TimeSpan.FromDays(2), summary.MaxDrawdownDuration);
        Assert.AreEqual(-0.1, summary.AverageDrawdown, 1e-12);
        Assert.AreEqual(summary.CompoundAnnualGrowth / 0.1, summary.Calmar, 1e-4);
        Assert.AreEqual(2, summary.Omega, 1e-11);
        Assert.AreEqual(-0.08, summary.ValueAtRisk, 1e-12);
        Assert.AreEqual(-0.1, summary.ConditionalValueAtRisk, 1e-12);
        Assert.AreEqual(1.5, summary.Kurtosis, 1e-9);
        Assert.AreEqual(-1 / Math.Sqrt(2), summary.Skewness, 1e-9);
        Assert.AreEqual(2, summary.Trades);
        Assert.AreEqual(0.5, summary.WinRate);
        Assert.AreEqual(4.45, summary.Expectancy, 1e-12);
        Assert.AreEqual(10 / 1.1, summary.ProfitFactor, 1e-12);
        Assert.AreEqual(0.75, summary.Exposure);
        Assert.AreEqual(2, summary.Commissions);
        Assert.IsNull(summary.Alpha);
        Assert.IsNull(summary.Beta);
        Assert.IsNull(summary.InformationRatio);
    }

    [TestMethod]
    public void Of_EachConvention_IsTheFunctionOfThatName()
    {
        double[] worth = [100, 110, 99, 108.9, 120, 90];
        var curve = Daily(worth);
        foreach (var convention in Enum.GetValues<SharpeConvention>())
        {
            var summary = PerformanceSummary.Of(
                curve, [], new PerformanceOptions { PeriodsPerYear = 12, RiskFreeRate = 0.01, SharpeConvention = convention });
            Assert.AreEqual(ReturnStatistics.Sharpe(curve.Returns(), 12, convention, 0.01), summary.Sharpe);
        }

        foreach (var convention in Enum.GetValues<SortinoConvention>())
        {
            var summary = PerformanceSummary.Of(
                curve, [], new PerformanceOptions { PeriodsPerYear = 12, RiskFreeRate = 0.01, SortinoConvention = convention });
            Assert.AreEqual(ReturnStatistics.Sortino(curve.Returns(), 12, convention, 0.01), summary.Sortino);
        }
    }

    [TestMethod]
    public void Of_Benchmark_IsComparedAtSharedTimes()
    {
        // The benchmark has no bar on the second day; over the shared days the strategy moves twice as far.
        DateTimeOffset[] all = [.. Enumerable.Range(0, 5).Select(day => Monday.AddDays(day))];
        var equity = new EquityCurve(all, new[] { 100, 150, 120, 96, 115.2 });
        var benchmark = new EquityCurve(
            new[] { all[0], all[2], all[3], all[4], all[4].AddDays(1) }, new double[] { 50, 55, 49.5, 54.45, 99 });
        var summary = PerformanceSummary.Of(equity, [], new PerformanceOptions { PeriodsPerYear = 252, Benchmark = benchmark });
        Assert.AreEqual(2, summary.Beta!.Value, 1e-12);
        Assert.AreEqual(0, summary.Alpha!.Value, 1e-9);
        Assert.IsTrue(double.IsFinite(summary.InformationRatio!.Value));
    }

    [TestMethod]
    public void Of_SingleBar_IsUndefinedWhereItMustBe()
    {
        var summary = PerformanceSummary.Of(Daily([100]), []);
        Assert.AreEqual(0, summary.TotalReturn);
        Assert.AreEqual(0, summary.MaxDrawdown);
        Assert.IsNull(summary.MaxDrawdownDuration);
        Assert.AreEqual(0, summary.Exposure);
        foreach (var value in new[]
        {
            summary.PeriodsPerYear, summary.CompoundAnnualGrowth, summary.Volatility, summary.Sharpe, summary.Sortino, summary.Calmar,
            summary.Omega, summary.AverageDrawdown, summary.ValueAtRisk, summary.ConditionalValueAtRisk, summary.TailRatio,
            summary.Stability, summary.Skewness, summary.Kurtosis, summary.ProbabilisticSharpe, summary.MinimumTrackRecordLength,
            summary.WinRate, summary.ProfitFactor, summary.Expectancy, summary.SystemQualityNumber, summary.Kelly, summary.Turnover,
        })
        {
            Assert.IsTrue(double.IsNaN(value), $"{value}");
        }
    }

    [TestMethod]
    public void Of_BadOptions_ListsEveryFault()
    {
        var options = new PerformanceOptions
        {
            PeriodsPerYear = 0,
            RiskFreeRate = double.NaN,
            SharpeConvention = (SharpeConvention)7,
            SortinoConvention = (SortinoConvention)7,
        };
        Assert.AreEqual(4, Assert.ThrowsExactly<ConfigurationException>(() => PerformanceSummary.Of(Daily([1, 2]), [], options)).Faults.Count);
    }

    [TestMethod]
    public void PeriodsPerYear_FromTimes_FollowsTheRule()
    {
        static double Inferred(int count, Func<int, DateTimeOffset?> time) => Periodicity.PeriodsPerYear(
            Enumerable.Range(0, count).Select(time).OfType<DateTimeOffset>().ToArray());
        static DateTimeOffset? Weekday(DateTimeOffset time) =>
            time.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? null : time;
        Assert.AreEqual(252, Inferred(60, bar => Weekday(Monday.AddDays(bar))));
        Assert.AreEqual(365, Inferred(60, bar => Monday.AddDays(bar)));
        Assert.AreEqual(52, Inferred(60, bar => Monday.AddDays(7 * bar)));
        Assert.AreEqual(12, Inferred(60, bar => Monday.AddMonths(bar)));
        Assert.AreEqual(4, Inferred(20, bar => Monday.AddMonths(3 * bar)));
        Assert.AreEqual(1, Inferred(5, bar => Monday.AddYears(bar)));
        Assert.AreEqual(365.25 / 3, Inferred(50, bar => Monday.AddDays(3 * bar)));
        Assert.AreEqual(24 * 365, Inferred(24 * 14, bar => Monday.AddHours(bar)));
        Assert.AreEqual(24 * 252, Inferred(24 * 14, bar => Weekday(Monday.AddHours(bar))));
        Assert.AreEqual(7 * 252, Inferred(70, bar => Weekday(Monday.AddDays(bar / 7).AddHours(9 + (bar % 7)))));
        Assert.IsTrue(double.IsNaN(Inferred(1, bar => Monday)));
    }

    private static EquityCurve Daily(double[] worth) => new(worth.Select((_, bar) => Monday.AddDays(bar)).ToArray(), worth);
}
