using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sequence.Backtesting;
using Sequence.Cli.Backtests;
using Sequence.Forecasting;
using Sequence.Reporting;

namespace Sequence.Cli.Commands;

/// <summary>sequence backtest sweep: many sets of parameters, and what the best is worth after so many tries.</summary>
internal static class BacktestSweepCommand
{
    private const string TrialFolder = "trials";
    private const string PartPattern = "part-*.parquet";
    private const string StrategyFile = "strategy.json";
    private const int Shown = 10;

    public static Command Create()
    {
        var command = new Command(
            "sweep",
            "Try many sets of parameters in parallel and deflate the Sharpe ratio of the best by their number. Ctrl-C leaves finished parts that --resume goes " +
            "on from.");
        var input = new BacktestInput(command);
        var resume = ResumeOption.Create();
        var json = JsonOption.Create();
        command.Options.Add(resume);
        command.Options.Add(json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var config = input.Read(parsed, "strategy", "sweep");
            var sweep = config.Sweep!;
            var folder = input.Folder(parsed, config);
            var parts = folder is null ? null : Path.Combine(folder, TrialFolder);
            if (parts is null && parsed.GetValue(resume))
            {
                throw new ConfigurationException("--resume is given, but no folder; give the --out of the sweep that was stopped.");
            }

            if (parts is not null)
            {
                ResumeOption.RequireAsked(parsed.GetValue(resume), parts, PartPattern);
            }

            var market = config.Data.ReadMarket(cancellationToken);
            config.Account.Validate(market);
            var table = new ForecastTable([]);
            var traded = market;
            if (config.Strategy!.UsesForecasts)
            {
                var walk = new MarketWalk(config, market);
                table = Terminal.WithProgress(
                    "forecasting", progress => walk.MakeAsync(null, progress, cancellationToken).GetAwaiter().GetResult());
                traded = MarketWalk.From(market, table);
            }

            var text = config.Text!;
            if (parts is not null)
            {
                await RequireSameAsync(parts, text.Strategy, table, cancellationToken);
            }

            var result = ResumeOption.Keeping(parts, PartPattern, () => Terminal.WithProgress("sweeping", progress => SweepOutcome.Run(
                sweep,
                traded,
                set =>
                {
                    var plan = text.StrategyOf(set);
                    return plan.Make(plan.Source(table));
                },
                text.AccountOf,
                parts,
                progress,
                cancellationToken)));
            if (result.Best is not { } best)
            {
                Console.Error.WriteLine(
                    $"None of {result.Trials.Count:N0} trials has a {MeasureName(sweep.Options.Measure)}. " +
                    $"{result.Trials.FirstOrDefault(trial => trial.Fault is not null)?.Fault ?? "They traded nothing."}");
                return ExitCode.Failed;
            }

            config = config with { Account = text.AccountOf(best.Parameters) };
            var winner = text.StrategyOf(best.Parameters);
            var outcome = Terminal.WithProgress("trading the best", progress => TradingOutcome.Run(
                config, traded, winner.Make(winner.Source(table)), winner.UsesForecasts ? table : null, progress, cancellationToken));
            var found = Json(result, sweep, outcome.Strategy.Summary.PeriodsPerYear);
            var all = OutcomeFiles.Json(outcome, folder, found);
            var page = folder is null
                ? null
                : await OutcomeFiles.WriteAsync(
                    folder, config, outcome, all, Surface(result, sweep, outcome.Strategy.Summary.PeriodsPerYear), cancellationToken);
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(all);
                return ExitCode.Success;
            }

            Write(result, sweep, outcome.Strategy.Summary.PeriodsPerYear);
            OutcomeText.Write(outcome);
            if (page is not null)
            {
                Console.Out.WriteLine($"Trials: {parts}");
                Console.Out.WriteLine($"Report: {page}");
            }

            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>
    /// Keeps beside the trials what their own folder cannot know, the strategy and its forecasts, and refuses to mix two.
    /// </summary>
    private static async Task RequireSameAsync(string parts, JsonElement strategy, ForecastTable table, CancellationToken cancellationToken)
    {
        using var rows = new StringWriter();
        table.WriteCsv(rows);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(rows.ToString())));
        var text = JsonOutput.ToText(new { Strategy = strategy, Forecasts = hash }) + "\n";
        var file = Path.Combine(parts, StrategyFile);
        if (!Directory.Exists(parts) || !Directory.EnumerateFiles(parts, PartPattern, SearchOption.AllDirectories).Any())
        {
            Directory.CreateDirectory(parts);
            await TextFile.WriteAsync(file, text, cancellationToken);
        }
        else if (!File.Exists(file) || await File.ReadAllTextAsync(file, cancellationToken) != text)
        {
            throw new ConfigurationException(
                $"{parts} holds trials of another strategy or of other forecasts; give another --out, or delete the folder.");
        }
    }

    private static object Json(SweepOutcome result, SweepPlan sweep, double periodsPerYear) => new
    {
        Trials = result.Trials.Count,
        Failed = result.Trials.Count(trial => trial.Fault is not null),
        sweep.LeftOut,
        result.Measure,
        Best = Parameters(result.Best!),
        BestSharpe = result.Best!.Sharpe * Math.Sqrt(periodsPerYear),
        result.DeflatedSharpe,
        result.EffectiveTrials,
        Ranked = result.Ranked.Take(Shown).Select(trial => new
        {
            Parameters = Parameters(trial),
            trial.TotalReturn,
            Sharpe = trial.Sharpe * Math.Sqrt(periodsPerYear),
            trial.MaximumDrawdown,
            trial.Trades,
        }),
    };

    private static Dictionary<string, double> Parameters(SweepTrial trial) =>
        trial.Parameters.Names.Zip(trial.Parameters.Values).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);

    private static void Write(SweepOutcome result, SweepPlan sweep, double periodsPerYear)
    {
        Terminal.WriteTable(
            ["best trials", "return %", "Sharpe", "drawdown %", "trades"],
            result.Ranked.Take(Shown).Select(trial => new[]
            {
                trial.Parameters.ToString(), $"{100 * trial.TotalReturn:N2}", $"{trial.Sharpe * Math.Sqrt(periodsPerYear):N2}",
                $"{-100 * trial.MaximumDrawdown:N2}", $"{trial.Trades:N0}",
            }));
        Console.Out.WriteLine(Sentence(result));
        var failed = result.Trials.Where(trial => trial.Fault is not null).ToArray();
        if (failed.Length > 0)
        {
            Console.Out.WriteLine($"{failed.Length:N0} trials failed; the first ({failed[0].Parameters}): {failed[0].Fault}");
        }

        if (sweep.LeftOut > 0)
        {
            Console.Out.WriteLine($"{sweep.LeftOut:N0} combinations were left out, because strategy or account do not take them.");
        }
    }

    private static string Sentence(SweepOutcome result) =>
        $"Deflated Sharpe ratio of the best ({result.Best!.Parameters}): {result.DeflatedSharpe:N3}, the probability that its true Sharpe ratio is above zero after " +
        $"{result.EffectiveTrials:N0} trials.";

    private static string MeasureName(SweepMeasure measure) => measure switch
    {
        SweepMeasure.Sharpe => "Sharpe ratio",
        SweepMeasure.TotalReturn => "total return",
        _ => "greatest drawdown",
    };

    /// <summary>The map of a grid over two parameters; null for any other.</summary>
    private static SweepSurface? Surface(SweepOutcome result, SweepPlan sweep, double periodsPerYear)
    {
        if (sweep.Axes is not [var rows, var columns])
        {
            return null;
        }

        var values = new double[rows.Values.Count, columns.Values.Count];
        for (var row = 0; row < rows.Values.Count; row++)
        {
            for (var column = 0; column < columns.Values.Count; column++)
            {
                values[row, column] = double.NaN;
            }
        }

        var (rowOf, columnOf) = (Index(rows), Index(columns));
        foreach (var trial in result.Trials)
        {
            values[rowOf[trial.Parameters[rows.Name]], columnOf[trial.Parameters[columns.Name]]] = result.Measure switch
            {
                SweepMeasure.Sharpe => trial.Sharpe * Math.Sqrt(periodsPerYear),
                SweepMeasure.TotalReturn => trial.TotalReturn,
                _ => -trial.MaximumDrawdown,
            };
        }

        return new SweepSurface(
            MeasureName(result.Measure), rows.Name, columns.Name, [.. rows.Values.Select(Text)], [.. columns.Values.Select(Text)], values)
        {
            Note = Sentence(result),
        };

        static string Text(double value) => value.ToString("G6", System.Globalization.CultureInfo.InvariantCulture);

        static Dictionary<double, int> Index(ParameterAxis axis) =>
            axis.Values.Select((value, index) => (value, index)).ToDictionary(pair => pair.value, pair => pair.index);
    }
}
