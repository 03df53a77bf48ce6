using Sequence.Numerics;

namespace Sequence.Backtesting.Tests.Engine;

/// <summary>
/// On prices that nobody can foretell (a martingale: E[P[t+1] | past] = P[t]) no rule earns or loses anything but its costs.
/// Tested over many walks with fixed seeds: the mean of profit plus costs, in standard errors.
/// </summary>
[TestClass]
public sealed class NoiseTests
{
    private const int Walks = 400;
    private const int Days = 250;

    [TestMethod]
    [DataRow(false, DisplayName = "long or flat")]
    [DataRow(true, DisplayName = "long, short or flat")]
    public void RandomEntries_OnAMartingale_EarnMinusTheirCosts(bool allowShort)
    {
        var (gross, costs) = Profits(walk => ControlStrategies.RandomEntries(0.2, (ulong)walk, allowShort: allowShort));
        Assert.That.IsWithin(3, Math.Abs(InStandardErrors(gross)), "profit plus costs, in standard errors");
        Assert.IsGreaterThan(100, costs.Average(), "the costs are no small thing here");
    }

    [TestMethod]
    public void SmaCross_OnAMartingale_EarnsMinusItsCosts()
    {
        var (gross, _) = Profits(_ => new Strategy("sma-cross", setup =>
        {
            var fast = setup.Use(new SimpleMovingAverage(5));
            var slow = setup.Use(new SimpleMovingAverage(20));
            return context => context.Assets[0].SetTargetWeight(fast.Value > slow.Value ? 1 : -0.5);
        }));
        Assert.That.IsWithin(3, Math.Abs(InStandardErrors(gross)), "profit plus costs, in standard errors");
    }

    /// <summary>Brackets choose when a trade ends, which on a martingale gains nothing either.</summary>
    [TestMethod]
    public void Brackets_OnAMartingale_EarnMinusTheirCosts()
    {
        var (gross, _) = Profits(_ => new Strategy("brackets", context =>
        {
            if (context.Position == 0)
            {
                context.Buy(OrderSize.Fraction(0.9), stopLoss: context.Price * 0.97, takeProfit: context.Price * 1.03);
            }
        }));
        Assert.That.IsWithin(3, Math.Abs(InStandardErrors(gross)), "profit plus costs, in standard errors");
    }

    /// <summary>The measure is sharp enough to see a rule that knows one close in fifty ahead.</summary>
    [TestMethod]
    public void ALeak_OnAMartingale_IsSeen()
    {
        var (gross, _) = Profits(_ => new Strategy("leak", setup =>
        {
            var closes = setup.Market.Assets[0].Close;
            return context => context.Assets[0].SetTargetWeight(
                context.Bar % 50 == 0 && context.Bar + 1 < closes.Length && closes.Span[context.Bar + 1] > context.Price ? 1 : 0);
        }));
        Assert.IsGreaterThan(10, InStandardErrors(gross));
    }

    private static (double[] Gross, double[] Costs) Profits(Func<int, Strategy> strategy)
    {
        var gross = new double[Walks];
        var costs = new double[Walks];
        var options = new BacktestOptions { Commission = Commission.Rate(0.001), LotSize = 0 };
        Parallel.For(0, Walks, walk =>
        {
            var result = Backtest.Run(Martingale((ulong)walk), strategy(walk), options);
            costs[walk] = result.Ledger.Commissions;
            gross[walk] = result.Equity.Last() - options.Cash + costs[walk];
        });
        return (gross, costs);
    }

    private static double InStandardErrors(double[] values)
    {
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
        return mean / (deviation / Math.Sqrt(values.Length));
    }

    /// <summary>
    /// A day is a walk of twenty steps up or down by 0.3 % of the price with even chances, so that its open, high, low and close
    /// are those of a martingale, and a fill inside the bar is at a price the walk had; a stop is passed by at most a step.
    /// </summary>
    private static Market Martingale(ulong seed)
    {
        var random = new CounterRandom(seed, 77);
        var price = 100.0;
        var bars = new Bar[Days];
        for (var day = 0; day < Days; day++)
        {
            var (open, high, low) = (price, price, price);
            for (var step = 0; step < 20; step++)
            {
                price *= random.NextDouble() < 0.5 ? 1.003 : 0.997;
                (high, low) = (Math.Max(high, price), Math.Min(low, price));
            }

            bars[day] = new Bar(Scenario.Start.AddDays(day), open, high, low, price);
        }

        return new Market(BarSeries.FromBars("WALK", bars));
    }
}
