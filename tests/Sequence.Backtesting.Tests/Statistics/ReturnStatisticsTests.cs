using Sequence.Data;

namespace Sequence.Backtesting.Tests;

[TestClass]
public sealed class ReturnStatisticsTests
{
    private static readonly double[] Returns = [0.02, -0.01, 0.03, -0.02, 0.01];

    [TestMethod]
    public void Sharpe_Lean_IsAnnualPerformanceOverVolatility()
    {
        var expected = (Math.Pow(1.006, 252) - 1 - 0.02) / Math.Sqrt(0.00172 / 4 * 252);
        Assert.AreEqual(expected, ReturnStatistics.Sharpe(Returns, 252, SharpeConvention.Lean, 0.02), 1e-10);
    }

    [TestMethod]
    public void Sortino_Lean_TakesTheDeviationOfLossesOnly()
    {
        // Losses -0.01 and -0.02 about -0.015: variance 0.00005.
        var expected = (Math.Pow(1.006, 252) - 1) / Math.Sqrt(0.00005 * 252);
        Assert.AreEqual(expected, ReturnStatistics.Sortino(Returns, 252, SortinoConvention.Lean), 1e-9);
    }

    [TestMethod]
    public void Ratios_Compounded_FollowTheirEquations()
    {
        var growth = Math.Pow(1.02 * 0.99 * 1.03 * 0.98 * 1.01, 1 / 5.0);
        var annual = Math.Pow(growth, 12) - 1;
        var volatility = Math.Sqrt(Math.Pow((0.00172 / 4) + (growth * growth), 12) - Math.Pow(growth, 24));
        Assert.AreEqual(volatility, ReturnStatistics.CompoundedVolatility(Returns, 12), 1e-12);
        Assert.AreEqual((annual - 0.01) / volatility, ReturnStatistics.Sharpe(Returns, 12, SharpeConvention.Compounded, 0.01), 1e-11);
        var downside = Math.Sqrt(0.0005 / 5 * 12);
        Assert.AreEqual((annual - 0.01) / downside, ReturnStatistics.Sortino(Returns, 12, SortinoConvention.Compounded, 0.01), 1e-11);
    }

    [TestMethod]
    public void Ratios_MeanOverStd_TakeTheRateOfAPeriod()
    {
        var rate = Math.Pow(1.05, 1 / 12.0) - 1;
        Assert.AreEqual(
            (0.006 - rate) / Math.Sqrt(0.00172 / 4) * Math.Sqrt(12),
            ReturnStatistics.Sharpe(Returns, 12, SharpeConvention.MeanOverStd, 0.05),
            1e-12);
        var downside = Returns.Average(value => Math.Pow(Math.Min(value - rate, 0), 2));
        Assert.AreEqual(
            (0.006 - rate) / Math.Sqrt(downside) * Math.Sqrt(12),
            ReturnStatistics.Sortino(Returns, 12, SortinoConvention.DownsideDeviation, 0.05),
            1e-12);
    }

    [TestMethod]
    [DataRow(SharpeConvention.MeanOverStd)]
    [DataRow(SharpeConvention.Compounded)]
    [DataRow(SharpeConvention.Lean)]
    public void Sharpe_TooFewReturns_IsUndefined(SharpeConvention convention)
    {
        Assert.IsTrue(double.IsNaN(ReturnStatistics.Sharpe([], 252, convention)));
        Assert.IsTrue(double.IsNaN(ReturnStatistics.Sharpe([0.01], 252, convention)));
    }

    [TestMethod]
    public void Sharpe_EqualReturns_IsInfiniteOrUndefined()
    {
        double[] tenths = [.. Enumerable.Repeat(0.1, 10)];
        Assert.AreEqual(double.PositiveInfinity, ReturnStatistics.Sharpe(tenths, 1, SharpeConvention.MeanOverStd));
        Assert.AreEqual(double.NegativeInfinity, ReturnStatistics.Sharpe([-0.1, -0.1], 1, SharpeConvention.MeanOverStd));
        Assert.IsTrue(double.IsNaN(ReturnStatistics.Sharpe([0, 0, 0], 1, SharpeConvention.MeanOverStd)));
    }

    [TestMethod]
    public void CompoundAnnualGrowth_CountsCalendarDays()
    {
        var elapsed = TimeSpan.FromDays(730.5);
        Assert.AreEqual(0.1, ReturnStatistics.CompoundAnnualGrowth(100, 121, elapsed), 1e-12);
        Assert.AreEqual(Math.Pow(1.21, 365 / 730.5) - 1, ReturnStatistics.CompoundAnnualGrowth(100, 121, elapsed, 365), 1e-12);
        Assert.AreEqual(-1, ReturnStatistics.CompoundAnnualGrowth(100, 0, elapsed));
        Assert.IsTrue(double.IsNaN(ReturnStatistics.CompoundAnnualGrowth(100, 121, TimeSpan.Zero)));
        Assert.IsTrue(double.IsNaN(ReturnStatistics.CompoundAnnualGrowth(100, -5, elapsed)));
    }

