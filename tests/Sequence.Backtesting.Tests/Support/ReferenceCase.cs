using System.Globalization;
using System.Text.Json;

namespace Sequence.Backtesting.Tests;

/// <summary>A reference backtest: bars, settings, a strategy by name or a script of operations, and what came of it.</summary>
internal sealed class ReferenceCase
{
    private readonly JsonElement _root;

    public ReferenceCase(JsonElement root, BarSeries bars)
    {
        _root = root;
        Bars = bars;
    }

    public BarSeries Bars { get; }

    public JsonElement Trades => _root.GetProperty("trades");

    public double[] Equity => _root.GetProperty("equity").EnumerateArray().Select(value => value.GetDouble()).ToArray();

    public int Warnings => _root.GetProperty("warnings") is { ValueKind: JsonValueKind.Array } list
        ? list.GetArrayLength()
        : _root.GetProperty("warnings").GetInt32();

    public bool ComparesTrades => !_root.TryGetProperty("compare", out var compare) ||
        compare.GetString() != "equity_and_stats_except_trades";

    public BacktestOptions Options
    {
        get
        {
            var settings = _root.GetProperty("settings");
            var commission = settings.GetProperty("commission");
            return new BacktestOptions
            {
                Profile = ExecutionProfile.BacktestingPy,
                Cash = settings.GetProperty("cash").GetDouble(),
                Spread = settings.GetProperty("spread").GetDouble(),
                Commission = commission.ValueKind == JsonValueKind.Array
                    ? Commission.FixedAndRate(commission[0].GetDouble(), commission[1].GetDouble())
                    : Commission.Rate(commission.GetDouble()),
                InitialMargin = settings.GetProperty("margin").GetDouble(),
                TradeOnClose = settings.GetProperty("trade_on_close").GetBoolean(),
                PositionMode = settings.GetProperty("hedging").GetBoolean() ? PositionMode.Hedging : PositionMode.Netting,
                ExclusiveOrders = settings.GetProperty("exclusive_orders").GetBoolean(),
                CloseAtEnd = settings.GetProperty("finalize_trades").GetBoolean(),
            };
        }
    }

    public Strategy Strategy => _root.TryGetProperty("ops", out var ops)
        ? ReferenceStrategies.Script(ops)
        : ReferenceStrategies.Named(_root.GetProperty("strategy"));

    public static IEnumerable<string> Names()
    {
        var folder = Path.GetDirectoryName(SharedFiles.Reference("backtest/cases/goog_buyhold.json"))!;
        return Directory.EnumerateFiles(folder, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal);
    }

    public static ReferenceCase Open(string name)
    {
        var root = Read($"backtest/cases/{name}.json");
        return new ReferenceCase(root, Csv(root.GetProperty("data").GetString()!));
    }

    public static IEnumerable<(string Name, ReferenceCase Case)> Micro() => Read("backtest/micro.json")
        .EnumerateArray()
        .Select(root => (root.GetProperty("name").GetString()!, new ReferenceCase(root, MicroBars(root.GetProperty("bars")))));

    public static JsonElement Read(string relative)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Reference(relative)));
        return document.RootElement.Clone();
    }

    private static BarSeries MicroBars(JsonElement bars)
    {
        var start = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return BarSeries.FromBars("ASSET", bars.EnumerateArray().Select((bar, index) => new Bar(
            start.AddDays(index), bar[0].GetDouble(), bar[1].GetDouble(), bar[2].GetDouble(), bar[3].GetDouble())).ToArray());
    }

    private static BarSeries Csv(string relative) => BarSeries.FromBars("ASSET", File
        .ReadLines(SharedFiles.Reference(Path.Combine("backtest", relative)))
        .Skip(1)
        .Select(line => line.Split(','))
        .Select(cells => new Bar(
            DateTimeOffset.Parse(cells[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            Number(cells[1]),
            Number(cells[2]),
            Number(cells[3]),
            Number(cells[4]),
            Number(cells[5])))
        .ToArray());

    private static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);
}
