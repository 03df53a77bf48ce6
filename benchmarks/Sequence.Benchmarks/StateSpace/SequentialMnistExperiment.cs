using System.Globalization;
using Sequence.Benchmarks.Training;
using Sequence.Datasets;
using Sequence.Numerics;
using Sequence.Streaming;
using Sequence.Training;

namespace Sequence.Benchmarks.StateSpace;

/// <summary>
/// Sequential MNIST (Le, Jaitly and Hinton 2015): the 784 pixels of a digit one by one, line after line. A small S4D against an
/// LSTM of as many parameters that is given the same minutes. The last 5,000 training images validate; the 10,000 test images
/// are looked at once for each model, with the weights of its best epoch.
/// </summary>
/// <remarks>
/// Arguments: training images (default 12,000; at most 55,000), epochs of S4D (default 3), seed (default 1), minutes of the LSTM (default
/// those S4D took), features (default 32) and depth (default 3) of S4D.
/// </remarks>
internal static class SequentialMnistExperiment
{
    private const int Classes = 10;
    private const int ValidationImages = 5_000;

    internal static int Run(string[] arguments)
    {
        var images = ClassifierTraining.Argument(arguments, 0, 12_000);
        var epochs = ClassifierTraining.Argument(arguments, 1, 3);
        var seed = (ulong)ClassifierTraining.Argument(arguments, 2, 1);
        var minutes = ClassifierTraining.Argument(arguments, 3, 0);
        var folder = Mirror.Folder("mnist");
        var (pixels, labels) = (Read(folder, "train-images-idx3-ubyte.gz"), Read(folder, "train-labels-idx1-ubyte.gz"));
        var count = labels.Values.Length;
        if (images < 1 || images > count - ValidationImages)
        {
            throw new ConfigurationException($"images is {images}; it must be in [1, {count - ValidationImages}].");
        }

        // A subset is drawn from all training images by the seed.
        var order = Enumerable.Range(0, count - ValidationImages).ToArray();
        new CounterRandom(seed, 0).Shuffle(order);
        var training = Examples(pixels, labels, order.Take(images));
        var validation = Examples(pixels, labels, Enumerable.Range(count - ValidationImages, ValidationImages));
        var race = new ClassifierTraining(training, validation, Classes);
        Console.WriteLine($"{training.Count:N0} training images, {validation.Count:N0} for validation\n");

        var stack = new StackOptions
        {
            Mixer = new S4DMixer(),
            Features = ClassifierTraining.Argument(arguments, 4, 32),
            Depth = ClassifierTraining.Argument(arguments, 5, 3),
            Normalisation = Normalisation.Batch,
            Pooling = Pooling.Mean,
        };
        var (stateSpace, lstm) = race.Race(stack, epochs, batchSize: 50, seed, minutes);

        var test = Examples(
            Read(folder, "t10k-images-idx3-ubyte.gz"), Read(folder, "t10k-labels-idx1-ubyte.gz"), Enumerable.Range(0, 10_000));
        Console.WriteLine("| model | parameters | minutes of a core | test accuracy |");
        Console.WriteLine("|---|---:|---:|---:|");
        var ahead = Report("S4D", stateSpace) - Report("LSTM", lstm);
        Console.WriteLine($"S4D ahead of an LSTM given the same minutes: {(ahead > 0 ? "yes" : "NO")}");
        return ahead > 0 ? 0 : 1;

        double Report(string name, ClassifierTraining.Outcome outcome)
        {
            var accuracy = ModelEvaluation
                .Compute(outcome.Model, outcome.Weights, test, Objective.Of(LossKind.CrossEntropy)).Accuracy!.Value;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {ClassifierTraining.Parameters(outcome.Model):N0} | {outcome.Minutes:F1} | {accuracy:P2} |"));
            return accuracy;
        }
    }

    private static IdxArray Read(string folder, string file) => IdxArray.Read(Path.Combine(folder, file));

    private static SequenceExamples Examples(IdxArray pixels, IdxArray labels, IEnumerable<int> images)
    {
        var size = pixels.Values.Length / labels.Values.Length;
        var examples = SequenceExamples.OfClasses(1, Classes);
        foreach (var image in images)
        {
            examples.Add(pixels.Values.AsMemory(image * size, size), labels.Values[image]);
        }

        return examples;
    }
}
