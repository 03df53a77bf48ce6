namespace Sequence.Backtesting.Tests.Engine;

/// <summary>Positions, costs, margin, corporate actions and sessions of the standard profile, worked out by hand.</summary>
[TestClass]
public sealed class AccountTests
{
    private static readonly BacktestOptions Plain = new();

    private static readonly (double, double, double, double)[] Flat =
        [.. Enumerable.Repeat((100.0, 100.0, 100.0, 100.0), 6)];

    [TestMethod]
    public void Buy_WithoutASize_TakesTheWholeLotsThatTheCashPays()
    {
        // 10,000 = 99 x 100 x 1.01 + 1.
        var result = Scenario.Run(Plain with { Commission = Commission.Rate(0.01) }, Flat, (0, context => context.Buy()));
        Assert.AreEqual(99, result.Only().Size);
        Assert.AreEqual(99, result.Only().Commission, 1e-12);
        Assert.AreEqual(9_901, result.Equity.Last(), 1e-9);
    }

    [TestMethod]
    public void Buy_OfAFractionWithoutLots_TakesItToTheLastCent()
    {
        var result = Scenario.Run(Plain with { LotSize = 0 }, Flat, (0, context => context.Buy(OrderSize.Fraction(0.25))));
        Assert.AreEqual(25, result.Only().Size, 1e-9);
    }

    [TestMethod]
    public void Buy_OfMoreThanTheCashPays_IsRejectedWhole()
    {
        Order? order = null;
        var result = Scenario.Run(Plain, Flat, (0, context => order = context.Buy(101)));
        Assert.IsEmpty(result.Fills);
        Assert.AreEqual(OrderStatus.Rejected, order!.Status);
        Assert.AreEqual(BacktestEventKind.OrderRejected, result.Events.Single().Kind);
    }

    [TestMethod]
    public void Buy_ReducedToTheMargin_FillsWhatTheCashPays()
    {
        var result = Scenario.Run(Plain, Flat, (0, context => context.Buy(new OrderRequest { Size = 101, ReduceToMargin = true })));
        Assert.AreEqual(100, result.Only().Size);
    }

    [TestMethod]
    public void Sell_AgainstTwoLongTrades_ClosesTheOldestFirstAndTurnsShort()
    {
        var result = Scenario.Run(
            Plain, Flat, (0, context => context.Buy(5)), (1, context => context.Buy(7)), (2, context => context.Sell(15)));
        CollectionAssert.AreEqual(new double[] { 5, 7 }, result.Trades.Select(trade => trade.Size).ToArray());
        CollectionAssert.AreEqual(new[] { 1, 2 }, result.Trades.Select(trade => trade.EntryBar).ToArray());
        Assert.AreEqual(-3, result.OpenTrades.Single().Size);
    }

    [TestMethod]
    public void Sell_WhenHedging_LeavesTheLongTradeOpen()
    {
        var result = Scenario.Run(
            Plain with { PositionMode = PositionMode.Hedging }, Flat, (0, context => context.Buy(5)), (1, context => context.Sell(5)));
        Assert.IsEmpty(result.Trades);
        CollectionAssert.AreEqual(new double[] { 5, -5 }, result.OpenTrades.Select(trade => trade.Size).ToArray());
    }

    [TestMethod]
    public void Sell_WhereShortIsNotAllowed_ClosesTheLongAndNoMore()
    {
        var result = Scenario.Run(
            Plain with { AllowShort = false }, Flat, (0, context => context.Buy(5)), (1, context => context.Sell(8)));
        Assert.AreEqual(5, result.Trades.Single().Size);
        Assert.IsEmpty(result.OpenTrades);
        Assert.AreEqual(BacktestEventKind.OrderRejected, result.Events.Single().Kind);
    }

    [TestMethod]
    public void ClosePosition_OfAPortion_RoundsHalfToEven()
    {
        var result = Scenario.Run(Plain, Flat, (0, context => context.Buy(5)), (1, context => context.ClosePosition(0.5)));
        Assert.AreEqual(2, result.Trades.Single().Size);
        Assert.AreEqual(3, result.OpenTrades.Single().Size);
    }

