using Sequence.Data;
using Sequence.Forecasting;

namespace Sequence.Backtesting.Tests.Guard;

/// <summary>Bugs of the kind that make a backtest too good, each planted on purpose.</summary>
[TestClass]
public sealed class PlantedLookAheadTests
{
    [TestMethod]
    public void Check_OfACentredMovingAverage_FindsIt()
    {
        var strategy = new Strategy("centred-average", setup =>
        {
            var closes = setup.Market.Assets[0].Close.ToArray();
            var average = new double[closes.Length];
            for (var bar = 0; bar < closes.Length; bar++)
            {
                var (start, end) = (Math.Max(bar - 5, 0), Math.Min(bar + 6, closes.Length));
                average[bar] = closes[start..end].Average();
            }

            return OnSign(bar => closes[bar] - average[bar]);
        });
        RequireFinding(strategy);
    }

    [TestMethod]
    public void Check_OfAScalerFittedOnAllBars_FindsIt()
    {
        var strategy = new Strategy("global-scaler", setup =>
        {
            var closes = setup.Market.Assets[0].Close.ToArray();
            var mean = closes.Average();
            var deviation = Math.Sqrt(closes.Average(close => (close - mean) * (close - mean)));
            return OnSign(bar => ((closes[bar] - mean) / deviation) - 0.1);
        });
        RequireFinding(strategy);
    }

    [TestMethod]
    public void Check_OfTradingAtTheCloseThatDecided_FindsTheFill()
    {
        foreach (var profile in Enum.GetValues<ExecutionProfile>())
        {
            var report = LookAheadGuard.Check(
                RandomBars.Single(), SmaCross(), new BacktestOptions { TradeOnClose = true, Profile = profile });
            Assert.AreEqual(LookAheadFindingKind.SameBarFill, report.Finding?.Kind, profile.ToString());
            var first = FirstDecision(RandomBars.Single(), SmaCross());
            Assert.AreEqual(first, report.Finding!.Bar);
            Assert.Contains("TradeOnClose", Assert.ThrowsExactly<LookAheadException>(report.ThrowIfLooksAhead).Message);
        }
    }

    [TestMethod]
    public void Check_OfASignalIndexedByTheBarOfItsFill_FindsIt()
    {
        // The signal for a fill in bar t + 1 is made with the close of t + 1 and read at t.
        var strategy = new Strategy("signal-of-the-fill", setup =>
        {
            var closes = setup.Market.Assets[0].Close.ToArray();
            var signal = new double[closes.Length + 1];
            for (var bar = 1; bar < closes.Length; bar++)
            {
                signal[bar] = closes[bar] - closes[bar - 1];
            }

            return OnSign(bar => signal[bar + 1]);
        });
        RequireFinding(strategy);
    }

    [TestMethod]
    public void Check_OfASignalThatReadsPastTheEnd_FindsTheFailure()
    {
        var strategy = new Strategy("past-the-end", setup =>
        {
            var closes = setup.Market.Assets[0].Close.ToArray();
            return context =>
            {
                // The author avoided the error on the bars at hand.
                if (context.Bar < 399)
                {
                    context.Assets[0].SetTargetWeight(closes[context.Bar + 1] > closes[context.Bar] ? 1 : 0);
                }
            };
        });
        var finding = RequireFinding(strategy);
        Assert.AreEqual(LookAheadFindingKind.Failure, finding.Kind);
    }

    [TestMethod]
    public void Check_OfALabelAmongTheFeatures_FindsIt()
    {
        var source = ForecastSource.FromMarket(market => MarketForecasts.WalkForward(
            market, new ForecasterThatKnowsTheLabel(market), Frequency.Parse("D"), Walk));
        RequireFinding(ForecastStrategies.LongShort(source));
        RequireFinding(ForecastStrategies.LongFlat(source));
    }

    [TestMethod]
    public void Check_OfAFutureCovariate_FindsIt()
    {
        // A covariate is known at its bar's close; here the next bar's is read.
        var market = new Market(RandomBars.Series("A", 400, 1, covariate: closes => closes.Select((close, bar) => bar == 0 ? 0 : close - closes[bar - 1]).ToArray()));
        var strategy = new Strategy("future-covariate", setup =>
        {
            var column = setup.Market.Assets[0].Covariates["signal"].ToArray();
            return OnSign(bar => bar + 1 < column.Length ? column[bar + 1] : 0);
        });
        var report = LookAheadGuard.Check(market, strategy);
        Assert.AreEqual(LookAheadFindingKind.Decision, report.Finding?.Kind);

        var clean = new Strategy("covariate", context => context.Assets[0].SetTargetWeight(context.Covariate("signal")[^1] > 0 ? 1 : 0));
        Assert.IsTrue(LookAheadGuard.Check(market, clean).IsClean);
    }

