using System.Globalization;
using Sequence.Data;
using Sequence.Data.Checkpoints;
using Sequence.Data.Csv;
using Sequence.Data.Scalers;
using Sequence.Data.Splits;
using Sequence.Models;
using Sequence.Streaming;
using Sequence.Training;

namespace Sequence.Benchmarks.Training;

/// <summary>
/// NLinear on ETTh1 and ETTh2 by the multivariate protocol of Zeng et al. ("Are Transformers Effective for Time Series
/// Forecasting?", AAAI 2023, table 2): look-back 336, horizon 96; seven channels, each a series of its own, share one map;
/// training rows 0..8639, validation rows to 11519, test rows to 14399; z-scores by the training rows; squared and absolute
/// error of the scaled values over every test window, beside persistence on the same windows.
/// </summary>
/// <remarks>Arguments: how many seeds (default 5), and the folder of the two files (default: the mirror's).</remarks>
internal static class EttExperiment
{
    private const int LookBack = 336;
    private const int Horizon = 96;
    private const int WindowsPerBatch = 32;
    private const double Tolerance = 0.02;
    private static readonly string[] Channels = ["HUFL", "HULL", "MUFL", "MULL", "LUFL", "LULL", "OT"];
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);

    // Learning rates of the reference scripts; errors of the published table.
    private static readonly Subject[] Subjects =
    [
        new("ETTh1", LearningRate: 0.005, PublishedSquared: 0.374, PublishedAbsolute: 0.394),
        new("ETTh2", LearningRate: 0.05, PublishedSquared: 0.277, PublishedAbsolute: 0.338),
    ];

    internal static int Run(string[] arguments)
    {
        var seeds = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 5;
        if (seeds < 2)
        {
            throw new ConfigurationException($"seeds is {seeds}; a spread needs at least 2.");
        }

        var folder = arguments.Length > 1 ? arguments[1] : Mirror.Folder("ett");
        var reached = true;
        List<string> table =
        [
            "| data | windows | model | MSE | MAE | MSE to published | seconds a training |",
            "|---|---|---|---|---|---|---|",
        ];
        foreach (var subject in Subjects)
        {
            var data = Load(Path.Combine(folder, subject.Name + ".csv.gz"));
            var windows = data.Test[0].Length - LookBack - Horizon + 1;
            var persistence = Evaluate(data.Test, (window, output) => output.Fill(window[^1]));
            List<(Errors Errors, double Seconds)> runs = [];
            for (var seed = 1; seed <= seeds; seed++)
            {
                var (errors, seconds, epoch) = TrainOnce(subject, data, (ulong)seed);
                Console.WriteLine(
                    $"{subject.Name} seed {seed}: MSE {errors.Squared:F4}, MAE {errors.Absolute:F4}, best epoch {epoch}, " +
                    $"{seconds:F1} s");
                runs.Add((errors, seconds));
            }

            var squared = Spread.Of(runs.Select(run => run.Errors.Squared));
            var absolute = Spread.Of(runs.Select(run => run.Errors.Absolute));
            var slowest = runs.Max(run => run.Seconds);
            var ratio = (squared.Mean / subject.PublishedSquared) - 1;
            reached &= ratio <= Tolerance && slowest < TimeLimit.TotalSeconds;
            var count = $"{windows:N0} x {Channels.Length}";
            table.Add(
                $"| {subject.Name} | {count} | NLinear, {seeds} seeds | {squared} | {absolute} | {ratio:+0.0%;-0.0%} | " +
                $"median {Spread.Median(runs.Select(run => run.Seconds)):F1}, slowest {slowest:F1} |");
            table.Add(
                $"| {subject.Name} | {count} | persistence | {persistence.Squared:F4} | {persistence.Absolute:F4} | | |");
            table.Add(
                $"| {subject.Name} | | NLinear, published | {subject.PublishedSquared} | {subject.PublishedAbsolute} | | |");
        }

        Console.WriteLine();
        table.ForEach(Console.WriteLine);
        Console.WriteLine($"MSE at most {Tolerance:P0} above the published and each training under {TimeLimit.TotalSeconds} s: {(reached ? "yes" : "NO")}");
        return reached ? 0 : 1;
    }

    private static (Errors Errors, double Seconds, int BestEpoch) TrainOnce(Subject subject, Data data, ulong seed)
    {
        var clock = TimeProvider.System;
        var started = clock.GetTimestamp();
        var architecture = new NLinearArchitecture { LookBack = LookBack, Horizon = Horizon };
        var training = Examples(data.Train, firstTarget: 0);
        var validation = Examples(data.Validation, firstTarget: LookBack);
        var options = new TrainingOptions
        {
            Epochs = 10,
            BatchSize = WindowsPerBatch * Channels.Length,
            LearningRate = subject.LearningRate,
            Schedule = LearningRateSchedule.Halving,
            GradientClip = 0,
            Patience = 3,
            Seed = seed,
        };
        var result = new Trainer(WindowModel.Create(architecture), training, validation, options)
            .Train(WeightInitialiser.Singles(architecture.Weights, seed));
        var plan = PlanCompiler.Compile(
            architecture, CheckpointWeights.FromSingles(architecture.Weights, result.Weights));
        var errors = Evaluate(data.Test, plan.Evaluate);
        return (errors, clock.GetElapsedTime(started).TotalSeconds, result.BestEpoch);
    }

    private static TrainingExamples Examples(IEnumerable<float[]> channels, int firstTarget)
    {
        var examples = new TrainingExamples(LookBack, 1, Horizon);
        foreach (var channel in channels)
        {
            examples.Add(channel, firstTarget, channel.Length);
        }

        return examples;
    }

    private static Errors Evaluate(IEnumerable<float[]> channels, ForecastWindow forecast)
    {
        var (squared, absolute, count) = (0.0, 0.0, 0L);
        var output = new float[Horizon];
        foreach (var channel in channels)
        {
            for (var start = 0; start + LookBack + Horizon <= channel.Length; start++)
            {
                forecast(channel.AsSpan(start, LookBack), output);
                for (var step = 0; step < Horizon; step++)
                {
                    var error = (double)output[step] - channel[start + LookBack + step];
                    squared += error * error;
                    absolute += Math.Abs(error);
                }

                count += Horizon;
            }
        }

        return new(squared / count, absolute / count);
    }

    private static Data Load(string path)
    {
        var data = new Data([], [], []);
        var table = CsvSeriesReader.ReadSingle(
            path, new CsvSeriesOptions { Target = Channels[0], PastCovariates = Channels[1..] });
        foreach (var channel in Channels)
        {
            var values = table.PastCovariates.TryGetValue(channel, out var column) ? column : table.Values;
            var series = new TimeSeries(channel, table.Frequency, table.Timestamps, values);
            var split = SeriesSplitter.ByRanges(series, ..8640, 8640..11520, 11520..14400, LookBack);
            var scaler = StandardScaler.Fit(split.Train.Values.Span);
            data.Train.Add(Scale(scaler, split.Train));
            data.Validation.Add(Scale(scaler, split.Validation));
            data.Test.Add(Scale(scaler, split.Test));
        }

        return data;
    }

    private static float[] Scale(StandardScaler scaler, TimeSeries series)
    {
        var scaled = new double[series.Length];
        scaler.Transform(series.Values.Span, scaled);
        return Array.ConvertAll(scaled, value => (float)value);
    }

    private delegate void ForecastWindow(ReadOnlySpan<float> window, Span<float> output);

    private sealed record Subject(string Name, double LearningRate, double PublishedSquared, double PublishedAbsolute);

    private sealed record Errors(double Squared, double Absolute);

    /// <summary>Scaled values of each channel; validation and test begin with the look-back rows before their first target.</summary>
    private sealed record Data(List<float[]> Train, List<float[]> Validation, List<float[]> Test);
}
