using System.Diagnostics;
using Sequence.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using AdamW = Sequence.Torch.AdamW;

namespace Sequence.Benchmarks.Torch;

/// <summary>
/// One step of our AdamW against TorchSharp's on the 132,000 parameters of an LSTM of 160 units over 40 inputs with a head,
/// in rounds that alternate, in one process.
/// </summary>
internal static class AdamWBenchmark
{
    private const int Rounds = 15;
    private const int StepsPerRound = 200;
    private static readonly long[][] Shapes = [[640, 40], [640, 160], [640], [640], [8, 160], [8], [143, 10], [2]];

    internal static int Run(string[] arguments)
    {
        _ = LibtorchBootstrap.Initialise();
        foreach (var threads in new[] { 1, Environment.ProcessorCount })
        {
            Compare(threads);
        }

        return 0;
    }

    private static void Compare(int threads)
    {
        GuardedOperations.SetThreads(threads);
        using var scope = NewDisposeScope();
        var ours = Parameters();
        var theirs = Parameters();
        var mine = new AdamW([new ParameterGroup([.. ours.Select((parameter, i) => ($"p{i}", (Tensor)parameter))], WeightDecay: 0.01)]);
        using var reference = optim.AdamW(theirs, lr: 1e-3, weight_decay: 0.01);
        Action[] steps = [mine.Step, () => reference.step()];

        var times = new double[steps.Length][];
        for (var i = 0; i < steps.Length; i++)
        {
            times[i] = new double[Rounds];
            Time(steps[i]);
        }

        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < steps.Length; i++)
            {
                times[i][round] = Time(steps[i]);
            }
        }

        var ratios = times[0].Zip(times[1], (our, their) => their / our).ToArray();
        Console.WriteLine($"AdamW, {Shapes.Sum(shape => shape.Aggregate((a, b) => a * b)):N0} parameters, libtorch threads: {threads}");
        Console.WriteLine("| optimiser | median us/step | fastest | slowest |");
        Console.WriteLine("|---|---|---|---|");
        Print("Sequence", times[0]);
        Print("TorchSharp", times[1]);
        Console.WriteLine($"ratio: median {Median(ratios):F1}x, lowest {ratios.Min():F1}x, highest {ratios.Max():F1}x over {Rounds} rounds of {StepsPerRound} steps");
        Console.WriteLine();
    }

    private static List<Parameter> Parameters()
    {
        manual_seed(1);
        return
        [
            .. Shapes.Select(shape =>
            {
                var parameter = new Parameter(randn(shape));
                parameter.grad = randn(shape);
                return parameter;
            }),
        ];
    }

    private static double Time(Action step)
    {
        using var scope = NewDisposeScope();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < StepsPerRound; i++)
        {
            step();
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / StepsPerRound;
    }

    private static void Print(string name, double[] times) =>
        Console.WriteLine($"| {name} | {Median(times):F1} | {times.Min():F1} | {times.Max():F1} |");

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