    [TestMethod]
    public void Spread_IsPaidByHalfOnEitherSide()
    {
        var result = Scenario.Run(
            Plain with { Spread = 0.01 }, Flat, (0, context => context.Buy(10)), (1, context => context.ClosePosition()));
        var trade = result.Trades.Single();
        Assert.AreEqual(100.5, trade.EntryPrice, 1e-12);
        Assert.AreEqual(99.5, trade.ExitPrice, 1e-12);
        Assert.AreEqual(10, result.Ledger.Spread, 1e-9);
        Assert.AreEqual(9_990, result.Equity.Last(), 1e-9);
    }

    /// <summary>A share of the buying power is priced before it is known in units, and a rejected order is priced for nothing.</summary>
    [TestMethod]
    public void Ledger_OfSharesThatTurnAroundAndOfRejections_CountsWhatWasFilled()
    {
        var options = Plain with { Spread = 0.01, Slippage = Slippage.Fixed(0.25) };
        var result = Scenario.Run(
            options, Flat, (0, context => context.Buy(10)), (1, context => context.Sell(OrderSize.Fraction(0.5))), (2, context => context.Buy(1_000)));
        var filled = result.Fills.Sum(fill => Math.Abs(fill.Size));
        Assert.HasCount(3, result.Fills);
        Assert.AreEqual(0.5 * filled, result.Ledger.Spread, 1e-9);
        Assert.AreEqual(0.25 * filled, result.Ledger.Slippage, 1e-9);
    }

    [TestMethod]
    public void Spread_IsNotPaidByALimitOrder()
    {
        var result = Scenario.Run(Plain with { Spread = 0.01 }, Flat, (0, context => context.Buy(10, limit: 100)));
        Assert.AreEqual(100, result.Only().Price);
    }

    [TestMethod]
    public void Slippage_OfEachKind_MovesThePriceAgainstTheTrader()
    {
        double Price(Slippage slippage) => Scenario.Run(Plain with { Slippage = slippage }, Flat, (4, context => context.Buy(10))).Only().Price;
        Assert.AreEqual(100.25, Price(Slippage.Fixed(0.25)), 1e-12);
        Assert.AreEqual(100.1, Price(Slippage.Rate(0.001)), 1e-12);

        // A hundredth of the volume: 100 x 0.1 x 0.01^2.
        Assert.AreEqual(100.001, Price(Slippage.VolumeShare(0.1)), 1e-12);
        Assert.AreEqual(100.5, Price(Slippage.Custom(fill => fill.Size / 20)), 1e-12);
    }

    [TestMethod]
    public void Slippage_BySquareRoot_IsVolatilityTimesTheRootOfTheShare()
    {
        (double, double, double, double)[] bars =
            [.. new[] { 100.0, 110, 99, 108.9, 100, 100 }.Select(price => (price, price, price, price))];
        var returns = new[] { Math.Log(1.1), Math.Log(0.9), Math.Log(1.1) };
        var mean = returns.Average();
        var volatility = Math.Sqrt(returns.Sum(value => (value - mean) * (value - mean)) / 2);

        // The three returns before the bar of the fill, a hundredth of the mean volume.
        var fill = Scenario.Run(Plain with { Slippage = Slippage.SquareRoot(2, 3) }, bars, (3, context => context.Buy(10))).Only();
        Assert.AreEqual(100 * (1 + (2 * volatility * 0.1)), fill.Price, 1e-9);
    }

    [TestMethod]
    public void Commission_OfEachKind_IsCharged()
    {
        double Paid(Commission commission) =>
            Scenario.Run(Plain with { Commission = commission }, Flat, (0, context => context.Buy(10))).Only().Commission;
        Assert.AreEqual(0.1, Paid(Commission.PerShare(0.01)), 1e-12);
        Assert.AreEqual(1, Paid(Commission.PerShare(0.01, 1)), 1e-12);
        Assert.AreEqual(5, Paid(Commission.PerTrade(5)), 1e-12);
        Assert.AreEqual(2, Paid(Commission.Rate(0.002)), 1e-12);
        Assert.AreEqual(-0.5, Paid(Commission.Rate(-0.0005)), 1e-12);
        Assert.AreEqual(30, Paid(Commission.Custom(fill => 3 * fill.Size)), 1e-12);
    }

    [TestMethod]
    public void Commission_ByTiers_FallsAfterTheTradedValue()
    {
        var tiers = Commission.Tiered([new CommissionTier(0, 0.01), new CommissionTier(1_000, 0.001)]);
        var result = Scenario.Run(Plain with { Commission = tiers }, Flat, (0, context => context.Buy(10)), (1, context => context.Buy(10)));
        CollectionAssert.AreEqual(new double[] { 10, 1 }, result.Fills.Select(fill => fill.Commission).ToArray());
    }

