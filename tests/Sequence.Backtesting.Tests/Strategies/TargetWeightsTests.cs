using CsCheck;

namespace Sequence.Backtesting.Tests.Strategies;

[TestClass]
public sealed class TargetWeightsTests
{
    [TestMethod]
    public void SetTargetWeight_OfAShare_BuysWholeLotsTowardZero()
    {
        // 0.333 of 10,000 at 7 are 475.71 units.
        Assert.AreEqual(475, Units(0.333, new BacktestOptions(), 7));
        Assert.AreEqual(-475, Units(-0.333, new BacktestOptions(), 7));
        Assert.AreEqual(470, Units(0.333, new BacktestOptions { LotSize = 10 }, 7));
        Assert.AreEqual(3330.0 / 7, Units(0.333, new BacktestOptions { LotSize = 0 }, 7), 1e-9);
        Assert.AreEqual(0, Units(0.0001, new BacktestOptions(), 7));
    }

    [TestMethod]
    public void SetTargetWeight_InTheCompatibilityProfile_TradesToo() =>
        Assert.AreEqual(475, Units(0.333, new BacktestOptions { Profile = ExecutionProfile.BacktestingPy }, 7));

    [TestMethod]
    public void SetTargetWeight_Again_TradesTheDifferenceOnly()
    {
        var result = Run([0.5, 0.2, -0.3, 0], 100);
        CollectionAssert.AreEqual((double[])[50, -30, -50, 30], Sizes(result));
        Assert.IsEmpty(result.OpenTrades);
    }

    [TestMethod]
    public void SetTargetWeight_WithinTheTolerance_DoesNothingExceptClose()
    {
        CollectionAssert.AreEqual((double[])[50], Sizes(Run([0.5, 0.54, 0.46], 100, 0.05)));
        CollectionAssert.AreEqual((double[])[50, 6], Sizes(Run([0.5, 0.56], 100, 0.05)));
        CollectionAssert.AreEqual((double[])[4, -4], Sizes(Run([0.04, 0], 100, 0.03)));
        Assert.IsEmpty(Run([0.04], 100, 0.05).Fills);
    }

    [TestMethod]
    public void SetTargetWeight_OfMoreThanCanBeAfforded_IsCutNotRejected()
    {
        var result = Backtest.Run(
            Flat(100, 3), new Strategy("all", context => context.Assets[0].SetTargetWeight(1)), new BacktestOptions { Commission = Commission.Rate(0.01) });
        Assert.AreEqual(99, result.Fills[0].Size);
    }

    [TestMethod]
    public void SetTargetWeight_WithOrdersWaiting_CancelsThemButNoBracket()
    {
        var waiting = new List<int>();
        Backtest.Run(Flat(100, 4), new Strategy("orders", context =>
        {
            if (context.Bar == 0)
            {
                context.Buy(10, stopLoss: 50, takeProfit: 150);
            }
            else if (context.Bar == 1)
            {
                context.Buy(1, limit: 60);
                context.Assets[0].SetTargetWeight(0.2);
            }

            waiting.Add(context.Orders.Count());
        }));

        // The entry; two of the bracket and the ten units more; then the brackets only.
        CollectionAssert.AreEqual((int[])[1, 3, 2, 2], waiting);
    }

    [TestMethod]
    public void SetTargetWeights_OfSeveralAssets_SellsBeforeItBuys()
    {
        var market = new Market(FlatSeries("A", 100, 5), FlatSeries("B", 50, 5));
        var orders = new List<string>();
        var result = Backtest.Run(market, new Strategy("rotate", context =>
        {
            if (context.Bar is 0 or 2)
            {
                context.SetTargetWeights(context.Bar == 0 ? [0, 1] : [1, 0.001]);
                orders.AddRange(context.Orders.Select(order => $"{(order.IsBuy ? "buy" : "sell")} {order.Asset} {order.Remaining}"));
            }
        }));
        CollectionAssert.AreEqual((string[])["buy B 200", "sell B 200", "buy A 100"], orders);
        Assert.AreEqual(100, result.OpenTrades.Single().Size);
        Assert.AreEqual("A", result.OpenTrades.Single().Asset);
    }

