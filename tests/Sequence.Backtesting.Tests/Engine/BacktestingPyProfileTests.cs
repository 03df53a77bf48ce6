using System.Globalization;
using System.Text.Json;

namespace Sequence.Backtesting.Tests.Engine;

/// <summary>The compatibility profile against recorded runs: trades and sizes exact, prices 1e-9 relative, equity 1e-6 absolute.</summary>
[TestClass]
public sealed class BacktestingPyProfileTests
{
    [TestMethod]
    public void Run_OverEveryReferenceCase_GivesItsTradesAndEquity()
    {
        foreach (var name in ReferenceCase.Names())
        {
            Compare(name, ReferenceCase.Open(name));
        }
    }

    [TestMethod]
    public void Run_OverEveryMicroCase_GivesItsTradesAndEquity()
    {
        foreach (var (name, reference) in ReferenceCase.Micro())
        {
            Compare(name, reference);
        }
    }

    private static void Compare(string name, ReferenceCase reference)
    {
        var result = Backtest.Run(new Market(reference.Bars), reference.Strategy, reference.Options);
        if (reference.ComparesTrades)
        {
            var expected = reference.Trades.EnumerateArray().ToArray();
            for (var index = 0; index < Math.Min(expected.Length, result.Trades.Count); index++)
            {
                CompareTrade($"{name}, trade {index}", expected[index], result.Trades[index]);
            }

            Assert.HasCount(expected.Length, result.Trades, name);
        }

        var equity = reference.Equity;
        Assert.AreEqual(equity.Length, result.Equity.Length, name);
        for (var bar = 0; bar < equity.Length; bar++)
        {
            Assert.AreEqual(equity[bar], result.Equity.Values.Span[bar], 1e-6, $"{name}, equity at bar {bar}");
        }

        Assert.HasCount(reference.Warnings, result.Events.Where(e => e.Kind != BacktestEventKind.Bankruptcy), name);
    }

    private static void CompareTrade(string name, JsonElement expected, ClosedTrade actual)
    {
        Assert.AreEqual(expected.GetProperty("Size").GetDouble(), actual.Size, $"{name}: size");
        Assert.AreEqual(expected.GetProperty("EntryBar").GetInt32(), actual.EntryBar, $"{name}: entry bar");
        Assert.AreEqual(expected.GetProperty("ExitBar").GetInt32(), actual.ExitBar, $"{name}: exit bar");
        Close("EntryPrice", actual.EntryPrice);
        Close("ExitPrice", actual.ExitPrice);
        Close("SL", actual.StopLoss);
        Close("TP", actual.TakeProfit);
        Assert.AreEqual(expected.GetProperty("PnL").GetDouble(), actual.ProfitLoss, 1e-6, $"{name}: profit");
        Assert.AreEqual(expected.GetProperty("Commission").GetDouble(), actual.Commission, 1e-6, $"{name}: commission");
        if (!expected.TryGetProperty("ReturnPct", out var returned))
        {
            return;
        }

        Assert.AreEqual(returned.GetDouble(), actual.Return, 1e-9, $"{name}: return");
        Assert.AreEqual(expected.GetProperty("Tag").GetString(), actual.Tag, $"{name}: tag");
        Assert.AreEqual(Time("EntryTime"), actual.EntryTime, $"{name}: entry time");
        Assert.AreEqual(Time("ExitTime"), actual.ExitTime, $"{name}: exit time");

        DateTimeOffset Time(string field) => DateTimeOffset.Parse(
            expected.GetProperty(field).GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

        void Close(string field, double? value)
        {
            if (expected.GetProperty(field).ValueKind == JsonValueKind.Null)
            {
                Assert.IsNull(value, $"{name}: {field}");
                return;
            }

            Assert.IsNotNull(value, $"{name}: {field}");
            var wanted = expected.GetProperty(field).GetDouble();
            Assert.AreEqual(wanted, value.Value, 1e-9 * wanted, $"{name}: {field}");
        }
    }
}
