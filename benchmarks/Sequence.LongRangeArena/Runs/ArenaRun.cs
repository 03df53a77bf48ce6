using System.Globalization;
using System.Reflection;
using Sequence.Data;
using Sequence.Data.Checkpoints;
using Sequence.Models;
using Sequence.Training;

namespace Sequence.LongRangeArena;

/// <summary>
/// Runs a model on a task: gets the data, trains, tests, keeps the result. A run that was stopped, by Ctrl-C or by a kill,
/// goes on where it last saved and ends with the result of an unbroken run; under a time budget, with that of its own time.
/// </summary>
public static class ArenaRun
{
    internal const string EndedByEpochs = "epochs";
    private const string EndedByTime = "time budget";

    /// <summary>Runs to the end.</summary>
    /// <param name="options">What and how.</param>
    /// <param name="folder">Where data and runs lie.</param>
    /// <param name="progress">Told of every stage and batch.</param>
    /// <param name="cancellationToken">Stops; the state of the training is saved first.</param>
    /// <exception cref="ConfigurationException">
    /// An option is out of range, the device is not there, the data is missing, the folder holds a run that was stopped or has
    /// ended, or one of another identity.
    /// </exception>
    /// <exception cref="DataFormatException">A file of the data or of the run is damaged.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static ArenaResult Execute(
        ArenaRunOptions options,
        ArenaFolder folder,
        IProgress<ArenaProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(folder);
        var configuration = Configuration(options);
        var run = ArenaRunFolder.Of(folder, options);
        var identity = Identity(options, configuration);
        if (Earlier(run, identity, options.Resume) is { } finished)
        {
            return finished;
        }

        _ = options.Device.Open();
        var examples = options.Task.Load(
            configuration.Size, folder, Staged(progress, "data"), cancellationToken);
        var model = CreateModel(options.Task, configuration, examples.Vocabulary);
        var trainer = new Trainer(model, examples.Training, examples.Validation, configuration.Training)
        {
            Device = options.Device,
            SaveInterval = options.SaveInterval,
        };
        run.Write(identity);
        var training = trainer.Train(
            WeightInitialiser.Singles(model.Weights, options.Seed),
            run.Training.CanResume ? run.Training.ReadState() : null,
            run.Training.Save,
            progress is null ? null : new TrainingSteps(progress, configuration.Training.TimeBudget),
            cancellationToken);
        progress?.Report(new("test", 0));
        var test = ModelEvaluation.Compute(model, training.Weights, examples.Test, trainer.Objective, options.Device);
        var result = new ArenaResult(
            identity,
            test.Accuracy!.Value,
            test.Loss,
            training.ValidationAccuracy!.Value,
            training.BestEpoch,
            training.History.Count,
            IsEndedByTime(configuration.Training, training) ? EndedByTime : EndedByEpochs,
            model.Weights.Where(weight => weight.IsTrained).Sum(weight => (long)weight.Count),
            training.Elapsed.TotalSeconds,
            [examples.Training.Count, examples.Validation.Count, examples.Test.Count],
            Math.Max(examples.Training.Length, examples.Test.Length),
            examples.Source,
            examples.IsOriginal,
            Hardware.Describe(options.Device),
            typeof(ArenaRun).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            TimeProvider.System.GetUtcNow());
        WriteWeights(run, model, training);
        run.Write(result);

