using System.Diagnostics;
using System.Globalization;
using Sequence.Benchmarks.Training;
using Sequence.Data.Checkpoints;
using Sequence.LongRangeArena;
using Sequence.Models;
using Sequence.Streaming;
using Sequence.Torch;
using Sequence.Training;
using static TorchSharp.torch;

namespace Sequence.Benchmarks.LongRangeArena;

/// <summary>
/// One process of <see cref="EfficiencyExperiment"/>: makes training steps (forward, cross-entropy, backward, AdamW) of one
/// model at one length and prints the median seconds, by how many megabytes the resident memory peaked above what it was with
/// the model in place, and the number of parameters.
/// </summary>
internal static class EfficiencyChild
{
    internal const string Command = "arena-efficiency-child";
    internal const string Plain = "transformer-plain";
    internal const string Fused = "transformer";
    internal const int Features = 256;
    internal const int Depth = 4;
    internal const int Hidden = 512;
    internal const int Heads = 4;
    internal const int StateSize = 64;
    internal const int Steps = 3;
    private const int Vocabulary = 135;

    internal static int Run(string[] arguments)
    {
        LibtorchBootstrap.Initialise();
        set_num_threads(1);
        var length = int.Parse(arguments[1], CultureInfo.InvariantCulture);
        var batch = int.Parse(arguments[2], CultureInfo.InvariantCulture);
        var model = new SequenceClassifier(1, 2, length, Stack(arguments[0], length));
        using var weights = ParameterSet.FromSingles(model.Weights, WeightInitialiser.Singles(model.Weights, seed: 1));
        using var pass = new TrainingPass();
        var optimiser = new AdamW([new([.. weights.Trained.Select(weight => (weight.Declaration.Name, weight.Parameter))])], new());
        var objective = Objective.Of(LossKind.CrossEntropy);
        var input = randint(0, Vocabulary, [batch, length, 1]).to(ScalarType.Float32).DetachFromDisposeScope();
        var target = zeros(batch, 1).DetachFromDisposeScope();
        GC.Collect();
        var before = ProcessMemory.Resident;
        var seconds = new List<double>();
        for (var step = 0; step <= Steps; step++)
        {
            var start = Stopwatch.GetTimestamp();
            using (NewDisposeScope())
            {
                optimiser.ZeroGradients();
                objective.Evaluate(model.Forward(weights, input, training: pass), target).backward();
                optimiser.Step();
            }

            // The first one also compiles.
            if (step > 0)
            {
                seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }

        var parameters = weights.Trained.Sum(weight => weight.Declaration.Count);
        Console.WriteLine(FormattableString.Invariant(
            $"{Spread.Median(seconds):R} {ProcessMemory.PeakResident - before:R} {parameters}"));
        return 0;
    }

    private static StackOptions Stack(string name, int length)
    {
        var sizes = new MixerSizes(length, Features, StateSize, Heads: Heads);
        var model = ArenaModel.Get(name == Plain ? Fused : name);
        var stack = new StackOptions
        {
            Mixer = name == Plain ? new SoftmaxAttentionMixer { Heads = Heads, Bidirectional = true, Materialised = true } : model.Mixer(sizes),
            Features = Features,
            Depth = Depth,
            Pooling = Pooling.Mean,
            Vocabulary = Vocabulary,
        };
        return model.Family == ArenaFamily.StateSpace
            ? stack
            : stack with { FeedForward = Hidden, Positions = PositionEncoding.Sinusoidal };
    }
}
