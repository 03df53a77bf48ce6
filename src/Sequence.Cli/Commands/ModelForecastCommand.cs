using System.CommandLine;
using Sequence.Data;
using Sequence.Data.Checkpoints;
using Sequence.Forecasting;
using Sequence.Streaming;
using Sequence.Training;

namespace Sequence.Cli.Commands;

/// <summary>sequence model forecast: forecasts the steps after the end of a file.</summary>
internal static class ModelForecastCommand
{
    private const string Streaming = "streaming";
    private const string Torch = "torch";

    public static Command Create()
    {
        var command = new Command("forecast", "Forecast what comes after the end of a file, with a checkpoint or a baseline.");
        var input = new SeriesInput(command, required: true);
        var checkpoint = CheckpointOption.Create(required: false);
        var model = new Option<string?>("--model") { Description = "A baseline instead of a checkpoint, for example theta; see: sequence model list." };
        var horizon = new Option<int?>("--horizon") { Description = "Steps to forecast; left out, all that the checkpoint was trained for, or 1." };
        var levels = LevelsOption.Create();
        var engine = new Option<string>("--engine") { Description = "What runs a checkpoint: streaming (no libtorch) or torch.", DefaultValueFactory = _ => Streaming };
        engine.AcceptOnlyFromAmong(Streaming, Torch);
        var output = new Option<string?>("--out") { Description = "CSV file for the forecast." };
        var json = JsonOption.Create();
        foreach (var option in new Option[] { checkpoint, model, horizon, levels, engine, output, json })
        {
            command.Options.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            var asked = LevelsOption.Parse(parsed.GetValue(levels)!);
            var directory = parsed.GetValue(checkpoint);
            var name = parsed.GetValue(model);
            if (directory is null == name is null)
            {
                throw new ConfigurationException("Give either --checkpoint or --model, the name of a baseline.");
            }

            if (parsed.GetValue(horizon) is < 1)
            {
                throw new ConfigurationException($"--horizon is {parsed.GetValue(horizon)}; it must be at least 1.");
            }

            var located = directory is null ? null : CheckpointOption.Locate(directory);
            var trained = located is null ? null : Checkpoint.Read(located).Manifest;
            var opened = located is null ? null : Open(located, parsed.GetValue(engine)!);
            using var ended = opened as IDisposable;
            var panel = await input.ReadAsync(parsed, cancellationToken, trained: trained);
            var steps = parsed.GetValue(horizon) ?? TrainedHorizon(opened) ?? 1;
            RequireFit(panel, opened, trained, steps);
            var fitted = opened ?? FitBaseline(name!, panel, steps, asked.Count > 0, cancellationToken);
            var forecasts = panel.Select(series => fitted.Forecast(series, steps, asked)).ToArray();
            if (parsed.GetValue(output) is { } path)
            {
                await ForecastFile.WriteAsync(path, forecasts, cancellationToken);
            }

            if (parsed.GetValue(json))
            {
                JsonOutput.Write(new { Model = fitted.Name, Horizon = steps, Levels = asked, Forecasts = forecasts });
                return ExitCode.Success;
            }

            Terminal.WriteTable(ForecastFile.Header(forecasts), ForecastFile.Rows(forecasts, ForecastFile.NumberFormat(forecasts)));
            return ExitCode.Success;
        });
        return command;
    }

    private static IForecastModel Open(string directory, string engine) =>
        engine == Torch ? TorchForecastModel.Open(directory) : StreamingForecaster.Open(directory);

    private static void RequireFit(Panel panel, IForecastModel? opened, ModelManifest? trained, int steps)
    {
        if (TrainedHorizon(opened) is { } most && steps > most)
        {
            throw new ConfigurationException(
                $"--horizon is {steps}, but '{opened!.Name}' was trained to forecast {most} steps. Shorten it, or train with a " +
                "longer one.");
        }

        if (opened is null)
        {
            Requirements.Rows(panel, lookBack: 1, steps);
        }

        if (trained is not null && panel.FirstOrDefault(series => !trained.Scalers.ContainsKey(series.Id)) is { } stranger)
        {
            var known = trained.Scalers.Keys.Order(StringComparer.Ordinal).ToArray();
            throw new DataFormatException(
                $"Series '{stranger.Id}' is none that '{trained.Name}' was trained on: {string.Join(", ", known.Take(5))}" +
                $"{(known.Length > 5 ? ", ..." : string.Empty)}. A series is called by its --target column, or by what the " +
                "--id column says.");
        }
    }

    private static int? TrainedHorizon(IForecastModel? model) => model switch
    {
        CalibratedModel calibrated => TrainedHorizon(calibrated.Inner),
        WindowForecastModel window => window.Architecture.Horizon,
        _ => null,
    };

    private static IForecastModel FitBaseline(
        string name, Panel panel, int horizon, bool hasLevels, CancellationToken cancellationToken)
    {
        if (NeuralCatalogue.Contains(name))
        {
            throw new ConfigurationException(
                $"'{name}' is a neural model: train it with 'sequence model train' and give its --checkpoint.");
        }

        var baseline = BaselineCatalogue.Create(name, panel[0].Frequency);
        var forecaster = hasLevels ? new ConformalForecaster(baseline, new ConformalOptions { Horizon = horizon }) : baseline;
        return forecaster.Fit(panel, cancellationToken: cancellationToken);
    }
}
