namespace Sequence.Backtesting.Tests.Engine;

/// <summary>When and at what price the standard profile fills each kind of order, worked out by hand.</summary>
[TestClass]
public sealed class StandardFillTests
{
    private static readonly BacktestOptions Plain = new();

    // Bar 1 opens at 102, ranges over 98 to 106, closes at 104; bar 2 gaps up, bar 3 gaps down.
    private static readonly (double, double, double, double)[] Bars =
        [(100, 101, 99, 100), (102, 106, 98, 104), (110, 112, 109, 111), (90, 92, 88, 91)];

    [TestMethod]
    public void Market_AfterABar_FillsAtTheNextOpen()
    {
        var fill = Scenario.Run(Plain, Bars, (0, context => context.Buy(10))).Only();
        Assert.AreEqual((1, 102, 10, 0), (fill.Bar, fill.Price, fill.Size, fill.DecisionBar));
    }

    [TestMethod]
    public void Market_OnTheLastBar_IsNeverFilled()
    {
        Assert.IsEmpty(Scenario.Run(Plain, Bars, (3, context => context.Buy(10))).Fills);
    }

    [TestMethod]
    [DataRow(99, 1, 99, DisplayName = "inside the bar: at the limit")]
    [DataRow(105, 1, 102, DisplayName = "past the open: at the better open")]
    [DataRow(95, 3, 90, DisplayName = "gap through it: at the better open")]
    [DataRow(87, -1, 0, DisplayName = "not reached")]
    public void LimitToBuy_AtAPrice_FillsThere(double limit, int bar, double price) =>
        RequireFill(Scenario.Run(Plain, Bars, (0, context => context.Buy(10, limit: limit))), bar, price);

    [TestMethod]
    [DataRow(103, 1, 103, DisplayName = "inside the bar: at the stop")]
    [DataRow(108, 2, 110, DisplayName = "gap through it: at the worse open")]
    [DataRow(113, -1, 0, DisplayName = "not reached")]
    public void StopToBuy_AtAPrice_FillsThere(double stop, int bar, double price) =>
        RequireFill(Scenario.Run(Plain, Bars, (0, context => context.Buy(10, stop: stop))), bar, price);

    [TestMethod]
    [DataRow(99.5, 1, 99.5)]
    [DataRow(95, 3, 90)]
    public void StopToSell_AtAPrice_FillsThere(double stop, int bar, double price) =>
        RequireFill(Scenario.Run(Plain, Bars, (0, context => context.Sell(10, stop: stop))), bar, price);

    [TestMethod]
    [DataRow(103, 104, 1, 103, DisplayName = "woken inside the bar below its limit: at the stop")]
    [DataRow(103, 102.5, 3, 90, DisplayName = "woken past its limit: waits as a limit from the next bar on")]
    [DataRow(108, 109.5, 2, 109.5, DisplayName = "opens past both, comes back to the limit: at the limit")]
    [DataRow(108, 115, 2, 110, DisplayName = "opens between them: at the open")]
    public void StopLimitToBuy_AtPrices_FillsThere(double stop, double limit, int bar, double price) =>
        RequireFill(Scenario.Run(Plain, Bars, (0, context => context.Buy(10, limit: limit, stop: stop))), bar, price);

    [TestMethod]
    public void TrailingStop_BehindTheBestPrice_SellsWhenThePriceFallsByIt()
    {
        (double, double, double, double)[] bars =
            [(100, 100, 100, 100), (100, 101, 99.5, 101), (104, 110, 103, 109), (108, 109, 104.9, 106), (106, 106, 100, 101)];

        // Best 110 after bar 2, so the stop stands at 105 during bar 3.
        var result = Scenario.Run(
            Plain,
            bars,
            (0, context => context.Buy(10)),
            (1, context => context.Sell(new OrderRequest { Size = 10, Trail = TrailingDistance.Amount(5) })));
        Assert.AreEqual((3, 105), (result.Trades[0].ExitBar, result.Trades[0].ExitPrice));
    }

    [TestMethod]
    public void TrailingStopLoss_OfAShare_FollowsItsTradeAndGapsToTheOpen()
    {
        (double, double, double, double)[] bars =
            [(100, 100, 100, 100), (100, 101, 99, 100), (100, 120, 100, 120), (100, 101, 99, 100)];

        // 10 % behind 120 is 108; the bar opens below it.
        var result = Scenario.Run(
            Plain, bars, (0, context => context.Buy(new OrderRequest { Size = 10, TrailingStopLoss = TrailingDistance.Fraction(0.1) })));
        Assert.AreEqual((3, 100), (result.Trades[0].ExitBar, result.Trades[0].ExitPrice));
        Assert.AreEqual(108, result.Trades[0].StopLoss!.Value, 1e-12);
    }

    [TestMethod]
    public void Bracket_WithBothSidesInsideABar_TakesTheStopLoss()
    {
        (double, double, double, double)[] bars = [(100, 100, 100, 100), (100, 101, 99, 100), (100, 106, 94, 100), (100, 101, 99, 100)];
        var trade = Scenario.Run(Plain, bars, (0, context => context.Buy(10, stopLoss: 95, takeProfit: 105))).Trades.Single();
        Assert.AreEqual((2, 95, 95, 105), (trade.ExitBar, trade.ExitPrice, trade.StopLoss!.Value, trade.TakeProfit!.Value));
    }

