using CsCheck;
using Sequence.Backtesting.Tests.Forecasts;
using Sequence.Data;
using Sequence.Forecasting;

namespace Sequence.Backtesting.Tests.Strategies;

/// <summary>What each rule orders, on flat prices of 100 where a weight of w is w 10,000 / 100 units.</summary>
[TestClass]
public sealed class ForecastStrategiesTests
{
    [TestMethod]
    public void LongFlat_AcrossTheThreshold_IsInOrOut()
    {
        var positions = Positions(ForecastStrategies.LongFlat(Daily(101, 102, 101.5, 99, 103), 0.015));
        CollectionAssert.AreEqual((double[])[0, 100, 0, 0, 100, 0], positions);
    }

    [TestMethod]
    public void LongShort_InsideTheDeadBand_IsFlat()
    {
        var positions = Positions(ForecastStrategies.LongShort(Daily(101, 99, 102.5, 97, 100), 0.02));
        CollectionAssert.AreEqual((double[])[0, 0, 100, -100, 0, 0], positions);
    }

    [TestMethod]
    public void ProbabilityWeighted_ByTheInterval_IsAFractionOfTwicePLessOne()
    {
        // Between the quartiles lies half of a normal distribution: 100 is the lower one, two of them away, the upper one.
        ForecastRow[] rows =
        [
            ForecastSignalsTests.Row("A", 0, 0, 102) with { Intervals = [new IntervalBounds(50, 100, 104)] },
            ForecastSignalsTests.Row("A", 1, 1, 102) with { Intervals = [new IntervalBounds(50, 101, 103)] },
            ForecastSignalsTests.Row("A", 2, 2, 98) with { Intervals = [new IntervalBounds(50, 96, 100)] },
        ];
        var source = ForecastSource.FromTable(new ForecastTable(rows));

        // 2p - 1 is 0.5, 2 Phi(2 * 0.67449) - 1 = 0.8227 and -0.5.
        CollectionAssert.AreEqual((double[])[50, 82, -50, 0], Positions(ForecastStrategies.ProbabilityWeighted(source), 4, lot: 0));
        CollectionAssert.AreEqual((double[])[25, 41, 0, 0], Positions(ForecastStrategies.ProbabilityWeighted(source, 0.5, allowShort: false), 4, lot: 0));
    }

    [TestMethod]
    public void ProbabilityWeighted_WithoutIntervals_IsRefusedAtTheStart()
    {
        var fault = Assert.ThrowsExactly<StrategyException>(() => Positions(ForecastStrategies.ProbabilityWeighted(Daily(101))));
        Assert.Contains("intervals", fault.Message);
    }

    [TestMethod]
    public void VolatilityTarget_OfKnownReturns_IsTheirRatio()
    {
        // Log returns of +r, -r by turns have the sample deviation r sqrt(n / (n - 1)) over an even number n.
        const double r = 0.02;
        var closes = Enumerable.Range(0, 30).Select(bar => bar % 2 == 0 ? 100 : 100 * Math.Exp(r)).ToArray();
        var source = ForecastSource.FromTable(new ForecastTable([ForecastSignalsTests.Row("A", 0, 0, 110)]), 1, 1000);
        var strategy = ForecastStrategies.VolatilityTarget(source, 0.1, lookBack: 10, periodsPerYear: 252, tolerance: 0);
        var weights = Weights(closes, strategy, new BacktestOptions { LotSize = 0 });
        var expected = 0.1 / (r * Math.Sqrt(10.0 / 9) * Math.Sqrt(252));
        Assert.AreEqual(0, weights[10]);
        Assert.AreEqual(expected, weights[20], 0.02);
        Assert.AreEqual(expected, weights[29], 0.02);
    }

    [TestMethod]
    public void VolatilityTarget_OfPricesThatHardlyMove_IsCapped()
    {
        var closes = Enumerable.Range(0, 30).Select(bar => 100 + (0.001 * (bar % 3))).ToArray();
        var source = ForecastSource.FromTable(new ForecastTable([ForecastSignalsTests.Row("A", 0, 0, 110)]), 1, 1000);
        var weights = Weights(
            closes,
            ForecastStrategies.VolatilityTarget(source, 0.1, lookBack: 10, maximumLeverage: 1.5),
            new BacktestOptions { LotSize = 0, InitialMargin = 0.5 });
        Assert.AreEqual(1.5, weights[^1], 0.01);
    }