    [TestMethod]
    public void Commission_ByOrder_IsChargedOnceForAnOrderFilledInParts()
    {
        var result = Scenario.Run(
            Plain with { Commission = Commission.PerTrade(5), VolumeLimit = 0.01 }, Flat, (0, context => context.Buy(25)));
        CollectionAssert.AreEqual(new double[] { 5, 0, 0 }, result.Fills.Select(fill => fill.Commission).ToArray());
    }

    [TestMethod]
    public void ShortPosition_PaysToBorrow()
    {
        // 10 units at 100 over the four days that remain after the fill in bar 1.
        var result = Scenario.Run(Plain with { BorrowRate = 0.365 }, Flat, (0, context => context.Sell(10)));
        Assert.AreEqual(4, result.Ledger.Borrow, 1e-9);
        Assert.AreEqual(9_996, result.Equity.Last(), 1e-9);
    }

    [TestMethod]
    public void LeveragedPosition_PaysInterestOnNegativeCash()
    {
        var result = Scenario.Run(
            Plain with { InitialMargin = 0.5, FinancingRate = 0.365 }, Flat, (0, context => context.Buy(150)));

        // 5,000 borrowed at 0.1 % a day, and the interest itself.
        Assert.AreEqual(5_000 * (Math.Pow(1.001, 4) - 1), result.Ledger.Financing, 1e-9);
    }

    [TestMethod]
    public void MarginCall_BelowTheMaintenanceMargin_CutsPositionsAtTheNextOpen()
    {
        (double, double, double, double)[] bars =
            [(100, 100, 100, 100), (100, 100, 100, 100), (70, 70, 70, 70), (70, 70, 70, 70), (70, 70, 70, 70)];
        var result = Scenario.Run(Plain with { InitialMargin = 0.5, MaintenanceMargin = 0.3 }, bars, (0, context => context.Buy(200)));

        // Equity 4,000 of 14,000: 0.2857. The initial margin allows 8,000, so 6,000 must go: 85.71 units, 86 lots.
        Assert.AreEqual((3, 86.0, "A"), (result.Trades[0].ExitBar, result.Trades[0].Size, result.Trades[0].Asset));
        Assert.AreEqual((BacktestEventKind.MarginCall, 2), (result.Events[0].Kind, result.Events[0].Bar));
        Assert.AreEqual(4_000, result.Equity.Last(), 1e-9);
    }

    [TestMethod]
    public void Bankruptcy_WhenEquityIsGone_ClosesAllAndStops()
    {
        (double, double, double, double)[] bars = [(100, 100, 100, 100), (100, 100, 100, 100), (300, 300, 300, 300), (50, 50, 50, 50)];
        var calls = 0;
        var result = Scenario.Run(Plain, bars, (0, context => context.Sell(100)), (3, _ => calls++));
        Assert.AreEqual(0, calls);
        Assert.AreEqual(-10_000, result.Equity.Last(), 1e-9);
        Assert.AreEqual(BacktestEventKind.Bankruptcy, result.Events.Single().Kind);
    }

    [TestMethod]
    public void Split_OnAPositionWithABracket_KeepsItsWorth()
    {
        (double, double, double, double)[] bars = [(90, 90, 90, 90), (90, 90, 90, 90), (60, 60, 60, 60), (60, 62, 50, 55), (55, 55, 55, 55)];
        var market = new Market([Scenario.Bars("A", bars)], [new Split("A", Scenario.Start.AddDays(2), 1.5)]);
        var result = Scenario.Run(Plain, market, (0, context => context.Buy(11, stopLoss: 81)));

        // 11 units become 16 and half a one in cash; the stop-loss moves from 81 to 54.
        Assert.AreEqual((0.5, 60.0, 60.0), (result.Trades[0].Size, result.Trades[0].EntryPrice, result.Trades[0].ExitPrice));
        Assert.AreEqual((16.0, 54.0, 3), (result.Trades[1].Size, result.Trades[1].ExitPrice, result.Trades[1].ExitBar));
        Assert.AreEqual(10_000, result.Equity.Values.Span[2], 1e-9);
    }

