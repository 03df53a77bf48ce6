using System.Text.Json;
using Sequence.Backtesting;
using Sequence.Data;

namespace Sequence.Cli.Backtests;

/// <summary>A configuration file, checked as a whole: one reading names all there is to mend.</summary>
internal sealed record BacktestConfig
{
    /// <summary>Full path of the file.</summary>
    public required string File { get; init; }

    public required DataPlan Data { get; init; }

    public required BacktestOptions Account { get; init; }

    public required PerformanceOptions Statistics { get; init; }

    /// <summary>What to trade; null where the section is left out.</summary>
    public required StrategyPlan? Strategy { get; init; }

    /// <summary>What a sweep varies, as it stands in the file; null where there is no strategy.</summary>
    public required SweepText? Text { get; init; }

    /// <summary>The forecasts; null where the section is left out.</summary>
    public required ForecastPlan? Forecast { get; init; }

    public required LookAheadOptions Guard { get; init; }

    /// <summary>What to try; null where the section is left out.</summary>
    public required SweepPlan? Sweep { get; init; }

    public required ReportPlan Report { get; init; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file: JSON with comments and trailing commas.</param>
    /// <param name="needs">Sections that the command cannot do without.</param>
    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    /// <exception cref="DataFormatException">It is not there or no JSON.</exception>
    public static BacktestConfig Read(string path, params IReadOnlyList<string> needs)
    {
        var file = Path.GetFullPath(path);
        if (!System.IO.File.Exists(file))
        {
            throw new DataFormatException("There is no such file. 'sequence backtest config' prints one to begin with.", file);
        }

        var faults = new ConfigFaults();
        var config = Read(Parse(System.IO.File.ReadAllText(file), file), file, needs, faults);
        faults.ThrowIfAny(Path.GetFileName(file));
        return config;
    }

    internal static BacktestConfig Read(JsonElement text, string file, IReadOnlyList<string> needs, ConfigFaults faults)
    {
        var folder = Path.GetDirectoryName(file)!;
        var root = new ConfigObject(text, string.Empty, faults);
        foreach (var section in needs)
        {
            root.Require(root.Has(section), section, "is missing; this command needs the section.");
        }

        var strategy = root.Section("strategy") is { } found ? StrategyPlan.Read(found) : null;
        var forecast = root.Section("forecast") is { } walked ? ForecastPlan.Read(walked, folder) : null;
        var sweepText = root.Element("strategy") is { ValueKind: JsonValueKind.Object } written
            ? new SweepText(written, root.Element("account") is { ValueKind: JsonValueKind.Object } account ? account : JsonSerializer.SerializeToElement(new { }))
            : null;
        var config = new BacktestConfig
        {
            File = file,
            Data = DataPlan.Read(root.SectionOrEmpty("data"), folder),
            Account = AccountPlan.Read(root.SectionOrEmpty("account")),
            Statistics = AccountPlan.ReadStatistics(root.SectionOrEmpty("statistics")),
            Strategy = strategy,
            Text = sweepText,
            Forecast = forecast,
            Guard = ReadGuard(root.SectionOrEmpty("guard")),
            Sweep = root.Section("sweep") is { } sweep && sweepText is not null ? SweepPlan.Read(sweep, sweepText) : null,
            Report = ReportPlan.Read(root.SectionOrEmpty("report"), folder),
        };
        root.Close();
        RequireForecasts(root, config);
        return config;
    }

    private static void RequireForecasts(ConfigObject root, BacktestConfig config)
    {
        if (config.Strategy is not { UsesForecasts: true } strategy)
        {
            return;
        }

        if (config.Forecast is not { } forecast)
        {
            root.Require(root.Has("forecast"), "forecast", $"is missing; the strategy {strategy.Kind} trades on forecasts.");
            return;
        }

        if (forecast.Table is null)
        {
            root.Require(
                !strategy.UsesIntervals || forecast.Walk.Levels.Count > 0,
                "forecast.levels",
                $"is empty; the strategy {strategy.Kind} needs intervals: give for example [80].");
            root.Require(
                strategy.StepsAhead <= forecast.Walk.Horizon,
                "strategy.stepsAhead",
                $"is {strategy.StepsAhead}, beyond forecast.horizon ({forecast.Walk.Horizon}).");
        }
    }

    private static LookAheadOptions ReadGuard(ConfigObject section)
    {
        var defaults = new LookAheadOptions();
        var options = new LookAheadOptions
        {
            Samples = section.Integer("samples", defaults.Samples),
            Seed = section.Seed("seed") ?? defaults.Seed,
            Workers = section.Integer("workers", defaults.Workers),
        };
        section.Try(() =>
        {
            options.Validate();
            return options;
        });
        section.Close();
        return options;
    }

    private static JsonElement Parse(string text, string file)
    {
        try
        {
            using var document = JsonDocument.Parse(
                text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            var reason = error.Message.Split(" LineNumber:")[0].Split(" Path:")[0];
            throw new DataFormatException($"This is no JSON: {reason}", file, (error.LineNumber ?? 0) + 1, (int)(error.BytePositionInLine ?? 0) + 1);
        }
    }
}
