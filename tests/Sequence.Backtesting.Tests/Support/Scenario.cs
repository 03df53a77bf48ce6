namespace Sequence.Backtesting.Tests;

/// <summary>Daily bars written out as (open, high, low, close) and what to do after some of them.</summary>
internal static class Scenario
{
    public static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static BarSeries Bars(string asset, params (double Open, double High, double Low, double Close)[] bars) =>
        BarSeries.FromBars(asset, bars
            .Select((bar, index) => new Bar(Start.AddDays(index), bar.Open, bar.High, bar.Low, bar.Close, 1_000))
            .ToArray());

    public static BacktestResult Run(
        BacktestOptions options,
        (double Open, double High, double Low, double Close)[] bars,
        params (int Bar, Action<StrategyContext> Act)[] script) => Run(options, new Market(Bars("A", bars)), script);

    public static BacktestResult Run(
        BacktestOptions options, Market market, params (int Bar, Action<StrategyContext> Act)[] script) =>
        Backtest.Run(
            market,
            new Strategy("script", context =>
            {
                foreach (var (bar, act) in script)
                {
                    if (bar == context.Bar)
                    {
                        act(context);
                    }
                }
            }),
            options);

    /// <summary>The only fill of a run.</summary>
    public static Fill Only(this BacktestResult result)
    {
        Assert.HasCount(1, result.Fills);
        return result.Fills[0];
    }

    public static double Last(this EquityCurve curve) => curve.Values.Span[^1];
}