    [TestMethod]
    public void Omega_AboutAThreshold_IsGainsOverLosses() =>
        Assert.AreEqual(0.03 / 0.05, ReturnStatistics.Omega(Returns, 0.01), 1e-12);

    [TestMethod]
    public void ValueAtRisk_Normal_HasTheQuantilesOfTables()
    {
        // The returns -1 and 1 have mean 0 and deviation sqrt 2.
        (double Tail, double Quantile)[] table =
        [
            (0.05, -1.6448536269514729), (0.01, -2.3263478740408408), (0.025, -1.9599639845400545), (0.975, 1.9599639845400545),
            (1e-5, -4.264890793922825), (1e-10, -6.3613409024040557), (0.5, 0),
        ];
        foreach (var (tail, quantile) in table)
        {
            var actual = DistributionStatistics.ValueAtRisk([-1, 1], TailRiskConvention.Normal, tail) / Math.Sqrt(2);
            Assert.AreEqual(quantile, actual, 1e-12 * Math.Abs(quantile), $"{tail}");
        }
    }

    [TestMethod]
    public void Tails_Historical_AreOrderStatistics()
    {
        Assert.AreEqual(-0.018, DistributionStatistics.ValueAtRisk(Returns, TailRiskConvention.Historical), 1e-15);
        Assert.AreEqual(-0.02, DistributionStatistics.ConditionalValueAtRisk(Returns, TailRiskConvention.Historical), 1e-15);
        Assert.AreEqual(-0.015, DistributionStatistics.ConditionalValueAtRisk(Returns, TailRiskConvention.Historical, 0.25), 1e-15);
        Assert.AreEqual(-0.02, DistributionStatistics.ConditionalValueAtRisk([double.NaN, .. Returns], TailRiskConvention.Historical), 1e-15);
        Assert.IsTrue(double.IsNaN(DistributionStatistics.ValueAtRisk([], TailRiskConvention.Historical)));
    }

    [TestMethod]
    public void ConditionalValueAtRisk_NormalWithNothingBelow_IsTheValueAtRisk()
    {
        double[] flat = [0.01, 0.01, 0.01];
        Assert.AreEqual(0.01, DistributionStatistics.ConditionalValueAtRisk(flat, TailRiskConvention.Normal));
    }

    [TestMethod]
    public void Moments_HandComputed_AreReproduced()
    {
        // 0, 0, 0, 4 about 1: m2 = 3, m3 = 6, m4 = 21.
        double[] sample = [0, 0, 0, 4];
        Assert.AreEqual(6 / Math.Pow(3, 1.5), DistributionStatistics.Skewness(sample, SkewnessConvention.Population), 1e-14);
        Assert.AreEqual(2, DistributionStatistics.Skewness(sample, SkewnessConvention.Sample), 1e-14);
        Assert.AreEqual(21 / 9.0, DistributionStatistics.Kurtosis(sample, KurtosisConvention.Population), 1e-14);
        Assert.AreEqual((21 / 9.0) - 3, DistributionStatistics.Kurtosis(sample, KurtosisConvention.PopulationExcess), 1e-14);
        Assert.AreEqual(4, DistributionStatistics.Kurtosis(sample, KurtosisConvention.SampleExcess), 1e-13);
        Assert.IsTrue(double.IsNaN(DistributionStatistics.Skewness([1, 2], SkewnessConvention.Sample)));
        Assert.IsTrue(double.IsNaN(DistributionStatistics.Kurtosis([1, 2, 3], KurtosisConvention.SampleExcess)));
        Assert.IsTrue(double.IsNaN(DistributionStatistics.Skewness([1, 1, 1], SkewnessConvention.Population)));
    }

    [TestMethod]
    public void PeriodStatistics_WithoutWinsOrLosses_AreUndefined()
    {
        double[] flat = [0, double.NaN, 0];
        Assert.IsTrue(double.IsNaN(PeriodStatistics.WinRate(flat)));
        Assert.IsTrue(double.IsNaN(PeriodStatistics.PayoffRatio(flat)));
        Assert.IsTrue(double.IsNaN(PeriodStatistics.ProfitFactor(flat)));
        Assert.AreEqual(double.PositiveInfinity, PeriodStatistics.ProfitFactor([0.1, 0]));
        Assert.AreEqual(0, PeriodStatistics.LongestWinningRun(flat));
        Assert.AreEqual(0, PeriodStatistics.ActiveShare(flat));
        Assert.AreEqual(2, PeriodStatistics.LongestLosingRun([-0.1, -0.2, 0.1, -0.3]));
    }

