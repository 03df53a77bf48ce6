using System.CommandLine;
using Sequence.Data;
using Sequence.Forecasting;
using Sequence.Training;

namespace Sequence.Cli.Commands;

/// <summary>sequence model train: fits a neural model and writes its checkpoint.</summary>
internal static class ModelTrainCommand
{
    public static Command Create()
    {
        var command = new Command(
            "train",
            "Train a neural model on a file and write its checkpoint. Ctrl-C leaves a state that --resume goes on from.");
        var input = new SeriesInput(command, required: true);
        var forecaster = new ForecasterInput(command, horizon: 1);
        var model = new Option<string>("--model") { Description = "Which neural model, for example lstm or, with its look-back, lstm-20; see: sequence model list.", DefaultValueFactory = _ => "resnls" };
        var output = new Option<string>("--out") { Description = "Folder for the checkpoint, the metrics and the state of the training.", Required = true };
        var calibration = new Option<double>("--calibration-fraction") { Description = "Share of the rows, at their end, that the intervals are calibrated on and the model is not trained on; 0 makes none.", DefaultValueFactory = _ => 0.15 };
        var resume = new Option<bool>("--resume") { Description = "Go on from the state that a stopped training left in --out." };
        var json = JsonOption.Create();
        var lines = ProgressLinesOption.Create();
        foreach (var option in new Option[] { model, output, calibration, resume, json, lines })
        {
            command.Options.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            var panel = await input.ReadAsync(parsed, cancellationToken);
            Requirements.NotConstant(panel);
            var share = parsed.GetValue(calibration);
            if (share is not (>= 0 and < 1))
            {
                throw new ConfigurationException($"--calibration-fraction is {share}; it must be in [0, 1).");
            }

            var horizon = forecaster.Horizon(parsed);
            var name = parsed.GetValue(model)!;
            forecaster.RequireUse(parsed, [name]);
            var created = forecaster.CreateNeural(parsed, name, panel);
            RequireRows(panel, forecaster.LookBack(parsed, name), horizon, share);
            var target = input.Target(parsed, panel);
            var folder = OutputFolder.Prepare(parsed.GetValue(output)!);
            var run = new TrainingRun(folder);
            RequireState(run, parsed.GetValue(resume));
            var trained = Terminal.WithProgress($"training {created.Name}", progress => Train(
                created,
                panel,
                share,
                horizon,
                run,
                parsed.GetValue(resume),
                new EpochProgress(progress),
                cancellationToken),
                parsed.GetValue(lines));
            var neural = trained is CalibratedModel calibrated
                ? (NeuralForecastModel)calibrated.Inner
                : (NeuralForecastModel)trained;
            var training = neural.Training;
            var trainingLoss = training.BestEpoch == 0 ? (double?)null : training.History[training.BestEpoch - 1].TrainingLoss;
            var checkpoint = Path.Combine(folder, CheckpointOption.FolderName);
            NeuralCheckpoint.Write(
                checkpoint,
                trained,
                panel,
                target,
                new Dictionary<string, double>(StringComparer.Ordinal) { ["validationLoss"] = training.ValidationLoss ?? double.NaN, ["trainingLoss"] = trainingLoss ?? double.NaN },
                TimeProvider.System.GetUtcNow());
            run.Finish(training);
            var result = new
            {
                neural.Name,
                Checkpoint = checkpoint,
                Metrics = run.MetricsPath,
                Parameters = neural.Architecture.ParameterCount,
                Epochs = training.History.Count,
                training.BestEpoch,
                TrainingLoss = trainingLoss,
                training.ValidationLoss,
                IsCalibrated = trained is CalibratedModel,
            };
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(result, parsed.GetValue(lines));
                return ExitCode.Success;
            }

            Console.Out.WriteLine(
                $"{result.Name}: {result.Parameters:N0} parameters, " +
                (result.BestEpoch == 0
                    ? $"no better than its start in {result.Epochs} epochs, "
                    : $"best epoch {result.BestEpoch} of {result.Epochs}, ") +
                $"validation loss {Terminal.Number(result.ValidationLoss)} (scaled units).");
            Console.Out.WriteLine($"Checkpoint: {result.Checkpoint}");
            return ExitCode.Success;
        });
        return command;
    }

    private static void RequireState(TrainingRun run, bool resume)
    {
        if (resume && !run.CanResume)
        {
            throw new ConfigurationException(
                $"--resume is given, but there is no {run.StatePath}: no training was stopped there. Leave --resume out.");
        }

        if (!resume && run.CanResume)
        {
            throw new ConfigurationException(
                $"--out holds a training that was stopped ({run.StatePath}). Give --resume to go on with it, choose another " +
                "--out, or delete that file.");
        }
    }

    private static IForecastModel Train(
        NeuralForecaster forecaster,
        Panel panel,
        double calibrationShare,
        int horizon,
        TrainingRun run,
        bool resume,
        IProgress<TrainingProgress> progress,
        CancellationToken cancellationToken)
    {
        var fitted = new Panel(panel.Select(series => series.Slice(0, series.Length - Held(series, horizon, calibrationShare))));
        var model = forecaster.Train(fitted, run: run, resume: resume, progress: progress, cancellationToken: cancellationToken);
        return calibrationShare == 0
            ? model
            : new CalibratedModel(model, panel.ToDictionary(
                series => series.Id,
                series => IntervalCalibration.Calibrate(
                    model, series, Held(series, horizon, calibrationShare), horizon, cancellationToken: cancellationToken),
                StringComparer.Ordinal));
    }

    private static void RequireRows(Panel panel, int lookBack, int horizon, double calibrationShare)
    {
        foreach (var series in panel)
        {
            var held = Held(series, horizon, calibrationShare);
            if (series.Length - held < lookBack + horizon)
            {
                throw new DataFormatException(
                    $"Series '{series.Id}' has {series.Length} rows, of which {held} calibrate the intervals; a look-back of " +
                    $"{lookBack} and {horizon} steps ahead take at least {lookBack + horizon} of the others. Give more rows, a " +
                    "shorter --horizon or look-back, or a smaller --calibration-fraction.");
            }
        }
    }

    private static int Held(TimeSeries series, int horizon, double calibrationShare) =>
        calibrationShare == 0 ? 0 : Math.Max(horizon, (int)(calibrationShare * series.Length));
}
