using Sequence.Data;

namespace Sequence.Backtesting.Tests;

[TestClass]
public sealed class RollingAndMonthlyTests
{
    [TestMethod]
    [DataRow(1, 2)]
    [DataRow(2, 2)]
    [DataRow(101, 7)]
    [DataRow(1000, 63)]
    public void RollingSharpe_EveryWindow_AgreesWithTheWindowAlone(int count, int window)
    {
        var returns = OverfittingProbabilityTests.Noise(count, 9);
        if (count > 50)
        {
            returns[20] = double.NaN;
            returns.AsSpan(30, 10).Fill(0.1);
        }

        var rolling = RollingStatistics.Sharpe(returns, window, 252);
        Assert.AreEqual(count, rolling.Length);
        for (var end = 0; end < count; end++)
        {
            var slice = returns.AsSpan(Math.Max(0, end - window + 1), Math.Min(window, end + 1)).ToArray();
            var expected = slice.Length < window || slice.Any(double.IsNaN)
                ? double.NaN
                : ReturnStatistics.Sharpe(slice, 252, SharpeConvention.MeanOverStd);
            Assert.IsNull(SharedStatistics.Difference($"window ending at {end}", expected, rolling[end]));
        }
    }

    [TestMethod]
    public void RollingSharpe_BadInput_IsRefused()
    {
        Assert.ThrowsExactly<ConfigurationException>(() => RollingStatistics.Sharpe([0.1, 0.2], 1, 252));
        Assert.ThrowsExactly<ConfigurationException>(() => RollingStatistics.Sharpe([0.1, 0.2], 2, 0));
        Assert.ThrowsExactly<DataFormatException>(() => RollingStatistics.Sharpe([0.1, double.NegativeInfinity], 2, 252));
    }

    [TestMethod]
    public void MonthlyReturns_AcrossYearsWithAGap_AreHandComputed()
    {
        var equity = new EquityCurve(
            new[] { Utc(2023, 11, 15), Utc(2023, 11, 30), Utc(2023, 12, 29), Utc(2024, 1, 31), Utc(2024, 3, 1) },
            new[] { 100, 110, 99, 118.8, 59.4 });
        var table = MonthlyReturns.Of(equity);
        Assert.AreEqual((2023, 2), (table.FirstYear, table.Years));
        Assert.AreEqual(0.1, table.Month(2023, 11), 1e-12);
        Assert.AreEqual(-0.1, table.Month(2023, 12), 1e-12);
        Assert.AreEqual(0.2, table.Month(2024, 1), 1e-12);
        Assert.IsTrue(double.IsNaN(table.Month(2024, 2)));
        Assert.AreEqual(-0.5, table.Month(2024, 3), 1e-12);
        Assert.AreEqual(-0.01, table.Year(2023), 1e-12);
        Assert.AreEqual(-0.4, table.Year(2024), 1e-12);
        Assert.ThrowsExactly<ConfigurationException>(() => table.Year(2025));
        Assert.ThrowsExactly<ConfigurationException>(() => table.Month(2023, 13));
    }

    [TestMethod]
    public void MonthlyReturns_SingleBar_IsZero() =>
        Assert.AreEqual(0, MonthlyReturns.Of(new EquityCurve(new[] { Utc(2024, 5, 1) }, new double[] { 7 })).Month(2024, 5));

    private static DateTimeOffset Utc(int year, int month, int day) => new(year, month, day, 0, 0, 0, TimeSpan.Zero);
}
