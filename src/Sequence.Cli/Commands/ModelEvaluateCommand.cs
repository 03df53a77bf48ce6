using System.CommandLine;
using Sequence.Forecasting;

namespace Sequence.Cli.Commands;

/// <summary>sequence model evaluate: rolling-origin accuracy of neural models and baselines, or a study.</summary>
internal static class ModelEvaluateCommand
{
    public static Command Create()
    {
        var command = new Command("evaluate", "Measure forecasters by rolling origin: fit, forecast, move on; nothing looks ahead.");
        var input = new SeriesInput(command, required: true);
        var forecaster = new ForecasterInput(command, horizon: 1);
        var evaluation = new EvaluationInput(command);
        var models = new Option<string>("--models") { Description = "Names with commas between them; see: sequence model list.", DefaultValueFactory = _ => "resnls-5,persistence,drift,seasonal-naive,ar-5,ets,theta" };
        var levels = LevelsOption.Create();
        var output = new Option<string?>("--out") { Description = "Folder for every single forecast, one CSV file a model; with --study, for its page." };
        var json = JsonOption.Create();
        var lines = ProgressLinesOption.Create();
        foreach (var option in new Option[] { models, levels, output, json, lines })
        {
            command.Options.Add(option);
        }

        var study = new StudyInput(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var folder = parsed.GetValue(output) is { } path ? OutputFolder.Prepare(path) : null;
            if (study.IsAsked(parsed))
            {
                var named = parsed.GetResult(models) is { Implicit: false } ? ModelNames.Parse(parsed.GetValue(models)!) : null;
                var asStudied = study.Options(parsed, named, forecaster.LearningRate(parsed), folder);
                return await StudyInput.RunAsync(parsed, input, asStudied, folder, parsed.GetValue(json), cancellationToken);
            }

            var panel = await input.ReadAsync(parsed, cancellationToken);
            Requirements.NotConstant(panel);
            var asked = LevelsOption.Parse(parsed.GetValue(levels)!);
            var options = evaluation.Read(parsed, forecaster.Horizon(parsed), asked);
            Requirements.Rows(panel, lookBack: 1, (long)options.Gap + options.Horizon);
            var names = ModelNames.Parse(parsed.GetValue(models)!);
            forecaster.RequireUse(parsed, names);
            var forecasters = names
                .Select(name => WithIntervals(forecaster.Create(parsed, name, panel, options.Gap), options))
                .ToArray();

            var results = Terminal.WithProgress("evaluating", progress => forecasters
                .Select((one, index) => RollingOrigin.Evaluate(
                    one, panel, options, new Part(progress, index, forecasters.Length), cancellationToken))
                .ToArray(), parsed.GetValue(lines));
            if (folder is not null)
            {
                foreach (var result in results)
                {
                    result.Table.WriteCsv(Path.Combine(folder, result.Forecaster + ".csv"));
                }
            }

            if (parsed.GetValue(json))
            {
                JsonOutput.Write(results.Select(result => new
                {
                    result.Forecaster,
                    result.Folds,
                    result.Fits,
                    result.Accuracy,
                    result.AccuracyByStep,
                }), parsed.GetValue(lines));
                return ExitCode.Success;
            }

            AccuracyTable.Write(results.Select(result => (result.Forecaster, result.Accuracy)));
            Console.Out.WriteLine($"{results[0].Folds} folds, horizon {options.Horizon}, first origin {options.FirstOrigin}.");
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>Intervals by split conformal calibration on the end of each training part, where levels are asked for.</summary>
    private static IForecaster WithIntervals(IForecaster forecaster, RollingOriginOptions options) => options.Levels.Count == 0
        ? forecaster
        : new ConformalForecaster(
            forecaster, new ConformalOptions { Horizon = options.Gap + options.Horizon, CalibrationFraction = 0.2, Refit = false });

    private sealed class Part(IProgress<double> whole, int index, int count) : IProgress<double>
    {
        public void Report(double value) => whole.Report((index + value) / count);
    }
}