    [TestMethod]
    public void Bracket_OfAnEntryAtTheOpen_CountsInTheSameBar()
    {
        (double, double, double, double)[] bars = [(100, 100, 100, 100), (100, 106, 97, 100), (100, 101, 99, 100)];
        var profit = Scenario.Run(Plain, bars, (0, context => context.Buy(10, stopLoss: 96, takeProfit: 105))).Trades.Single();
        Assert.AreEqual((1, 105), (profit.ExitBar, profit.ExitPrice));
        var loss = Scenario.Run(Plain, bars, (0, context => context.Buy(10, stopLoss: 98, takeProfit: 105))).Trades.Single();
        Assert.AreEqual((1, 98), (loss.ExitBar, loss.ExitPrice));
    }

    [TestMethod]
    public void Bracket_OfALimitEntryInsideTheBar_HitsTheStopLossButNotTheTakeProfit()
    {
        (double, double, double, double)[] bars = [(100, 100, 100, 100), (100, 106, 94, 100), (100, 101, 99, 100)];
        var loss = Scenario.Run(Plain, bars, (0, context => context.Buy(10, limit: 98, stopLoss: 95))).Trades.Single();
        Assert.AreEqual((1, 98, 95), (loss.ExitBar, loss.EntryPrice, loss.ExitPrice));

        // Whether 105 came before or after 98 is not known.
        Assert.IsEmpty(Scenario.Run(Plain, bars, (0, context => context.Buy(10, limit: 98, takeProfit: 105))).Trades);
    }

    [TestMethod]
    public void Bracket_OfAStopEntryInsideTheBar_ReachesTheTakeProfitBeyondIt()
    {
        (double, double, double, double)[] bars = [(100, 100, 100, 100), (100, 106, 99, 100), (100, 101, 99, 100)];
        var trade = Scenario.Run(Plain, bars, (0, context => context.Buy(10, stop: 102, stopLoss: 98, takeProfit: 105))).Trades.Single();
        Assert.AreEqual((1, 102, 105), (trade.ExitBar, trade.EntryPrice, trade.ExitPrice));
    }

    [TestMethod]
    public void Bracket_MovedByTheStrategy_CountsFromTheNextBar()
    {
        (double, double, double, double)[] bars =
            [(100, 100, 100, 100), (100, 101, 99, 100), (100, 104, 98, 103), (103, 104, 101, 102), (102, 103, 101, 102)];
        var result = Scenario.Run(
            Plain,
            bars,
            (0, context => context.Buy(10, stopLoss: 90)),
            (2, context => context.Trades.Single().SetStopLoss(101.5)));
        Assert.AreEqual((3, 101.5), (result.Trades[0].ExitBar, result.Trades[0].ExitPrice));
    }

    [TestMethod]
    public void OneCancelsOther_WhenOneFills_CancelsTheOther()
    {
        Order? above = null;
        Order? below = null;
        var result = Scenario.Run(Plain, Bars, (0, context =>
        {
            above = context.Buy(10, stop: 105);
            below = context.Sell(10, stop: 99);
            context.OneCancelsOther(above, below);
        }
        ));

        // Both lie inside bar 1; the first in the queue is taken.
        Assert.AreEqual(105, result.Only().Price);
        Assert.AreEqual((OrderStatus.Filled, OrderStatus.Cancelled), (above!.Status, below!.Status));
    }

    [TestMethod]
    public void AtClose_OnDailyBars_FillsAtTheNextClose()
    {
        var fill = Scenario.Run(Plain, Bars, (0, context => context.Buy(new OrderRequest { Size = 10, AtClose = true }))).Only();
        Assert.AreEqual((1, 104), (fill.Bar, fill.Price));
    }

    [TestMethod]
    public void DayOrder_NotReachedInItsSession_Expires()
    {
        Order? order = null;
        var result = Scenario.Run(Plain, Bars, (0, context => order = context.Buy(
            new OrderRequest { Size = 10, Limit = 95, TimeInForce = TimeInForce.Day })));
        Assert.IsEmpty(result.Fills);
        Assert.AreEqual(OrderStatus.Expired, order!.Status);
    }

    [TestMethod]
    public void ImmediateOrCancel_WithLittleVolume_FillsAPartAndCancelsTheRest()
    {
        Order? order = null;
        var result = Scenario.Run(
            Plain with { VolumeLimit = 0.01, Cash = 1e6 },
            Bars,
            (0, context => order = context.Buy(new OrderRequest { Size = 25, TimeInForce = TimeInForce.ImmediateOrCancel })));
        Assert.AreEqual(10, result.Only().Size);
        Assert.AreEqual((OrderStatus.Expired, 15), (order!.Status, order.Remaining));
    }

    [TestMethod]
    public void VolumeLimit_OnALargeOrder_SpreadsItOverBars()
    {
        var result = Scenario.Run(Plain with { VolumeLimit = 0.01, Cash = 1e6 }, Bars, (0, context => context.Buy(25)));
        CollectionAssert.AreEqual(new double[] { 10, 10, 5 }, result.Fills.Select(fill => fill.Size).ToArray());
        CollectionAssert.AreEqual(new double[] { 102, 110, 90 }, result.Fills.Select(fill => fill.Price).ToArray());
    }

    [TestMethod]
    public void TradeOnClose_FillsAtTheCloseThatDecided()
    {
        var fill = Scenario.Run(Plain with { TradeOnClose = true }, Bars, (1, context => context.Buy(10))).Only();
        Assert.AreEqual((1, 1, 104), (fill.Bar, fill.DecisionBar, fill.Price));
    }

    private static void RequireFill(BacktestResult result, int bar, double price)
    {
        if (bar < 0)
        {
            Assert.IsEmpty(result.Fills);
            return;
        }

        Assert.AreEqual((bar, price), (result.Only().Bar, result.Only().Price));
    }
}
