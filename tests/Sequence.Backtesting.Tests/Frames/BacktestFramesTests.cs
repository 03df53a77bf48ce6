namespace Sequence.Backtesting.Tests.Frames;

[TestClass]
public sealed class BacktestFramesTests
{
    [TestMethod]
    public void Equity_OfARun_IsKeyedByUtcTime()
    {
        var result = SmallRun.Result;
        var frame = BacktestFrames.Equity(result);
        CollectionAssert.AreEqual(new[] { "equity", "drawdown" }, frame.ColumnKeys.ToArray());
        CollectionAssert.AreEqual(result.Equity.Times.ToArray().Select(time => time.UtcDateTime).ToArray(), frame.RowKeys.ToArray());
        Assert.IsTrue(frame.RowKeys.All(key => key.Kind == DateTimeKind.Utc));
        CollectionAssert.AreEqual(result.Equity.Values.ToArray(), frame.GetColumn<double>("equity").Values.ToArray());
        Assert.AreEqual(result.Equity.Values.Span[5], frame.GetColumn<double>("equity")[SmallRun.Start.AddDays(5).UtcDateTime]);
        CollectionAssert.AreEqual(
            DrawdownStatistics.Series(result.Equity.Values.Span), frame.GetColumn<double>("drawdown").Values.ToArray());
    }

    [TestMethod]
    public void Trades_OfARun_HaveWhatIsMissingMissing()
    {
        var result = SmallRun.Result;
        ClosedTrade[] trades = [.. result.Trades, .. result.OpenTrades];
        var frame = BacktestFrames.Trades(result);
        Assert.AreEqual(3, frame.RowCount);
        Assert.AreEqual(15, frame.ColumnCount);
        CollectionAssert.AreEqual(trades.Select(trade => trade.ProfitLoss).ToArray(), frame.GetColumn<double>("profit_loss").Values.ToArray());
        CollectionAssert.AreEqual(trades.Select(trade => trade.ExitBar).ToArray(), frame.GetColumn<int>("exit_bar").Values.ToArray());
        CollectionAssert.AreEqual(trades.Select(trade => trade.EntryTime.UtcDateTime).ToArray(), frame.GetColumn<DateTime>("entry_time").Values.ToArray());
        CollectionAssert.AreEqual(new[] { "closed", "closed", "open" }, frame.GetColumn<string>("state").Values.ToArray());
        Assert.AreEqual(80, frame.GetColumn<double>("stop_loss").TryGet(0).Value);
        Assert.IsFalse(frame.GetColumn<double>("stop_loss").TryGet(1).HasValue);
        Assert.AreEqual(trades[0].Tag, frame.GetColumn<string>("tag").TryGet(0).Value);
        Assert.IsFalse(frame.GetColumn<string>("tag").TryGet(1).HasValue);
    }

    [TestMethod]
    public void Trades_OfAnIdleRun_AreEmptyWithTheirColumns()
    {
        var frame = BacktestFrames.Trades(SmallRun.WithoutTrades);
        Assert.AreEqual(0, frame.RowCount);
        Assert.AreEqual(15, frame.ColumnCount);
    }
}
