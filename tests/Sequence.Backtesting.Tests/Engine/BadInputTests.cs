using Sequence.Data;

namespace Sequence.Backtesting.Tests.Engine;

/// <summary>What cannot be run is refused with one clear sentence, and what was reached by then is kept.</summary>
[TestClass]
public sealed class BadInputTests
{
    private static readonly (double, double, double, double)[] Flat = [.. Enumerable.Repeat((100.0, 100.0, 100.0, 100.0), 5)];

    [TestMethod]
    public void Options_WithSeveralFaults_NameThemAll()
    {
        var options = new BacktestOptions { Cash = double.NaN, Spread = -1, InitialMargin = 2, LotSize = -1, VolumeLimit = 0, BorrowRate = -1 };
        var exception = Assert.ThrowsExactly<ConfigurationException>(() => Scenario.Run(options, Flat));
        Assert.HasCount(6, exception.Faults);
    }

    [TestMethod]
    public void Options_ThatTheCompatibilityProfileDoesNotKnow_AreRefused()
    {
        var options = new BacktestOptions
        {
            Profile = ExecutionProfile.BacktestingPy,
            Slippage = Slippage.Fixed(1),
            MaintenanceMargin = 0.1,
            BorrowRate = 0.1,
            LotSize = 0,
            VolumeLimit = 0.1,
            AllowShort = false,
            Calendar = new TradingCalendar(),
        };
        Assert.HasCount(7, Assert.ThrowsExactly<ConfigurationException>(() => Scenario.Run(options, Flat)).Faults);
    }

    [TestMethod]
    public void Slippage_ThatNeedsVolumes_IsRefusedWithoutThem()
    {
        var market = new Market(BarSeries.FromBars("A", [new Bar(Scenario.Start, 1, 1, 1, 1)]));
        Assert.Contains("has no volumes", Assert.ThrowsExactly<ConfigurationException>(
            () => Scenario.Run(new BacktestOptions { Slippage = Slippage.VolumeShare() }, market)).Message);
    }

    [TestMethod]
    public void Costs_ThatCannotBe_AreRefused()
    {
        Assert.ThrowsExactly<ConfigurationException>(() => Commission.Rate(0.1));
        Assert.ThrowsExactly<ConfigurationException>(() => Commission.Rate(-0.2));
        Assert.ThrowsExactly<ConfigurationException>(() => Commission.PerTrade(double.NaN));
        Assert.ThrowsExactly<ConfigurationException>(() => Commission.PerShare(double.PositiveInfinity));
        Assert.HasCount(3, Assert.ThrowsExactly<ConfigurationException>(
            () => Commission.Tiered([new CommissionTier(5, 0), new CommissionTier(5, 1)])).Faults);
        Assert.ThrowsExactly<ConfigurationException>(() => Slippage.Fixed(-1));
        Assert.ThrowsExactly<ConfigurationException>(() => Slippage.SquareRoot(1, 1));
    }

    [TestMethod]
    [DataRow(double.NaN, "positive", DisplayName = "NaN")]
    [DataRow(0, "positive", DisplayName = "zero")]
    [DataRow(-5, "positive", DisplayName = "negative")]
    [DataRow(1.5, "multiples of 1", DisplayName = "a fraction of a unit")]
    [DataRow(double.PositiveInfinity, "positive", DisplayName = "infinite")]
    public void Order_OfASizeThatCannotBe_IsRefused(double size, string said) => Refused(said, context => context.Buy(size));

    [TestMethod]
    public void Order_WithPricesThatCannotBe_IsRefused()
    {
        Refused("limit of NaN", context => context.Buy(1, limit: double.NaN));
        Refused("stop of -1", context => context.Buy(1, stop: -1));
        Refused("stop-loss (101) < entry", context => context.Buy(1, stopLoss: 101));
        Refused("take-profit (101) < entry", context => context.Sell(1, takeProfit: 101));
        Refused("wrong side", context => context.Buy(1, stop: 90));
        Refused("wrong side", context => context.Sell(1, stop: 110));
        Refused("one of them", context => context.Buy(new OrderRequest { Size = 1, Stop = 110, Trail = TrailingDistance.Amount(1) }));
        Refused("trailing distance of 2", context => context.Sell(new OrderRequest { Size = 1, Trail = TrailingDistance.Fraction(2) }));
        Refused("market order", context => context.Buy(new OrderRequest { Size = 1, AtClose = true, Limit = 90 }));
        Refused("share in (0, 1]", context => context.Buy(OrderSize.Fraction(1.5)));
        Refused("no asset 'B'", context => context["B"].Buy(1));
        Refused("portion 2", context =>
        {
            if (context.Position > 0)
            {
                context.ClosePosition(2);
            }

            context.Buy(1);
        });
        Refused("no covariate 'x'", context => context.Covariate("x"));
    }

    [TestMethod]
    public void Order_ThatIsRefused_CanBeCaughtByTheStrategyAndTheRunGoesOn()
    {
        var result = Scenario.Run(new BacktestOptions(), Flat, (0, context =>
        {
            Assert.ThrowsExactly<OrderException>(() => context.Buy(0));
            context.Buy(1);
        }
        ));
        Assert.AreEqual(1, result.Only().Size);
    }

    [TestMethod]
    public void Strategy_ThatThrows_IsReportedWithItsBarAndWhatWasReached()
    {
        var exception = Assert.ThrowsExactly<StrategyException>(() => Scenario.Run(
            new BacktestOptions(), Flat, (0, context => context.Buy(1)), (2, _ => throw new InvalidOperationException("out of ideas"))));
        Assert.AreEqual(2, exception.Bar);
        Assert.AreEqual(Scenario.Start.AddDays(2), exception.Time);
        Assert.Contains("out of ideas", exception.Message);
        Assert.AreEqual(3, exception.PartialResult!.Equity.Length);
        Assert.AreEqual(1, exception.PartialResult.OpenTrades.Single().Size);
    }

    [TestMethod]
    public void Market_WithFewerBarsThanTheWarmUp_IsRefused()
    {
        foreach (var profile in Enum.GetValues<ExecutionProfile>())
        {
            var strategy = new Strategy("slow", setup =>
            {
                setup.Use(new SimpleMovingAverage(10));
                return _ => { };
            });
            Assert.Contains("5 bars", Assert.ThrowsExactly<DataFormatException>(() => Backtest.Run(
                new Market(Scenario.Bars("A", Flat)), strategy, new BacktestOptions { Profile = profile })).Message);
        }
    }

    [TestMethod]
    public void OneCancelsOther_OfOneOrder_IsRefused() =>
        Refused("at least two orders", context => context.OneCancelsOther(context.Buy(1)));

    private static void Refused(string said, Action<StrategyContext> act)
    {
        var exception = Assert.ThrowsExactly<StrategyException>(
            () => Scenario.Run(new BacktestOptions(), Flat, (0, act), (1, act), (2, act)));
        Assert.IsInstanceOfType<OrderException>(exception.InnerException);
        Assert.Contains(said, exception.Message);
    }
}