    [TestMethod]
    public void Check_OfALeakThatSeldomActs_FindsItAtADecision()
    {
        // Trades a few times in 2000 bars, each time the day before a jump.
        var market = RandomBars.Single(2000, 3);
        var strategy = new Strategy("rare", setup =>
        {
            var closes = setup.Market.Assets[0].Close.ToArray();
            return context =>
            {
                var bar = context.Bar;
                if (bar + 1 < closes.Length && closes[bar + 1] / closes[bar] > 1.025)
                {
                    context.Buy(10);
                }
            };
        });
        var report = LookAheadGuard.Check(market, strategy);
        Assert.AreEqual(LookAheadFindingKind.Decision, report.Finding?.Kind);
        Assert.AreEqual(FirstDecision(market, strategy), report.Finding!.Bar);
        Assert.IsNull(report.Finding.OnCutBars);
    }

    private static readonly RollingOriginOptions Walk = new() { Horizon = 1, FirstOrigin = FirstOrigin.AfterRows(100) };

    private static Strategy SmaCross() => new("sma-cross", setup =>
    {
        var (fast, slow) = (setup.Use(new SimpleMovingAverage(5)), setup.Use(new SimpleMovingAverage(20)));
        return context =>
        {
            if (fast.CrossesAbove(slow))
            {
                context.Buy();
            }
            else if (fast.CrossesBelow(slow))
            {
                context.ClosePosition();
            }
        };
    });

    private static int FirstDecision(Market market, Strategy strategy) => Backtest.Run(market, strategy).Fills.Min(fill => fill.DecisionBar);

    private static Action<StrategyContext> OnSign(Func<int, double> signal) =>
        context => context.Assets[0].SetTargetWeight(signal(context.Bar) > 0 ? 1 : 0);

    private static LookAheadFinding RequireFinding(Strategy strategy)
    {
        // Whatever the bars are, and whichever of them are sampled.
        for (var seed = 2UL; seed < 12; seed++)
        {
            Assert.IsFalse(LookAheadGuard.Check(RandomBars.Single(400, seed), strategy, null, new LookAheadOptions { Seed = seed }).IsClean, $"{strategy.Name}, seed {seed}");
        }

        var market = RandomBars.Single();
        var report = LookAheadGuard.Check(market, strategy);
        Assert.IsFalse(report.IsClean, strategy.Name);
        Assert.AreEqual(market.Times.Span[report.Finding!.Bar], report.Finding.Time);
        Assert.IsLessThanOrEqualTo(report.Finding.BarsLeft - 1, report.Finding.Bar);
        Assert.AreEqual(report, LookAheadGuard.Check(market, strategy, null, new LookAheadOptions { Workers = 3 }) with { Samples = report.Samples });
        Assert.Contains(strategy.Name, Assert.ThrowsExactly<LookAheadException>(report.ThrowIfLooksAhead).Message);
        return report.Finding;
    }

    /// <summary>Forecasts the next close from a feature that is the next close, as a join on the wrong day gives.</summary>
    private sealed class ForecasterThatKnowsTheLabel(Market market) : IForecaster
    {
        public string Name => "leaky";

        public IForecastModel Fit(Panel history, IForecastModel? warmStart = null, CancellationToken cancellationToken = default) =>
            new Model(market);

        private sealed class Model(Market market) : IForecastModel
        {
            public string Name => "leaky";

            public int MinimumHistory => 1;

            public Forecast Forecast(TimeSeries history, int horizon, IReadOnlyList<double>? levels = null)
            {
                var closes = market[history.Id].Close.Span;
                var mean = new double[horizon];
                for (var step = 0; step < horizon; step++)
                {
                    mean[step] = closes[Math.Min(history.Length + step, closes.Length - 1)];
                }

                return new Forecast(history.Id, history.Timestamps.Span[^1], history.FutureTimestamps(horizon), mean, []);
            }
        }
    }
}
