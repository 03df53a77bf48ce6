using Sequence.Backtesting;
using Sequence.Forecasting;
using Sequence.Numerics;

namespace Sequence.Reporting.Tests.Backtests;

/// <summary>A tear sheet with every part, of made-up prices.</summary>
internal static class Demonstration
{
    public static readonly DateTimeOffset Start = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static BacktestOptions Options => new()
    {
        Commission = Commission.Rate(0.001),
        Slippage = Slippage.Rate(0.0005),
        Spread = 0.001,
        BorrowRate = 0.02,
    };

    public static BarSeries Walk(string asset, int bars, ulong seed = 1, TimeSpan? step = null)
    {
        var random = new CounterRandom(seed);
        var closes = new double[bars];
        closes[0] = 100;
        for (var bar = 1; bar < bars; bar++)
        {
            closes[bar] = closes[bar - 1] * Math.Exp(0.01 * random.NextGaussian());
        }

        var spacing = step ?? TimeSpan.FromDays(1);
        return new BarSeries(
            asset,
            Enumerable.Range(0, bars).Select(bar => Start + (bar * spacing)).ToArray(),
            closes,
            Array.ConvertAll(closes, close => close * 1.002),
            Array.ConvertAll(closes, close => close * 0.998),
            closes);
    }

    public static Strategy Alternate(int every) => new("alternate", context =>
    {
        if (context.Bar % every == 0)
        {
            var isLong = context.Position > 0;
            context.ClosePosition();
            if (isLong)
            {
                context.Sell(OrderSize.Fraction(0.5), tag: "down");
            }
            else
            {
                context.Buy(OrderSize.Fraction(0.5), tag: "up");
            }
        }
    });

    public static BacktestReport Create(string name = "alternate", int bars = 900, int every = 7)
    {
        var market = new Market(Walk("AAA", bars), Walk("BBB", bars, seed: 2));
        var result = Backtest.Run(market, Alternate(every), Options);
        return new BacktestReport
        {
            Title = name,
            Result = result,
            Market = market,
            Options = Options,
            Benchmarks = [new BenchmarkCurve($"held {name}", new EquityCurve(market.Times, market.Assets[0].Close))],
            Forecasts = Forecasts(market.Assets[0]),
            Sweep = new SweepSurface(name, "fast", name, ["5", "10"], ["20", "50", "100"], new[,] { { 0.5, -0.25, double.NaN }, { 0.125, 0.75, -0.5 } }),
            LookAhead = [$"No decision of {name} changed."],
            Notes = [$"A note on {name}."],
            Provenance = [new ReportFact("command", $"sequence backtest run {name}")],
        };
    }

    public static ForecastTable Forecasts(BarSeries series)
    {
        var rows = new List<ForecastRow>();
        for (var origin = 0; origin + 2 < series.Length; origin++)
        {
            for (var step = 1; step <= 2; step++)
            {
                var (now, then) = (series.Close.Span[origin], series.Close.Span[origin + step]);
                rows.Add(new ForecastRow(
                    series.Asset, origin, series.Times.Span[origin], series.Times.Span[origin + step], step, then, now * 1.001, [], now, 1, 1));
            }
        }

        return new ForecastTable(rows);
    }
}