    [TestMethod]
    public void SetTargetWeights_ThatCannotBe_AreRefused()
    {
        Refused(context => context.SetTargetWeights([0.5]), "one for each");
        Refused(context => context.SetTargetWeights([0.5, double.NaN]), "finite");
        Refused(context => context.SetTargetWeights([0.5, 0.1]), "before its first bar");
        Refused(context => context.Assets[0].SetTargetWeight(double.PositiveInfinity), "finite");
        Refused(context => context.Assets[0].SetTargetWeight(0.5, -1), "tolerance");
        Refused(context => context.Assets[0].SetTargetWeight(0.5), "Netting", new BacktestOptions { PositionMode = PositionMode.Hedging });
        Refused(context => context.Assets[0].SetTargetWeight(0.5), "ExclusiveOrders", new BacktestOptions { ExclusiveOrders = true });

        static void Refused(Action<StrategyContext> everyBar, string what, BacktestOptions? options = null)
        {
            var market = new Market(FlatSeries("A", 100, 3), new BarSeries("LATE", RandomBars.Series("x", 1, 1, 2).Times, Ones, Ones, Ones, Ones));
            var fault = Assert.ThrowsExactly<StrategyException>(() => Backtest.Run(market, new Strategy("weights", everyBar), options));
            Assert.Contains(what, fault.Message);
            Assert.IsInstanceOfType<OrderException>(fault.InnerException);
        }
    }

    [TestMethod]
    public void SetTargetWeights_OfAnyWeights_AreReachedUpToALotOfEach() => Gen.Double[-0.4, 0.4].Array[3].Array[2, 6].Sample(plan =>
    {
        double[] prices = [3, 70, 11];
        var market = new Market(prices.Select((price, asset) => FlatSeries($"{asset}", price, plan.Length + 1)).ToArray());
        var reached = true;
        var wanted = new double[3];
        Backtest.Run(market, new Strategy("plan", context =>
        {
            if (context.Bar > 0)
            {
                for (var asset = 0; asset < 3; asset++)
                {
                    reached &= Math.Abs((context.Assets[asset].Position * prices[asset]) - (wanted[asset] * 10_000)) < prices[asset]
                        && Math.Abs(context.Assets[asset].Position * prices[asset]) <= Math.Abs(wanted[asset] * 10_000) + 1e-9;
                }
            }

            if (context.Bar < plan.Length)
            {
                wanted = plan[context.Bar];
                context.SetTargetWeights(wanted);
            }
        }), new BacktestOptions { InitialMargin = 0.25 });
        return reached;
    });

    private static readonly double[] Ones = [1];

    private static double Units(double weight, BacktestOptions options, double price) => Backtest.Run(
        Flat(price, 6),
        new Strategy("once", context =>
        {
            if (context.Bar == 2)
            {
                context.Assets[0].SetTargetWeight(weight);
            }
        }),
        options).OpenTrades.Sum(trade => trade.Size);

    private static BacktestResult Run(double[] weights, double price, double tolerance = 0) => Backtest.Run(
        Flat(price, weights.Length + 1),
        new Strategy("weights", context =>
        {
            if (context.Bar < weights.Length)
            {
                context.Assets[0].SetTargetWeight(weights[context.Bar], tolerance);
            }
        }));

    private static double[] Sizes(BacktestResult result) => result.Fills.Select(fill => fill.Size).ToArray();

    private static Market Flat(double price, int bars) => new(FlatSeries("A", price, bars));

    private static BarSeries FlatSeries(string asset, double price, int bars) => BarSeries.FromBars(
        asset, Enumerable.Range(0, bars).Select(day => new Bar(RandomBars.Start.AddDays(day), price, price, price, price)).ToArray());
}
