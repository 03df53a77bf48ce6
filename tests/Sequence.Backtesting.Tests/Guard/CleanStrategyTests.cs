using CsCheck;
using Sequence.Data;
using Sequence.Forecasting;
using Sequence.Numerics;

namespace Sequence.Backtesting.Tests.Guard;

/// <summary>Strategies that know only their past raise no alarm.</summary>
[TestClass]
public sealed class CleanStrategyTests
{
    private static readonly LookAheadOptions Close = new() { Samples = 40 };

    private static readonly LookAheadOptions Usual = new();

    [TestMethod]
    public void Check_OfAnAverageCross_IsClean()
    {
        foreach (var profile in Enum.GetValues<ExecutionProfile>())
        {
            foreach (var closeAtEnd in (bool[])[false, true])
            {
                RequireClean(
                    RandomBars.Single(),
                    new Strategy("sma-cross", setup =>
                    {
                        var (fast, slow) = (setup.Use(new SimpleMovingAverage(5)), setup.Use(new SimpleMovingAverage(20)));
                        return context =>
                        {
                            if (fast.CrossesAbove(slow))
                            {
                                context.ClosePosition();
                                context.Buy(OrderSize.Fraction(0.9));
                            }
                            else if (fast.CrossesBelow(slow))
                            {
                                context.ClosePosition();
                            }
                        };
                    }),
                    new BacktestOptions { Profile = profile, CloseAtEnd = closeAtEnd });
            }
        }
    }

    [TestMethod]
    public void Check_OfBracketOrders_IsClean()
    {
        foreach (var profile in Enum.GetValues<ExecutionProfile>())
        {
            // Narrow brackets are filled in the bar of their entry, which no decision knew.
            RequireClean(
                RandomBars.Single(),
                new Strategy("brackets", context =>
                {
                    if (context.Close.Length > 3 && context.Close[^1] > context.Close[^3])
                    {
                        context.Buy(10, stopLoss: context.Price * 0.985, takeProfit: context.Price * 1.015);
                    }
                    else if (context.Position == 0)
                    {
                        context.Sell(10, limit: context.Price * 1.01, stopLoss: context.Price * 1.03, takeProfit: context.Price * 0.98);
                    }
                }),
                new BacktestOptions { Profile = profile, Cash = 100_000 });
        }
    }

    [TestMethod]
    public void Check_OfEveryForecastStrategyWalkedForward_IsClean()
    {
        foreach (var market in (Market[])[RandomBars.Single(200), RandomBars.Panel(240)])
        {
            foreach (var (forecaster, step) in Forecasters(market))
            {
                var source = ForecastSource.WalkForward(
                    forecaster,
                    Frequency.Parse("D"),
                    new RollingOriginOptions { Horizon = step, FirstOrigin = FirstOrigin.AfterRows(90), Levels = [80], Step = step },
                    step);
                RequireClean(market, ForecastStrategies.LongFlat(source), guardOptions: Usual);
                RequireClean(market, ForecastStrategies.LongShort(source, 0.0005), guardOptions: Usual);
                RequireClean(market, ForecastStrategies.ProbabilityWeighted(source, 0.5), guardOptions: Usual);
                RequireClean(market, ForecastStrategies.VolatilityTarget(source, 0.1), guardOptions: Usual);
                RequireClean(market, ForecastStrategies.TopK(source, 2, shortLowest: true), guardOptions: Usual);
            }
        }
    }

    /// <summary>Of a panel one that needs no more than a bar, because an asset of it begins when the walk is on its way.</summary>
    private static IEnumerable<(IForecaster Forecaster, int Step)> Forecasters(Market market)
    {
        yield return (new ReversalForecaster(), 1);
        yield return (new ReversalForecaster(), 3);
        if (market.Assets.Count == 1)
        {
            yield return (new ConformalForecaster(new AutoregressiveForecaster(2), new ConformalOptions { Horizon = 1 }), 1);
        }
    }

    [TestMethod]
    public void Check_OfTheControls_IsClean()
    {
        foreach (var market in (Market[])[RandomBars.Single(), RandomBars.Panel()])
        {
            RequireClean(market, ControlStrategies.BuyAndHold());
            RequireClean(market, ControlStrategies.RandomEntries(0.1, 7, 0.4, allowShort: true));
        }
    }

    [TestMethod]
    public void Check_OfAPanelWhoseIndicatorsWaitForALateAsset_IsClean() => RequireClean(
        RandomBars.Panel(),
        new Strategy("panel", setup =>
        {
            var averages = setup.Market.Assets.Select(asset => setup.Use(new SimpleMovingAverage(10), asset.Asset)).ToArray();
            return context =>
            {
                var weights = new double[averages.Length];
                for (var asset = 0; asset < weights.Length; asset++)
                {
                    weights[asset] = context.Assets[asset].Price > averages[asset].Value ? 0.25 : -0.1;
                }

                context.SetTargetWeights(weights, 0.02);
            };
        }));

