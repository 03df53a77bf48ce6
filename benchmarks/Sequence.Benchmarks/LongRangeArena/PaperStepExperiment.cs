using System.Diagnostics;
using System.Globalization;
using Sequence.Benchmarks.Training;
using Sequence.Data.Checkpoints;
using Sequence.LongRangeArena;
using Sequence.Numerics;
using Sequence.Training;

namespace Sequence.Benchmarks.LongRangeArena;

/// <summary>
/// Training steps of the paper preset of S4 on a task, on random inputs of full length: seconds a step and the peak resident
/// memory of the process.
/// </summary>
/// <remarks>Arguments: the task (default listops), the examples of a part (default as the preset has it).</remarks>
internal static class PaperStepExperiment
{
    private const int Steps = 2;
    private const double MostGigabytes = 20;

    internal static int Run(string[] arguments)
    {
        var task = ArenaTasks.Get(arguments.Length > 0 ? arguments[0] : "listops");
        var configuration = ArenaConfiguration.Create(task, ArenaModel.Get("s4"), ArenaPreset.Paper);
        var options = configuration.Training with { Epochs = 1, WarmupEpochs = 0 };
        options = arguments.Length > 1 ? options with { PartSize = int.Parse(arguments[1], CultureInfo.InvariantCulture) } : options;
        var model = ArenaRun.CreateModel(task, configuration, task.Vocabulary);
        var random = new CounterRandom(1);
        var examples = SequenceExamples.OfClasses(1, task.Classes, task.Sequences, byteScale: task.Vocabulary > 0 ? 1 : 1f / 255);
        for (var example = 0; example < Steps * options.BatchSize; example++)
        {
            var label = random.NextInt(task.Classes);
            if (task.Sequences == 2)
            {
                examples.AddPair(Sequence(), Sequence(), label);
            }
            else
            {
                examples.Add(Sequence(), label);
            }
        }

        var clock = Stopwatch.GetTimestamp();
        new Trainer(model, examples, null, options).Train(WeightInitialiser.Singles(model.Weights, seed: 1));
        var seconds = Stopwatch.GetElapsedTime(clock).TotalSeconds / Steps;
        var peak = ProcessMemory.PeakResident / 1024;
        Console.WriteLine(FormattableString.Invariant(
            $"{task.Name}, S4, paper preset: batch {options.BatchSize} in parts of {(options.PartSize == 0 ? options.BatchSize : options.PartSize)}, length {task.Length}: {seconds:0.0} s a step, peak {peak:0.0} GB (asked: below {MostGigabytes})."));
        return peak < MostGigabytes ? 0 : 1;

        byte[] Sequence()
        {
            var values = new byte[task.Length];
            foreach (ref var value in values.AsSpan())
            {
                value = (byte)random.NextInt(Math.Max(2, task.Vocabulary));
            }

            return values;
        }
    }
}