        // Only now: a run that is killed before finds its state again.
        run.Training.Finish(training);
        return result;
    }

    /// <summary>The configuration of a run: the preset's with what the options change.</summary>
    /// <exception cref="ConfigurationException">An option is out of range.</exception>
    public static ArenaConfiguration Configuration(ArenaRunOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var preset = ArenaConfiguration.Create(options.Task, options.Model, options.Preset);
        if (options.Epochs < 1)
        {
            throw new ConfigurationException($"epochs is {options.Epochs}; it must be at least 1.");
        }

        var epochs = options.Epochs ?? preset.Training.Epochs;
        var training = preset.Training with
        {
            Epochs = epochs,
            WarmupEpochs = preset.Training.WarmupEpochs * epochs / preset.Training.Epochs,
            Seed = options.Seed,
            TimeBudget = options.TimeBudget,
        };
        training.Validate();
        return preset with { Training = training };
    }

    /// <summary>The model of a configuration.</summary>
    /// <param name="task">The task.</param>
    /// <param name="configuration">The configuration.</param>
    /// <param name="vocabulary">Number of distinct tokens in the data; 0 where inputs are numbers.</param>
    public static SequenceModel CreateModel(ArenaTask task, ArenaConfiguration configuration, int vocabulary)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(configuration);
        var stack = configuration.Stack with { Vocabulary = vocabulary };
        return task.Sequences == 1
            ? new SequenceClassifier(inputs: 1, task.Classes, configuration.Size.Length, stack)
            : new PairClassifier(inputs: 1, task.Classes, configuration.Size.Length, stack);
    }

    private static ArenaIdentity Identity(ArenaRunOptions options, ArenaConfiguration configuration) => new(
        options.Task.Name,
        options.Model.Name,
        options.Preset,
        options.Seed,
        configuration.Training.Epochs,
        options.TimeBudget?.TotalSeconds);

    /// <summary>The result of a run that has ended here, if it is wanted; refuses a folder that is not free.</summary>
    private static ArenaResult? Earlier(ArenaRunFolder run, ArenaIdentity identity, bool resume)
    {
        var found = run.ReadIdentity();
        if (found is null)
        {
            return run.Training.CanResume
                ? throw new ConfigurationException(
                    $"{run.Path} holds the state of a training without its run.json, so nobody knows whose it is. Delete the folder.")
                : null;
        }

        if (identity.Differences(found) is { Count: > 0 } differences)
        {
            throw new ConfigurationException(
                $"{run.Path} holds another run: {string.Join("; ", differences)}. Give the same options, choose another --seed " +
                "or --data-dir, or delete that folder.");
        }

        var result = run.ReadResult();
        if (!resume)
        {
            throw new ConfigurationException(
                result is null
                    ? $"{run.Path} holds a run that was stopped. Give --resume to go on with it, or delete that folder."
                    : $"{run.Path} holds this run, and it has ended. Give --resume to see its result again, choose another " +
                      "--seed, or delete that folder.");
        }

        if (result is not null)
        {
            // Left over where the process was killed between result and end.
            File.Delete(run.Training.StatePath);
        }

        return result;
    }

    private static bool IsEndedByTime(TrainingOptions options, TrainingResult training) =>
        options.TimeBudget is { } budget && training.Elapsed >= budget;

    private static void WriteWeights(ArenaRunFolder run, SequenceModel model, TrainingResult training) => SafetensorsFile.Write(
        run.WeightsPath,
        [
            .. model.Weights.Select(weight =>
                SafetensorsTensor.FromSingles(weight.Name, [.. weight.Shape], training.Weights[weight.Name])),
        ],
        new Dictionary<string, string>(StringComparer.Ordinal) { ["model"] = model.Description });

    private static Shares? Staged(IProgress<ArenaProgress>? progress, string stage) =>
        progress is null ? null : new Shares(progress, stage);

    private sealed class Shares(IProgress<ArenaProgress> progress, string stage) : IProgress<double>
    {
        public void Report(double value) => progress.Report(new(stage, value));
    }

    private sealed class TrainingSteps(IProgress<ArenaProgress> progress, TimeSpan? budget) : IProgress<TrainingProgress>
    {
        private string _detail = string.Empty;

        public void Report(TrainingProgress value)
        {
            if (value.Finished is { } epoch)
            {
                _detail = string.Create(
                    CultureInfo.InvariantCulture,
                    $"epoch {epoch.Epoch}: loss {epoch.TrainingLoss:0.000}, validation accuracy {epoch.ValidationAccuracy:P1}");
            }

            var share = (value.Epoch - 1 + value.EpochShare) / value.Epochs;
            progress.Report(new(
                "training", budget is null ? share : Math.Min(1, Math.Max(share, value.Elapsed / budget.Value)), _detail));
        }
    }
}
