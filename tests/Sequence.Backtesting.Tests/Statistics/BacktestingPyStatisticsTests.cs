using System.Globalization;
using System.Text.Json;
using Sequence.Data;

namespace Sequence.Backtesting.Tests;

[TestClass]
public sealed class BacktestingPyStatisticsTests
{
    private static readonly DateTimeOffset Monday = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [TestMethod]
    public void Compute_ReferenceCases_GiveEveryStatistic()
    {
        var files = Directory.GetFiles(Path.Combine(SharedStatistics.Folder(), "cases"), "*.json");
        List<string> differences = [];
        var compared = 0;
        foreach (var file in files)
        {
            var reference = SharedStatistics.Read(Path.Combine("cases", Path.GetFileName(file)));
            var (times, closes) = Bars(reference.GetProperty("data").GetString()!);
            var equity = new EquityCurve(times, SharedStatistics.Numbers(reference.GetProperty("equity")));
            var parameters = reference.GetProperty("strategy").GetProperty("params");
            var warmUp = parameters.TryGetProperty("slow", out var slow) ? slow.GetInt32() - 1 : 0;
            var trades = reference.GetProperty("trades").EnumerateArray().Select(Trade).ToArray();
            var statistics = BacktestingPyStatistics.Compute(equity, trades, closes, warmUp).Named();
            var expected = reference.GetProperty("stats").EnumerateObject().ToArray();
            var name = Path.GetFileNameWithoutExtension(file);
            CollectionAssert.AreEqual(
                expected.Select(item => item.Name).ToArray(), statistics.Select(item => item.Key).ToArray(), name);
            foreach (var (item, value) in expected.Zip(statistics, (item, value) => (item, value.Value)))
            {
                compared++;
                if (Difference($"{name} {item.Name}", item.Value, value) is { } difference)
                {
                    differences.Add(difference);
                }
            }
        }

        Assert.AreEqual(0, differences.Count, string.Join(Environment.NewLine, differences));
        Assert.IsTrue(compared >= 31 * files.Length && files.Length > 0, $"{compared} statistics of {files.Length} cases.");
    }

    [TestMethod]
    public void Compute_WeeklyBars_UseFiftyTwoPeriods()
    {
        double[] worth = [100, 110, 99, 108.9];
        var statistics = BacktestingPyStatistics.Compute(Curve(worth, TimeSpan.FromDays(7)), [], worth, 0);

        Assert.AreEqual(100 * (Math.Pow(1.089, 52 / 3.0) - 1), statistics.AnnualReturn, 1e-8);
        Assert.AreEqual(1, statistics.Beta, 1e-12);
        Assert.AreEqual(0, statistics.Alpha, 1e-9);
    }

    [TestMethod]
    public void Compute_MonthEndBars_UseTwelvePeriods()
    {
        var times = Enumerable.Range(0, 24).Select(month => Monday.AddMonths(month + 1).AddDays(-1)).ToArray();
        var worth = Enumerable.Range(0, 24).Select(month => 100 * Math.Pow(1.01, month)).ToArray();
        var statistics = BacktestingPyStatistics.Compute(new EquityCurve(times, worth), [], worth, 0);
        Assert.AreEqual(100 * (Math.Pow(1.01, 12) - 1), statistics.AnnualReturn, 1e-8);
    }

    [TestMethod]
    public void Compute_SevenDayMarket_UsesThreeHundredAndSixtyFivePeriods()
    {
        var worth = Enumerable.Range(0, 28).Select(day => 100 + (10 * Math.Sin(day))).ToArray();
        var statistics = BacktestingPyStatistics.Compute(Curve(worth, TimeSpan.FromDays(1)), [], worth, 0);
        Assert.AreEqual(100 * (Math.Pow(worth[^1] / worth[0], 365 / 27.0) - 1), statistics.AnnualReturn, 1e-7);
    }

    [TestMethod]
    public void Compute_SingleBarWithoutTrades_LeavesWhatIsUndefinedUndefined()
    {
        double[] worth = [100];
        var statistics = BacktestingPyStatistics.Compute(Curve(worth, TimeSpan.FromDays(1)), [], worth, 0);
        Assert.AreEqual(0, statistics.Return);
        Assert.IsTrue(double.IsNaN(statistics.CompoundAnnualGrowth));
        Assert.IsTrue(double.IsNaN(statistics.Sharpe));
        Assert.IsTrue(double.IsNaN(statistics.Calmar));
        Assert.IsTrue(double.IsNaN(statistics.Beta));
        Assert.IsTrue(double.IsNaN(statistics.WinRate));
        Assert.IsNull(statistics.MaxDrawdownDuration);
        Assert.IsNull(statistics.AverageTradeDuration);
        Assert.AreEqual(31, statistics.Named().Count);
    }