    [TestMethod]
    public void Check_OfAStrategyThatNeverTrades_IsClean() => RequireClean(RandomBars.Single(5), new Strategy("idle", _ => { }));

    [TestMethod]
    public void Check_OfASingleBar_IsClean() => RequireClean(RandomBars.Single(1), new Strategy("buys", context => context.Buy(1)));

    [TestMethod]
    public void Check_OfADrawWithoutSeed_IsNotRepeatable()
    {
        ulong seed = 0;
        var report = LookAheadGuard.Check(RandomBars.Single(), new Strategy("unseeded", _ =>
        {
            var random = new CounterRandom(Interlocked.Increment(ref seed));
            return context => context.Assets[0].SetTargetWeight(random.NextInt(2));
        }));
        Assert.AreEqual(LookAheadFindingKind.NotRepeatable, report.Finding?.Kind);
    }

    [TestMethod]
    public void Check_OfAStrategyThatThrowsOnAllBars_Throws() => Assert.ThrowsExactly<StrategyException>(
        () => LookAheadGuard.Check(RandomBars.Single(), new Strategy("throws", _ => throw new InvalidOperationException("no"))));

    [TestMethod]
    public void Check_WithOptionsThatCannotBe_ListsThem()
    {
        var fault = Assert.ThrowsExactly<ConfigurationException>(() => LookAheadGuard.Check(
            RandomBars.Single(), new Strategy("idle", _ => { }), null, new LookAheadOptions { Samples = 1, Workers = 0 }));
        Assert.HasCount(2, fault.Faults);
    }

    [TestMethod]
    public void Check_WhenCancelled_Stops() => Assert.Throws<OperationCanceledException>(() => LookAheadGuard.Check(
        RandomBars.Single(), new Strategy("idle", _ => { }), cancellationToken: new CancellationToken(canceled: true)));

    [TestMethod]
    public void Check_OfSamples_HasAnEarlyAndALateOneAndIsRepeatable()
    {
        var report = LookAheadGuard.Check(RandomBars.Single(), new Strategy("always", context => context.Assets[0].SetTargetWeight(context.Bar % 2)));
        Assert.AreEqual(1, report.Samples[0]);
        Assert.AreEqual(398, report.Samples[^1]);
        Assert.IsTrue(report.Samples.Count is > 8 and <= 16);
        CollectionAssert.AreEqual(
            report.Samples.ToArray(),
            LookAheadGuard.Check(RandomBars.Single(), new Strategy("always", context => context.Assets[0].SetTargetWeight(context.Bar % 2))).Samples.ToArray());
    }

    [TestMethod]
    public void Check_OfAnyRuleOnPastCloses_IsClean() => Gen.Select(Gen.ULong, Gen.Int[1, 40], Gen.Int[3, 120]).Sample(
        (seed, lookBack, length) =>
        {
            var strategy = new Strategy("hash", context =>
            {
                // Any function of the past: bits of a generator keyed by recent closes and the seed.
                var key = seed;
                foreach (var close in context.Close[Math.Max(0, context.Bars - lookBack)..])
                {
                    key = (key * 31) ^ BitConverter.DoubleToUInt64Bits(close);
                }

                var random = new CounterRandom(key);
                switch (random.NextInt(5))
                {
                    case 0:
                        context.Buy(1 + random.NextInt(20), limit: context.Price * (0.98 + (0.04 * random.NextDouble())));
                        break;
                    case 1:
                        context.Sell(1 + random.NextInt(20), stop: context.Price * 0.99);
                        break;
                    case 2:
                        context.Assets[0].SetTargetWeight(random.NextDouble() - 0.5, 0.05);
                        break;
                    case 3:
                        context.CancelOrders();
                        break;
                }
            });
            return LookAheadGuard.Check(RandomBars.Single(length, seed), strategy, null, new LookAheadOptions { Samples = 6, Seed = seed }).IsClean;
        },
        iter: 60);

    private static void RequireClean(
        Market market, Strategy strategy, BacktestOptions? options = null, LookAheadOptions? guardOptions = null)
    {
        var report = LookAheadGuard.Check(market, strategy, options, guardOptions ?? Close);
        Assert.IsTrue(report.IsClean, $"{strategy.Name}: {report.Finding?.Message}");
        report.ThrowIfLooksAhead();
    }
}