    [TestMethod]
    public void Dividend_OnItsExDate_PaysTheLongAndChargesTheShort()
    {
        var market = new Market([Scenario.Bars("A", Flat)], [], [new Dividend("A", Scenario.Start.AddDays(2), 0.5)]);
        Assert.AreEqual(10_005, Scenario.Run(Plain, market, (0, context => context.Buy(10))).Equity.Last(), 1e-9);
        Assert.AreEqual(9_995, Scenario.Run(Plain, market, (0, context => context.Sell(10))).Equity.Last(), 1e-9);

        // Bought at the open of the ex-date: too late.
        Assert.AreEqual(10_000, Scenario.Run(Plain, market, (1, context => context.Buy(10))).Equity.Last(), 1e-9);
    }

    [TestMethod]
    public void CloseAtEnd_ClosesAtTheLastCloseWithCommission()
    {
        (double, double, double, double)[] bars = [(100, 100, 100, 100), (100, 100, 100, 100), (105, 110, 104, 109)];
        var options = Plain with { CloseAtEnd = true, Commission = Commission.PerTrade(1) };
        var result = Scenario.Run(options, bars, (0, context => context.Buy(10)));
        Assert.AreEqual((2, 109.0, 2.0), (result.Trades[0].ExitBar, result.Trades[0].ExitPrice, result.Trades[0].Commission));
        Assert.AreEqual(10_088, result.Equity.Last(), 1e-9);
    }

    [TestMethod]
    public void OpenTrade_AtTheEnd_IsValuedAtTheLastClose()
    {
        (double, double, double, double)[] bars = [(100, 100, 100, 100), (100, 100, 100, 100), (105, 110, 104, 109)];
        var result = Scenario.Run(Plain, bars, (0, context => context.Buy(10)));
        Assert.AreEqual(10_090, result.Equity.Last(), 1e-9);
        Assert.IsEmpty(result.Trades);
        Assert.AreEqual(90, result.OpenTrades.Single().ProfitLoss, 1e-9);
    }

    [TestMethod]
    public void Assets_WithoutABar_KeepTheirLastCloseAndWait()
    {
        var thin = BarSeries.FromBars("B", [
            new Bar(Scenario.Start, 50, 50, 50, 50, 1_000), new Bar(Scenario.Start.AddDays(4), 60, 60, 60, 60, 1_000)]);
        var market = new Market(Scenario.Bars("A", Flat), thin);
        var result = Scenario.Run(Plain, market, (0, context => context["B"].Buy(10)), (4, context => Assert.AreEqual(10, context["B"].Position)));
        Assert.AreEqual((4, 60.0), (result.Only().Bar, result.Only().Price));
    }

    [TestMethod]
    public void Calendar_OutsideItsSession_FillsNothing()
    {
        var bars = Enumerable.Range(0, 48)
            .Select(hour => new Bar(Scenario.Start.AddHours(hour), 100 + hour, 100 + hour, 100 + hour, 100 + hour, 1_000)).ToArray();
        var calendar = new TradingCalendar { OpensAt = new TimeOnly(9, 0), ClosesAt = new TimeOnly(16, 0) };
        var result = Scenario.Run(
            Plain with { Calendar = calendar },
            new Market(BarSeries.FromBars("A", bars)),
            (2, context => context.Buy(1)),
            (10, context => context.Buy(new OrderRequest { Size = 1, AtClose = true })),
            (11, context => context.Buy(new OrderRequest { Size = 1, Limit = 1, TimeInForce = TimeInForce.Day })),
            (34, context => Assert.AreEqual(0, context.Orders.Count())));
        CollectionAssert.AreEqual(new[] { 9, 16 }, result.Fills.Select(fill => fill.Bar).ToArray());
    }

    [TestMethod]
    public void ExclusiveOrders_BeforeANewOrder_CloseWhatIsOpen()
    {
        var result = Scenario.Run(
            Plain with { ExclusiveOrders = true }, Flat, (0, context => context.Buy(5)), (1, context => context.Sell(3)));
        Assert.AreEqual(5, result.Trades.Single().Size);
        Assert.AreEqual(-3, result.OpenTrades.Single().Size);
    }

    [TestMethod]
    public void Run_CancelledMidway_Stops()
    {
        using var cancellation = new CancellationTokenSource();
        var strategy = new Strategy("cancels", _ => cancellation.Cancel());
        var bars = Enumerable.Range(0, 5_000).Select(minute => new Bar(Scenario.Start.AddMinutes(minute), 1, 1, 1, 1)).ToArray();
        Assert.ThrowsExactly<OperationCanceledException>(
            () => Backtest.Run(new Market(BarSeries.FromBars("A", bars)), strategy, null, cancellation.Token));
    }
}
