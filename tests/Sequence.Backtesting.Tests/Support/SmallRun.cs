namespace Sequence.Backtesting.Tests;

/// <summary>A short run with a long, a short and an open trade, and odd names.</summary>
internal static class SmallRun
{
    public const string Asset = "A,\"1\"";

    public static readonly DateTimeOffset Start = new(2024, 1, 29, 12, 30, 15, TimeSpan.Zero);

    private static readonly double[] Closes = [100, 102, 101, 105, 107, 104, 103, 99, 98, 97, 101, 103];

    public static Market Market => new(BarSeries.FromBars(
        Asset, [.. Closes.Select((close, day) => new Bar(Start.AddDays(day), close - 0.5, close + 2, close - 2, close))]));

    public static BacktestOptions Options => new() { Commission = Commission.Rate(0.001), Spread = 0.002 };

    public static BacktestResult Result => Backtest.Run(
        Market,
        new Strategy("small", context =>
        {
            switch (context.Bar)
            {
                case 1:
                    context.Buy(OrderSize.Units(10), stopLoss: 80, tag: "first, \"long\"\nof two");
                    break;
                case 4:
                    context.ClosePosition();
                    context.Sell(OrderSize.Units(7));
                    break;
                case 8:
                    context.ClosePosition();
                    context.Buy(OrderSize.Units(3));
                    break;
            }
        }),
        Options);

    public static BacktestResult WithoutTrades => Backtest.Run(Market, new Strategy("idle", _ => { }), Options);
}
