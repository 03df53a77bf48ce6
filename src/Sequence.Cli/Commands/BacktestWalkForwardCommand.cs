using System.CommandLine;
using Sequence.Cli.Backtests;
using Sequence.Forecasting;

namespace Sequence.Cli.Commands;

/// <summary>sequence backtest walk-forward: fits and forecasts through time, then trades on the forecasts.</summary>
internal static class BacktestWalkForwardCommand
{
    private const string FoldFolder = "folds";
    private const string FoldPattern = "fold-*.csv";
    private const string TableName = "forecasts";

    public static Command Create()
    {
        var command = new Command(
            "walk-forward",
            "Fit and forecast through time, write the table of forecasts, and trade on it where the strategy is one on forecasts. Ctrl-C leaves finished folds " +
            "that --resume goes on from.");
        var input = new BacktestInput(command);
        var resume = ResumeOption.Create();
        var json = JsonOption.Create();
        command.Options.Add(resume);
        command.Options.Add(json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var config = input.Read(parsed, "forecast");
            var folder = RequireWalk(input, parsed, config);
            var folds = Path.Combine(folder, FoldFolder);
            ResumeOption.RequireAsked(parsed.GetValue(resume), folds, FoldPattern);
            var market = config.Data.ReadMarket(cancellationToken);
            config.Account.Validate(market);
            var walk = new MarketWalk(config, market);
            var table = ResumeOption.Keeping(folds, FoldPattern, () => Terminal.WithProgress(
                "forecasting", progress => walk.MakeAsync(folds, progress, cancellationToken).GetAwaiter().GetResult()));
            table.WriteCsv(Path.Combine(folder, TableName + ".csv"));
            await table.WriteParquetAsync(Path.Combine(folder, TableName + ".parquet"), cancellationToken);

            // The outcomes of the last forecasts are not known yet.
            var known = new ForecastTable([.. table.Rows.Where(row => double.IsFinite(row.Actual))]);
            var accuracy = known.Rows.Count == 0 ? null : known.Accuracy();
            TradingOutcome? outcome = null;
            if (config.Strategy is { UsesForecasts: true } plan)
            {
                outcome = Terminal.WithProgress("trading", progress => TradingOutcome.Run(
                    config, MarketWalk.From(market, table), plan.Make(plan.Source(table)), table, progress, cancellationToken));
            }

            var walked = new { Forecaster = walk.Name, walk.Folds, Forecasts = table.Rows.Count, Accuracy = accuracy, Folder = folder };
            object result = outcome is null ? walked : OutcomeFiles.Json(outcome, folder, walked);
            var page = outcome is null ? null : await OutcomeFiles.WriteAsync(folder, config, outcome, result, null, cancellationToken);
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(result);
                return ExitCode.Success;
            }

            Write(walk, table, accuracy, outcome);
            Console.Out.WriteLine($"Forecasts: {Path.Combine(folder, TableName + ".csv")}");
            if (page is not null)
            {
                Console.Out.WriteLine($"Report: {page}");
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static string RequireWalk(BacktestInput input, ParseResult parsed, BacktestConfig config)
    {
        if (config.Forecast!.Table is { } table)
        {
            throw new ConfigurationException(
                $"forecast.table is {table}: there is nothing to walk forward. Name a forecast.forecaster, or trade the table with 'sequence backtest run'.");
        }

        return input.Folder(parsed, config) ?? throw new ConfigurationException(
            "No folder is given for the forecasts; give --out, or report.folder in the configuration.");
    }

    private static void Write(MarketWalk walk, ForecastTable table, AccuracyReport? accuracy, TradingOutcome? outcome)
    {
        if (accuracy is not null)
        {
            AccuracyTable.Write([(walk.Name, accuracy)]);
        }

        Console.Out.WriteLine($"{walk.Folds:N0} folds, {table.Rows.Count:N0} forecasts by {walk.Name}.");
        if (outcome is not null)
        {
            OutcomeText.Write(outcome);
        }
    }
}
