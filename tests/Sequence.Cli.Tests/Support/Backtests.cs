using System.Globalization;

namespace Sequence.Cli.Tests;

/// <summary>Small files of bars and configurations.</summary>
internal static class Backtests
{
    /// <summary>Writes a configuration; names within it are relative to the folder.</summary>
    public static string Write(TemporaryFolder folder, string json, string name = "backtest.json")
    {
        var path = folder.File(name);
        File.WriteAllText(path, json);
        return path;
    }

    /// <summary>A CSV file of the closes given, one a calendar day from 2024-01-01, called prices.csv.</summary>
    public static string WriteCloses(TemporaryFolder folder, params double[] closes)
    {
        var rows = closes.Select((close, row) => string.Create(CultureInfo.InvariantCulture, $"{Day(row):yyyy-MM-dd},{close:R}"));
        return Files.WriteText(folder, "date,close\n" + string.Join('\n', rows) + "\n", "prices.csv");
    }

    /// <summary>A walk of closes with a slow wave, so that averages cross.</summary>
    public static double[] Wave(int rows) =>
        [.. Enumerable.Range(0, rows).Select(row => Math.Round(100 + (10 * Math.Sin(row / 9.0)) + (3 * Math.Sin(row / 2.3)), 4))];

    public static DateOnly Day(int row) => new DateOnly(2024, 1, 1).AddDays(row);
}
