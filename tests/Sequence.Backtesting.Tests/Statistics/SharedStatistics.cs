using System.Globalization;
using System.Text.Json;

namespace Sequence.Backtesting.Tests;

/// <summary>Reference numbers beside the repository; tests that need an absent file are inconclusive.</summary>
internal static class SharedStatistics
{
    internal static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Sequence.sln")))
        {
            folder = folder.Parent;
        }

        var reference = Path.Combine(folder?.Parent?.FullName ?? AppContext.BaseDirectory, "shared", "reference", "backtest");
        if (!Directory.Exists(reference))
        {
            Assert.Inconclusive($"{reference} is not on this machine.");
        }

        return reference;
    }

    internal static JsonElement Read(string relative)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder(), relative)));
        return document.RootElement.Clone();
    }

    /// <summary>A number as JSON or as its name; null is NaN.</summary>
    internal static double Number(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.Null => double.NaN,
        JsonValueKind.String => element.GetString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            var text => double.Parse(text!, CultureInfo.InvariantCulture),
        },
        _ => throw new InvalidDataException($"{element} is not a number."),
    };

    internal static double[] Numbers(JsonElement element) => [.. element.EnumerateArray().Select(Number)];

    internal static DateTimeOffset Time(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    internal static DateTimeOffset[] Times(JsonElement element) => [.. element.EnumerateArray().Select(item => Time(item.GetString()!))];

    /// <summary>Null when equal to a relative tolerance, NaN to NaN and infinity to infinity; else what differs.</summary>
    internal static string? Difference(string name, double expected, double actual, double tolerance = 1e-8)
    {
        var same = double.IsNaN(expected) || double.IsInfinity(expected)
            ? expected.Equals(actual)
            : Math.Abs(actual - expected) <= tolerance * Math.Abs(expected);
        return same ? null : $"{name}: expected {expected:R}, got {actual:R}";
    }
}
