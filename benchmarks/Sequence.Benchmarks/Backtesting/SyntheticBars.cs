using Sequence.Backtesting;

namespace Sequence.Benchmarks.Backtesting;

/// <summary>Bars of a random walk, the same for a seed wherever they are made.</summary>
internal static class SyntheticBars
{
    /// <summary>One-minute bars from 2000 on whose log returns have a standard deviation of 0.001.</summary>
    internal static BarSeries Minutes(string asset, int bars, uint seed) => Make(asset, bars, seed, TimeSpan.FromMinutes(1));

    /// <summary>Daily bars from 2000 on.</summary>
    internal static BarSeries Days(string asset, int bars, uint seed) => Make(asset, bars, seed, TimeSpan.FromDays(1));

    private static BarSeries Make(string asset, int bars, uint seed, TimeSpan spacing)
    {
        var random = new Random((int)seed);
        var start = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var times = new DateTimeOffset[bars];
        var columns = Enumerable.Range(0, 5).Select(_ => new double[bars]).ToArray();
        var price = 100.0;
        for (var bar = 0; bar < bars; bar++)
        {
            var open = price;
            price *= Math.Exp(0.001 * ((2 * random.NextDouble()) - 1) * Math.Sqrt(3));
            times[bar] = start + (bar * spacing);
            columns[0][bar] = open;
            columns[1][bar] = Math.Max(open, price) * (1 + (0.0005 * random.NextDouble()));
            columns[2][bar] = Math.Min(open, price) * (1 - (0.0005 * random.NextDouble()));
            columns[3][bar] = price;
            columns[4][bar] = random.Next(1_000, 10_000);
        }

        return new BarSeries(asset, times, columns[0], columns[1], columns[2], columns[3], columns[4]);
    }
}