    [TestMethod]
    public void BadInput_SaysWhatAndWhere()
    {
        StringAssert.Contains(
            Assert.ThrowsExactly<DataFormatException>(
                () => ReturnStatistics.Sharpe([0.1, double.PositiveInfinity], 252, SharpeConvention.MeanOverStd)).Message,
            "returns[1]");
        foreach (var periods in new[] { 0, -1, double.NaN, double.PositiveInfinity })
        {
            Assert.ThrowsExactly<ConfigurationException>(() => ReturnStatistics.Volatility([0.1, 0.2], periods));
        }

        Assert.ThrowsExactly<ConfigurationException>(() => ReturnStatistics.Sharpe([0.1, 0.2], 12, (SharpeConvention)9));
        Assert.ThrowsExactly<ConfigurationException>(() => ReturnStatistics.Sortino([0.1, 0.2], 12, SortinoConvention.Lean, double.NaN));
        Assert.ThrowsExactly<ConfigurationException>(() => DistributionStatistics.Quantile([0.1], 1.5));
        Assert.ThrowsExactly<ConfigurationException>(
            () => DistributionStatistics.ConditionalValueAtRisk([0.1], TailRiskConvention.Historical, 0));
        StringAssert.Contains(
            Assert.ThrowsExactly<DataFormatException>(() => BenchmarkStatistics.Beta([0.1, 0.2], [0.1])).Message, "2 returns");
        Assert.ThrowsExactly<DataFormatException>(() => BenchmarkStatistics.UpCapture([0.1, 0.2], [0.1], 252));
        Assert.ThrowsExactly<DataFormatException>(() => ReturnSeries.Excess([0.1], [0.1, 0.2]));
    }

    [TestMethod]
    public void Aggregate_WeekAcrossNewYear_StaysWhole()
    {
        DateTimeOffset[] times = [Utc(2015, 12, 31), Utc(2016, 1, 1), Utc(2016, 1, 4)];
        double[] returns = [0.1, 0.1, 0.2];
        Assert.AreEqual(2, ReturnSeries.Aggregate(times, returns, CalendarPeriod.Week).Length);
        Assert.AreEqual(0.21, ReturnSeries.Aggregate(times, returns, CalendarPeriod.Week)[0], 1e-12);
        Assert.AreEqual(0.32, ReturnSeries.Aggregate(times, returns, CalendarPeriod.Year)[1], 1e-12);
        Assert.AreEqual(0, ReturnSeries.Aggregate([], [], CalendarPeriod.Month).Length);
        Assert.ThrowsExactly<DataFormatException>(
            () => ReturnSeries.Aggregate([times[1], times[0]], [0.1, 0.1], CalendarPeriod.Month));
        Assert.ThrowsExactly<DataFormatException>(() => ReturnSeries.Aggregate(times, [0.1], CalendarPeriod.Month));
    }

    [TestMethod]
    public void Align_DifferentTimes_LeavesGaps()
    {
        DateTimeOffset[] times = [Utc(2024, 1, 1), Utc(2024, 1, 2), Utc(2024, 1, 3)];
        var (first, second) = ReturnSeries.Align(times.AsSpan(1), [1, 2], times.AsSpan(0, 2), [3, 4]);
        CollectionAssert.AreEqual(new[] { double.NaN, 1, 2 }, first);
        CollectionAssert.AreEqual(new[] { 3, 4, double.NaN }, second);
        Assert.ThrowsExactly<DataFormatException>(() => ReturnSeries.Align([times[0], times[0]], [1, 2], [], []));
    }

    [TestMethod]
    public void Alpha_EachConvention_IsItsEquation()
    {
        double[] benchmark = [0.01, -0.02, 0.02, -0.01, 0.01];
        var beta = BenchmarkStatistics.Beta(Returns, benchmark);
        Assert.AreEqual(0.00124 / 0.00108, beta, 1e-12);
        var rate = Math.Pow(1.03, 1 / 252.0) - 1;
        var residual = 0.006 - rate - (beta * (0.002 - rate));
        double Alpha(AlphaConvention convention) => BenchmarkStatistics.Alpha(Returns, benchmark, 252, convention, 0.03);
        Assert.AreEqual(Math.Pow(1 + residual, 252) - 1, Alpha(AlphaConvention.Compounded), 1e-10);
        Assert.AreEqual(252 * residual, Alpha(AlphaConvention.Arithmetic), 1e-12);
        Assert.AreEqual(
            Math.Pow(1.006, 252) - 1.03 - (beta * (Math.Pow(1.002, 252) - 1.03)), Alpha(AlphaConvention.Lean), 1e-10);
        double[] difference = [0.01, 0.01, 0.01, -0.01, 0];
        Assert.AreEqual(
            difference.Average() / Math.Sqrt(difference.Sum(value => Math.Pow(value - 0.004, 2)) / 4) * Math.Sqrt(252),
            BenchmarkStatistics.InformationRatio(Returns, benchmark, 252),
            1e-10);
    }

    private static DateTimeOffset Utc(int year, int month, int day) => new(year, month, day, 0, 0, 0, TimeSpan.Zero);
}
