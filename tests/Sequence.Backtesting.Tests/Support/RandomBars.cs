using Sequence.Numerics;

namespace Sequence.Backtesting.Tests;

/// <summary>Daily bars of a geometric random walk.</summary>
internal static class RandomBars
{
    public static readonly DateTimeOffset Start = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="asset">Symbol.</param>
    /// <param name="length">Bars.</param>
    /// <param name="seed">Seed of the walk.</param>
    /// <param name="firstDay">Days after the start of the first bar.</param>
    /// <param name="missing">Whether the asset misses the bar of a day, by its number after the start.</param>
    /// <param name="covariate">A column "signal" computed from all closes; null without.</param>
    public static BarSeries Series(
        string asset,
        int length,
        ulong seed,
        int firstDay = 0,
        Func<int, bool>? missing = null,
        Func<double[], double[]>? covariate = null)
    {
        var random = new CounterRandom(seed);
        var bars = new List<Bar>();
        var close = 100.0;
        for (var day = firstDay; bars.Count < length; day++)
        {
            var open = close * Math.Exp(0.002 * random.NextGaussian());
            close = open * Math.Exp(0.01 * random.NextGaussian());
            var high = Math.Max(open, close) * (1 + (0.005 * random.NextDouble()));
            var low = Math.Min(open, close) * (1 - (0.005 * random.NextDouble()));
            if (missing?.Invoke(day) != true)
            {
                bars.Add(new Bar(Start.AddDays(day), open, high, low, close, 1000));
            }
        }

        var series = BarSeries.FromBars(asset, bars);
        return covariate is null
            ? series
            : new BarSeries(asset, series.Times, series.Open, series.High, series.Low, series.Close, series.Volume, new Dictionary<string, ReadOnlyMemory<double>>
            {
                ["signal"] = covariate(series.Close.ToArray()),
            });
    }

    public static Market Single(int length = 400, ulong seed = 1) => new(Series("A", length, seed));

    /// <summary>Four assets: one whole, one that starts late, one that ends early, one that misses every seventh day.</summary>
    public static Market Panel(int length = 300) => new(
        Series("WHOLE", length, 1),
        Series("LATE", length - 120, 2, firstDay: 120),
        Series("SHORT", length - 100, 3),
        Series("HOLES", length - (length / 7) - 2, 4, missing: day => day % 7 == 3));
}
