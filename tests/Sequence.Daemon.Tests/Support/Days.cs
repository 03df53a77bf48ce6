using System.Globalization;
using Sequence.Numerics;

namespace Sequence.Daemon.Tests;

/// <summary>A daily price, and its rows as a client sends them.</summary>
internal static class Days
{
    public static readonly DateTimeOffset First = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static double[] Prices(int count)
    {
        var random = new CounterRandom(5);
        return [.. Enumerable.Range(0, count).Select(day => Math.Round(100 + (0.01 * day) + random.NextGaussian(), 6))];
    }

    public static string Array(IEnumerable<(int Day, double Value)> rows) => $"[{string.Join(',', rows.Select(row => One(row.Day, row.Value)))}]";

    public static string Array(double[] values, int start, int count) => Array(Enumerable.Range(start, count).Select(day => (day, values[day])));

    public static string One(int day, double value) => string.Create(
        CultureInfo.InvariantCulture, $$"""{"time":"{{First.AddDays(day):yyyy-MM-ddTHH:mm:ssZ}}","value":{{value:R}}}""");
}