    [TestMethod]
    public void TopK_OfAPanel_HoldsTheHighestAndSellsTheLowest()
    {
        var market = new Market([.. "ABCDE".Select(name => Bars(name.ToString(), Enumerable.Repeat(100.0, 5).ToArray()))]);
        double[] means = [103, 101, 99, 103, 98];
        var rows = means.Select((mean, index) => ForecastSignalsTests.Row("ABCDE"[index].ToString(), 0, 0, mean)).ToArray();
        var source = ForecastSource.FromTable(new ForecastTable(rows), 1, 10);
        var half = new BacktestOptions { InitialMargin = 0.5 };
        var result = Backtest.Run(market, ForecastStrategies.TopK(source, 2, shortLowest: true), half);
        Assert.AreEqual("A:50 D:50 C:-50 E:-50", string.Join(' ', result.OpenTrades
            .GroupBy(trade => trade.Asset).OrderByDescending(group => group.Sum(trade => trade.Size)).ThenBy(group => group.Key)
            .Select(group => $"{group.Key}:{group.Sum(trade => trade.Size)}")));
        var longOnly = Backtest.Run(market, ForecastStrategies.TopK(source, 4));
        Assert.AreEqual("A25 B25 C25 D25", string.Join(' ', longOnly.OpenTrades.Select(trade => $"{trade.Asset}{trade.Size}").Order()));
        var more = Backtest.Run(market, ForecastStrategies.TopK(source, 4, shortLowest: true), half);
        Assert.AreEqual(-25, more.OpenTrades.Where(trade => trade.Size < 0).Sum(trade => trade.Size));
    }

    [TestMethod]
    public void TopK_OfAnyForecasts_HoldsTheBestAtEqualWeights() => Gen.Select(Gen.Int[90, 110].Array[1, 9], Gen.Int[1, 10], Gen.Bool).Sample((means, count, shorts) =>
    {
        var names = means.Select((_, index) => $"{index}").ToArray();
        var market = new Market([.. names.Select(name => Bars(name, Enumerable.Repeat(100.0, 3).ToArray()))]);
        var rows = means.Select((mean, index) => ForecastSignalsTests.Row(names[index], 0, 0, mean)).ToArray();
        var strategy = ForecastStrategies.TopK(ForecastSource.FromTable(new ForecastTable(rows), 1, 9), count, shorts);
        var trades = Backtest.Run(market, strategy, new BacktestOptions { LotSize = 0, InitialMargin = 0.5 }).OpenTrades;
        var held = trades.Where(trade => trade.Size > 0).Select(trade => means[int.Parse(trade.Asset)]).Order().ToArray();
        var sold = trades.Where(trade => trade.Size < 0).Select(trade => means[int.Parse(trade.Asset)]).Order().ToArray();
        return trades.All(trade => Math.Abs((Math.Abs(trade.Size) * count) - 100) < 1e-6)
            && held.SequenceEqual(means.OrderDescending().Take(count).Order())
            && sold.SequenceEqual(shorts ? means.Order().Take(Math.Min(count, means.Length - held.Length)) : []);
    });

    [TestMethod]
    public void Forecast_OlderThanItsMaximumAge_CountsAsNone()
    {
        var rows = new ForecastTable([ForecastSignalsTests.Row("A", 0, 1, 110)]);
        CollectionAssert.AreEqual((double[])[0, 100, 0, 0, 0, 0], Positions(ForecastStrategies.LongFlat(ForecastSource.FromTable(rows))));
        CollectionAssert.AreEqual((double[])[0, 100, 100, 100, 0, 0], Positions(ForecastStrategies.LongFlat(ForecastSource.FromTable(rows, 1, 2))));
    }

    [TestMethod]
    public void Rules_WithNumbersThatCannotBe_AreRefused()
    {
        var source = Daily(101);
        foreach (var make in (Func<Strategy>[])
        [
            () => ForecastStrategies.LongFlat(source, double.NaN),
            () => ForecastStrategies.LongFlat(source, tolerance: -1),
            () => ForecastStrategies.LongShort(source, -0.1),
            () => ForecastStrategies.ProbabilityWeighted(source, 0),
            () => ForecastStrategies.VolatilityTarget(source, 0),
            () => ForecastStrategies.VolatilityTarget(source, 0.1, lookBack: 1),
            () => ForecastStrategies.VolatilityTarget(source, 0.1, maximumLeverage: 0),
            () => ForecastStrategies.TopK(source, 0),
            () => ControlStrategies.RandomEntries(0, 1),
            () => ControlStrategies.RandomEntries(0.5, 1, 1),
            () => ControlStrategies.RandomEntries(0.5, 1, 0.1),
        ])
        {
            Assert.ThrowsExactly<ConfigurationException>(() => make());
        }
    }

