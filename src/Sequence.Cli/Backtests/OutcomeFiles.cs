using System.Runtime.InteropServices;
using System.Text.Json;
using Sequence.Backtesting;
using Sequence.Reporting;

namespace Sequence.Cli.Backtests;

/// <summary>Writes what a strategy came to into a folder, each file whole or not at all.</summary>
internal static class OutcomeFiles
{
    /// <summary>Name of the file that holds what --json prints.</summary>
    public const string Result = "result.json";

    /// <summary>Writes the tear sheet, the result and the tables.</summary>
    /// <returns>Path of the tear sheet.</returns>
    public static async Task<string> WriteAsync(
        string folder, BacktestConfig config, TradingOutcome outcome, object json, SweepSurface? sweep, CancellationToken cancellationToken)
    {
        var statistics = config.Statistics with { Benchmark = outcome.BuyAndHold.Result.Equity };
        await BacktestFiles.WriteAsync(
            folder, outcome.Strategy.Result, outcome.Strategy.Summary, BacktestSettings.Describe(config.Account, statistics), cancellationToken);
        await TextFile.WriteAsync(Path.Combine(folder, Result), JsonOutput.ToText(json) + "\n", cancellationToken);
        return await new BacktestReport
        {
            Result = outcome.Strategy.Result,
            Market = outcome.Market,
            Title = config.Report.Title,
            Performance = statistics,
            Options = config.Account,
            Benchmarks = [new BenchmarkCurve(BacktestReport.BuyAndHold, outcome.BuyAndHold.Result.Equity)],
            Forecasts = outcome.Forecasts,
            Sweep = sweep,
            LookAhead = [.. outcome.GuardSentences()],
            Notes = [.. OutcomeText.Notes(outcome)],
            Provenance =
            [
                new("command", "sequence " + string.Join(' ', Environment.GetCommandLineArgs().Skip(1))),
                new("configuration", config.File),
                new("data", string.Join(", ", config.Data.Files)),
                new("runtime", RuntimeInformation.FrameworkDescription),
                new("written", TimeProvider.System.GetUtcNow().ToString("u")),
            ],
        }.WriteAsync(folder, cancellationToken);
    }

    /// <summary>The outcome as --json prints it.</summary>
    public static object Json(TradingOutcome outcome, string? folder, object? more = null) => new
    {
        Strategy = outcome.Strategy.Name,
        Assets = outcome.Market.Assets.Select(series => series.Asset),
        outcome.Strategy.Summary,
        outcome.Strategy.Result.Ledger,
        Events = outcome.Strategy.Result.Events.CountBy(happening => happening.Kind).ToDictionary(
            pair => JsonNamingPolicy.KebabCaseLower.ConvertName(pair.Key.ToString()), pair => pair.Value, StringComparer.Ordinal),
        BuyAndHold = new { outcome.BuyAndHold.Summary, outcome.BuyAndHold.Result.Ledger },
        RandomEntries = outcome.Random,
        LookAhead = outcome.Guard is not { } guard ? null : new { guard.IsClean, guard.Samples, guard.Finding, Unseen = outcome.Blind },
        Details = more,
        Folder = folder,
    };
}