    [TestMethod]
    public void Compute_DropInTheLastBar_HasADepthButNoDuration()
    {
        double[] worth = [100, 110, 90];
        var statistics = BacktestingPyStatistics.Compute(Curve(worth, TimeSpan.FromDays(1)), [], worth, 0);
        Assert.AreEqual(100 * ((90 / 110.0) - 1), statistics.MaxDrawdown, 1e-12);
        Assert.AreEqual(100 * ((90 / 110.0) - 1), statistics.AverageDrawdown, 1e-12);
        Assert.IsNull(statistics.MaxDrawdownDuration);
    }

    [TestMethod]
    [DataRow(1440, 1440)]
    [DataRow(60, 60)]
    [DataRow(120, 60)]
    [DataRow(90, 1)]
    public void Compute_MeanDuration_RoundsUpToTheBarsResolution(int stepMinutes, int resolutionMinutes)
    {
        double[] worth = [100, 90, 100, 90, 80, 100, 100];
        var step = TimeSpan.FromMinutes(stepMinutes);
        var statistics = BacktestingPyStatistics.Compute(Curve(worth, step), [], worth, 0);
        var ticks = 5 * step.Ticks / 2;
        var resolution = TimeSpan.FromMinutes(resolutionMinutes).Ticks;
        Assert.AreEqual((ticks + resolution - 1) / resolution * resolution, statistics.AverageDrawdownDuration!.Value.Ticks);
        Assert.AreEqual(3 * step, statistics.MaxDrawdownDuration);
    }

    [TestMethod]
    public void Compute_RiskFreeRate_IsTakenFromReturnsInPerCent()
    {
        var worth = Enumerable.Range(0, 60).Select(day => 100 + (10 * Math.Sin(day)) + day).ToArray();
        var closes = Enumerable.Range(0, 60).Select(day => 50 + (5 * Math.Cos(day)) + day).ToArray();
        var curve = Curve(worth, TimeSpan.FromDays(1));
        var without = BacktestingPyStatistics.Compute(curve, [], closes, 3);
        var with = BacktestingPyStatistics.Compute(curve, [], closes, 3, 0.02);
        Assert.AreEqual((without.AnnualReturn - 2) / without.AnnualVolatility, with.Sharpe, 1e-10);
        Assert.AreEqual(without.Sortino * (without.AnnualReturn - 2) / without.AnnualReturn, with.Sortino, 1e-9);
        Assert.AreEqual(with.Return - 2 - (with.Beta * (with.BuyAndHoldReturn - 2)), with.Alpha, 1e-9);
    }

    [TestMethod]
    public void Compute_BadInput_SaysWhatAndWhere()
    {
        double[] worth = [100, 101];
        var curve = Curve(worth, TimeSpan.FromDays(1));
        StringAssert.Contains(
            Assert.ThrowsExactly<DataFormatException>(() => BacktestingPyStatistics.Compute(curve, [], new double[3], 0)).Message, "3 closes");
        Assert.ThrowsExactly<ConfigurationException>(() => BacktestingPyStatistics.Compute(curve, [], worth, 2));
        Assert.ThrowsExactly<ConfigurationException>(() => BacktestingPyStatistics.Compute(curve, [], worth, -1));
        Assert.ThrowsExactly<ConfigurationException>(() => BacktestingPyStatistics.Compute(curve, [], worth, 0, double.NaN));
    }

    private static EquityCurve Curve(double[] worth, TimeSpan step) =>
        new(worth.Select((_, bar) => Monday + (bar * step)).ToArray(), worth);

    private static (DateTimeOffset[] Times, double[] Closes) Bars(string relative)
    {
        var rows = File.ReadLines(Path.Combine(SharedStatistics.Folder(), relative)).Skip(1).Select(line => line.Split(',')).ToArray();
        return (
            [.. rows.Select(row => SharedStatistics.Time(row[0]))],
            [.. rows.Select(row => double.Parse(row[4], CultureInfo.InvariantCulture))]);
    }

    private static ClosedTrade Trade(JsonElement trade)
    {
        double Value(string name) => trade.GetProperty(name).GetDouble();
        return new ClosedTrade(
            "X",
            Value("Size"),
            trade.GetProperty("EntryBar").GetInt32(),
            trade.GetProperty("ExitBar").GetInt32(),
            SharedStatistics.Time(trade.GetProperty("EntryTime").GetString()!),
            SharedStatistics.Time(trade.GetProperty("ExitTime").GetString()!),
            Value("EntryPrice"),
            Value("ExitPrice"),
            null,
            null,
            Value("Commission"),
            Value("PnL"),
            Value("ReturnPct"),
            null);
    }

    private static string? Difference(string name, JsonElement expected, object? actual) => actual switch
    {
        DateTimeOffset time => time == SharedStatistics.Time(expected.GetString()!) ? null : $"{name}: expected {expected}, got {time:u}",
        TimeSpan span => SharedStatistics.Difference(name, SharedStatistics.Number(expected), span.TotalSeconds),
        null => expected.ValueKind == JsonValueKind.Null ? null : $"{name}: expected {expected}, got nothing",
        _ => SharedStatistics.Difference(
            name, SharedStatistics.Number(expected), Convert.ToDouble(actual, CultureInfo.InvariantCulture)),
    };
}
