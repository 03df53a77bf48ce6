using System.Diagnostics;
using System.Globalization;
using Sequence.Data.Checkpoints;
using Sequence.Models;
using Sequence.Streaming;
using Sequence.Training;

namespace Sequence.Benchmarks.StateSpace;

/// <summary>
/// Trains classifiers that are to be compared on the same examples, and prints a row for every epoch. Minutes are minutes of
/// one core, the processor time of the process: what else runs on the machine does not count.
/// </summary>
internal sealed class ClassifierTraining(SequenceExamples training, SequenceExamples validation, int classes)
{
    private const int CalibrationBatches = 6;
    private const double WarmupShare = 0.1;

    /// <summary>The weights of the best epoch by validation loss.</summary>
    internal sealed record Outcome(SequenceClassifier Model, IReadOnlyDictionary<string, float[]> Weights, double Minutes);

    /// <summary>A classifier over the examples' inputs.</summary>
    public SequenceClassifier Create(StackOptions stack) => new(training.Features, classes, training.Length, stack);

    /// <summary>A whole number among an experiment's arguments.</summary>
    public static int Argument(string[] arguments, int index, int otherwise) =>
        arguments.Length > index ? int.Parse(arguments[index], CultureInfo.InvariantCulture) : otherwise;

    /// <summary>
    /// Trains an S4D stack, then the LSTM of its size for as many minutes, rounded up to epochs, or for those given.
    /// </summary>
    public (Outcome StateSpace, Outcome Lstm) Race(StackOptions stack, int epochs, int batchSize, ulong seed, int minutes)
    {
        var options = new TrainingOptions
        {
            Epochs = epochs,
            BatchSize = batchSize,
            LearningRate = 0.01,
            DynamicsLearningRate = 0.001,
            WeightDecay = 0.01,
            Schedule = LearningRateSchedule.WarmupCosine,
            Loss = LossKind.CrossEntropy,
            Patience = 0,
            Seed = seed,
        };
        var stateSpace = Train("S4D", stack, options);
        var recurrent = LstmOfSameSize(stack);
        var slower = options with { LearningRate = 0.003, DynamicsLearningRate = null };
        var affordable = EpochsIn(minutes > 0 ? minutes : stateSpace.Minutes, recurrent, slower);
        return (stateSpace, Train("LSTM", recurrent, slower with { Epochs = affordable }));
    }

    /// <summary>
    /// The competitor of a stack: an LSTM with the same encoder, normalisation, pool and head, one block deep, as wide as makes
    /// the number of parameters nearest.
    /// </summary>
    private StackOptions LstmOfSameSize(StackOptions stack)
    {
        var wanted = Parameters(Create(stack));
        return Enumerable.Range(1, 1024)
            .Select(width => stack with { Mixer = new RecurrentMixer { Cell = RecurrentCell.Lstm }, Features = width, Depth = 1 })
            .MinBy(options => Math.Abs(Parameters(Create(options)) - wanted))!;
    }

    /// <summary>Number of trained and other weights.</summary>
    public static long Parameters(SequenceClassifier model) => model.Weights.Sum(weight => weight.Count);

    /// <summary>
    /// How many epochs a model trains in some minutes, rounded up, by the time that its first batches take; validation is left
    /// out, so that the model rather gets too much.
    /// </summary>
    private int EpochsIn(double minutes, StackOptions stack, TrainingOptions options)
    {
        var model = Create(stack);
        var clock = new List<double>();
        var batches = new Trainer(model, training, null, options with { Epochs = 1, WarmupEpochs = 0 })
        {
            BatchPlan = new FirstExamples(CalibrationBatches * options.BatchSize),
        };
        batches.Train(
            WeightInitialiser.Singles(model.Weights, options.Seed),
            progress: new Callback(_ => clock.Add(CoreMinutes())));

        // The first batch also compiles; the last time is told twice, at the end of the batch and of the epoch.
        var batch = (clock[^1] - clock[0]) / (CalibrationBatches - 1);
        return Math.Max(1, (int)Math.Ceiling(minutes / batch * options.BatchSize / training.Count));
    }

    /// <summary>Trains a model; the learning rate rises over the first tenth of its epochs.</summary>
    private Outcome Train(string name, StackOptions stack, TrainingOptions options)
    {
        var model = Create(stack);
        Console.WriteLine(
            $"{name}: {stack.Features} features, depth {stack.Depth}, {Parameters(model):N0} parameters, learning rate " +
            $"{options.LearningRate}, batches of {options.BatchSize}, seed {options.Seed}");
        Console.WriteLine("| model | epoch | training loss | validation loss | validation accuracy | minutes of a core | minutes by the clock |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
        var started = CoreMinutes();
        var watch = Stopwatch.StartNew();
        var trainer = new Trainer(model, training, validation, options with { WarmupEpochs = WarmupShare * options.Epochs });
        var result = trainer.Train(
            WeightInitialiser.Singles(model.Weights, options.Seed),
            progress: new Callback(progress =>
            {
                if (progress.Finished is { } epoch)
                {
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"| {name} | {epoch.Epoch} | {epoch.TrainingLoss:F3} | {epoch.ValidationLoss:F3} | " +
                        $"{epoch.ValidationAccuracy:P1} | {CoreMinutes() - started:F1} | {watch.Elapsed.TotalMinutes:F1} |"));
                }
            }));
        var minutes = CoreMinutes() - started;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: best epoch {result.BestEpoch}, {minutes:F1} minutes of a core\n"));
        return new(model, result.Weights, minutes);
    }

    private static double CoreMinutes()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime.TotalMinutes;
    }

    /// <summary>The first examples in their order.</summary>
    private sealed class FirstExamples(int count) : IBatchPlan
    {
        public int FillOrder(int epoch, Span<int> order)
        {
            var used = order[..Math.Min(count, order.Length)];
            for (var index = 0; index < used.Length; index++)
            {
                used[index] = index;
            }

            return used.Length;
        }
    }

    private sealed class Callback(Action<TrainingProgress> action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action(value);
    }
}
