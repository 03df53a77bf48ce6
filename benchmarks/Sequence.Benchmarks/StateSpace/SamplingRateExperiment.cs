using System.Globalization;
using Sequence.Benchmarks.Training;
using Sequence.Datasets;
using Sequence.Models;
using Sequence.Streaming;
using Sequence.Training;

namespace Sequence.Benchmarks.StateSpace;

/// <summary>
/// Another sampling rate without retraining, on the waveforms of the Free Spoken Digit Dataset: classifiers trained at 8 kHz
/// are tested at 8 kHz and on every second sample. S4D is told of it by its rate; beside it stand S4D that is not told, and an
/// LSTM of as many parameters that is given the same minutes. Recordings 0 to 4 of each speaker and digit test, 45 to 49
/// validate, the others train.
/// </summary>
/// <remarks>
/// Arguments: epochs of S4D (default 4), seed (default 1), minutes of the LSTM (default those S4D took), features (default 32)
/// and depth (default 2) of S4D, longest recording in samples (default 3,200), the rest is cut off.
/// </remarks>
internal static class SamplingRateExperiment
{
    private const int Classes = 10;
    private const int FirstValidationRecording = 45;
    private const double Tolerance = 0.05;

    internal static int Run(string[] arguments)
    {
        var epochs = ClassifierTraining.Argument(arguments, 0, 4);
        var seed = (ulong)ClassifierTraining.Argument(arguments, 1, 1);
        var minutes = ClassifierTraining.Argument(arguments, 2, 0);
        var longest = ClassifierTraining.Argument(arguments, 5, 3_200);
        var digits = SpokenDigit.Read(Path.Combine(Mirror.Folder("fsdd"), "recordings.tar.gz"));
        var test = digits.Where(digit => digit.IsTest).ToArray();
        var training = Examples(digits.Where(digit => !digit.IsTest && digit.Index < FirstValidationRecording), Whole);
        var validation = Examples(digits.Where(digit => digit.Index >= FirstValidationRecording), Whole);
        var race = new ClassifierTraining(training, validation, Classes);
        Console.WriteLine(
            $"{training.Count:N0} training recordings, {validation.Count:N0} for validation, {test.Length:N0} for the test\n");

        var mixer = new S4DMixer();
        var stack = new StackOptions
        {
            Mixer = mixer,
            Features = ClassifierTraining.Argument(arguments, 3, 32),
            Depth = ClassifierTraining.Argument(arguments, 4, 2),
            Normalisation = Normalisation.Layer,
            Pooling = Pooling.Mean,
        };
        var (stateSpace, lstm) = race.Race(stack, epochs, batchSize: 8, seed, minutes);

        var (whole, halves, means) = (Examples(test, Whole), Examples(test, EverySecond), Examples(test, MeanOfTwo));
        Console.WriteLine("| model | told of the rate | 8 kHz | 4 kHz, every second sample | 4 kHz, mean of two samples |");
        Console.WriteLine("|---|---|---:|---:|---:|");
        var twice = race.Create(stack with { Mixer = mixer with { Rate = 2 } });
        var full = Accuracy(stateSpace.Model, whole);
        var half = Accuracy(twice, halves);
        Row("S4D", "yes", full, half, Accuracy(twice, means));
        Row("S4D", "no", full, Accuracy(stateSpace.Model, halves), Accuracy(stateSpace.Model, means));
        Row("LSTM", "cannot be", LstmAccuracy(whole), LstmAccuracy(halves), LstmAccuracy(means));
        var within = full - half <= Tolerance;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"S4D at 4 kHz, every second sample, at most {100 * Tolerance:F0} points below 8 kHz: {(within ? "yes" : "NO")} ({100 * (half - full):+0.0;-0.0})"));
        return within ? 0 : 1;

        SequenceExamples Examples(IEnumerable<SpokenDigit> recordings, Func<float[], float[]> sample)
        {
            var examples = SequenceExamples.OfClasses(1, Classes);
            foreach (var recording in recordings)
            {
                var samples = recording.Sound.Samples;
                examples.Add(sample(Scaled(samples[..Math.Min(longest, samples.Length)])), recording.Digit);
            }

            return examples;
        }

        double Accuracy(SequenceClassifier model, SequenceExamples examples) => ModelEvaluation
            .Compute(model, stateSpace.Weights, examples, Objective.Of(LossKind.CrossEntropy)).Accuracy!.Value;

        double LstmAccuracy(SequenceExamples examples) => ModelEvaluation
            .Compute(lstm.Model, lstm.Weights, examples, Objective.Of(LossKind.CrossEntropy)).Accuracy!.Value;
    }

    private static void Row(string model, string told, double full, double half, double mean) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"| {model} | {told} | {full:P1} | {half:P1} | {mean:P1} |"));

    private static float[] Whole(float[] samples) => samples;

    private static float[] EverySecond(float[] samples) => [.. samples.Where((_, index) => index % 2 == 0)];

    /// <summary>The mean of each two samples: a filter against aliases, half a sample late.</summary>
    private static float[] MeanOfTwo(float[] samples) =>
        [.. samples.Chunk(2).Select(pair => pair.Average())];

    /// <summary>A recording with mean 0 and standard deviation 1: microphones and speakers differ in loudness.</summary>
    private static float[] Scaled(short[] samples)
    {
        var mean = samples.Average(sample => (double)sample);
        var deviation = Math.Sqrt(samples.Average(sample => (sample - mean) * (sample - mean)));
        return Array.ConvertAll(samples, sample => (float)((sample - mean) / deviation));
    }
}