    [TestMethod]
    public void BuyAndHold_OfAPanel_BuysEachWhenItComesAndKeepsIt()
    {
        var result = Backtest.Run(RandomBars.Panel(), ControlStrategies.BuyAndHold(), new BacktestOptions { LotSize = 0 });
        Assert.HasCount(4, result.OpenTrades);
        Assert.IsEmpty(result.Trades);
        Assert.AreEqual(121, result.OpenTrades.Single(trade => trade.Asset == "LATE").EntryBar);
        foreach (var trade in result.OpenTrades.Where(trade => trade.EntryBar == 1))
        {
            Assert.AreEqual(2500, trade.Size * trade.EntryPrice, 60);
        }
    }

    [TestMethod]
    public void RandomEntries_OverManyBars_HaveTheWantedTurnoverAndExposure()
    {
        const int bars = 20_000;
        const double turnover = 0.2, exposure = 0.3;
        var market = new Market(Bars("A", Enumerable.Repeat(100.0, bars).ToArray()));
        var result = Backtest.Run(market, ControlStrategies.RandomEntries(turnover, 5, exposure), new BacktestOptions { LotSize = 0 });
        var held = result.Trades.Sum(trade => trade.ExitBar - trade.EntryBar) + result.OpenTrades.Sum(trade => bars - 1 - trade.EntryBar);
        Assert.AreEqual(turnover, result.Ledger.Traded / 10_000 / bars, 0.01);
        Assert.AreEqual(exposure, (double)held / bars, 0.02);
        Assert.IsTrue(result.Trades.All(trade => trade.Size > 0));

        var both = Backtest.Run(market, ControlStrategies.RandomEntries(turnover, 5, exposure, allowShort: true), new BacktestOptions { LotSize = 0 });
        Assert.AreEqual(0.5, both.Trades.Average(trade => trade.Size > 0 ? 1.0 : 0), 0.05);
        Assert.AreNotEqual(
            result.Fills[0].Bar + result.Fills[1].Bar + result.Fills[2].Bar,
            Backtest.Run(market, ControlStrategies.RandomEntries(turnover, 6, exposure)).Fills.Take(3).Sum(fill => fill.Bar));
    }

    /// <summary>Forecasts from every day on, of one day ahead.</summary>
    private static ForecastSource Daily(params double[] means) =>
        ForecastSource.FromTable(new ForecastTable(means.Select((mean, day) => ForecastSignalsTests.Row("A", day, day, mean)).ToArray()));

    /// <summary>Units held at the open of every bar from the second on, after the fills of it.</summary>
    private static double[] Positions(Strategy strategy, int bars = 6, double lot = 1)
    {
        var result = Backtest.Run(new Market(Bars("A", Enumerable.Repeat(100.0, bars + 1).ToArray())), strategy, new BacktestOptions { LotSize = lot });
        var positions = new double[bars];
        foreach (var fill in result.Fills)
        {
            for (var bar = fill.Bar; bar <= bars; bar++)
            {
                positions[bar - 1] += fill.Size;
            }
        }

        return Array.ConvertAll(positions, units => Math.Round(units));
    }

    /// <summary>Share of the account held at every close.</summary>
    private static double[] Weights(double[] closes, Strategy strategy, BacktestOptions options)
    {
        var result = Backtest.Run(new Market(Bars("A", closes)), strategy, options);
        var weights = new double[closes.Length];
        for (var bar = 0; bar < weights.Length; bar++)
        {
            weights[bar] = result.Fills.Where(fill => fill.Bar <= bar).Sum(fill => fill.Size) * closes[bar] / result.Equity.Values.Span[bar];
        }

        return weights;
    }

    private static BarSeries Bars(string asset, double[] closes) => BarSeries.FromPrices(new TimeSeries(
        asset, Frequency.Parse("D"), Enumerable.Range(0, closes.Length).Select(ForecastSignalsTests.Day).ToArray(), closes));
}
