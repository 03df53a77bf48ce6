using System.CommandLine;
using Sequence.Cli.Backtests;
using Sequence.Cli.Quickstart;
using Sequence.Datasets;

namespace Sequence.Cli.Commands;

/// <summary>sequence quickstart: train, evaluate, forecast, backtest and report with one command.</summary>
internal static class QuickstartCommand
{
    public static Command Create()
    {
        var command = new Command(
            "quickstart",
            "Train a forecaster beside baselines, evaluate by rolling origin, forecast with intervals, trade on it, write reports.");
        var input = new SeriesInput(command, required: false);
        var forecaster = new ForecasterInput(command, horizon: 10);
        var models = new Option<string>("--models") { Description = "Neural models with commas between them; the first one makes the forecast.", DefaultValueFactory = _ => "resnls-5,lstm-5,nlinear-60" };
        var test = new Option<double>("--test-fraction") { Description = "Share of the rows, at their end, that the models are judged on.", DefaultValueFactory = _ => 0.2 };
        var levels = LevelsOption.Create();
        var output = new Option<string>("--out") { Description = "Folder for the checkpoint, the forecasts and the report.", DefaultValueFactory = _ => "sequence-quickstart" };
        var json = JsonOption.Create();
        foreach (var option in new Option[] { models, test, levels, output, json })
        {
            command.Options.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            var asked = LevelsOption.Parse(parsed.GetValue(levels)!);
            var testShare = parsed.GetValue(test);
            if (testShare is not (> 0 and < 1))
            {
                throw new ConfigurationException($"--test-fraction is {testShare}; it must be in (0, 1).");
            }

            if (asked.Count == 0)
            {
                throw new ConfigurationException("--levels is empty; give at least one, for example 80,95.");
            }

            var panel = await input.ReadAsync(parsed, cancellationToken, Samples.DailyIndexPath);
            var series = Requirements.Single(panel);
            Requirements.NotConstant(panel);
            var names = ModelNames.Parse(parsed.GetValue(models)!);
            forecaster.RequireUse(parsed, names);
            var horizon = forecaster.Horizon(parsed);
            var progressSource = new Relay();
            var neural = names.Select(name => forecaster.CreateNeural(parsed, name, panel, progress: progressSource)).ToArray();
            QuickstartRun.RequireRows(series, horizon, testShare, names.Max(name => forecaster.LookBack(parsed, name)), asked);
            var folder = OutputFolder.Prepare(parsed.GetValue(output)!);
            var source = input.Path(parsed) ?? "shipped sample daily-index.csv (made by our generator)";
            var run = new QuickstartRun(series, source, input.Target(parsed, panel), horizon, testShare, asked, forecaster.Seed(parsed));
            var result = Terminal.WithProgress("quickstart", progress => run.Compute(neural, progressSource, progress, cancellationToken));
            var files = await QuickstartFiles.WriteAsync(folder, run, result, cancellationToken);
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(QuickstartFiles.Summary(run, result, files));
                return ExitCode.Success;
            }

            AccuracyTable.Write(result.Evaluations.Select(one => (one.Forecaster, one.Accuracy)));
            Console.Out.WriteLine(
                $"{result.Evaluations[0].Folds} origins, {horizon} steps each, over the last {testShare:P0} of {series.Length} rows of {run.Target}.");
            Terminal.WriteTable(
                ForecastFile.Header([result.Forecast]), ForecastFile.Rows([result.Forecast], ForecastFile.NumberFormat([result.Forecast])));
            if (result.Trading is { } trading)
            {
                Console.Out.WriteLine($"Long or flat on the forecasts of {result.Evaluations[0].Forecaster}, 10 basis points a side:");
                OutcomeText.WriteTable(trading);
            }

            Console.Out.WriteLine($"Report:     {files.Report}");
            if (files.Backtest is { } backtest)
            {
                Console.Out.WriteLine($"Backtest:   {backtest}");
            }

            Console.Out.WriteLine($"Checkpoint: {files.Checkpoint}");
            return ExitCode.Success;
        });
        return command;
    }
}
