using System.Diagnostics;
using System.Globalization;
using Sequence.Benchmarks.Training;
using Sequence.LongRangeArena;

namespace Sequence.Benchmarks.LongRangeArena;

/// <summary>
/// A training step of every model of the arena against the Transformer with plain attention (Vaswani et al. 2017, scores
/// written out) at lengths 1024, 2048 and 4096: time and peak memory, in the layout of Table 3 of the S4 paper. Every figure is
/// the median over processes of its own that take turns.
/// </summary>
/// <remarks>
/// Arguments: how many processes of each (default 3), the batch (default 1), the models with commas between them (default all), a
/// file for the chart (default none).
/// </remarks>
internal static class EfficiencyExperiment
{
    private const double FasterAt4096 = 4;
    private const double SmallerAt4096 = 5;
    private static readonly int[] Lengths = [1024, 2048, 4096];

    internal static int Run(string[] arguments)
    {
        var rounds = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 3;
        var batch = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 1;
        var others = arguments.Length > 2 ? arguments[2].Split(',') : [.. ArenaModel.All.Select(model => model.Name)];
        string[] models = [EfficiencyChild.Plain, .. others];
        var runs = models.SelectMany(model => Lengths.Select(length => (model, length))).ToDictionary(one => one, _ => new List<Step>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var ((model, length), steps) in runs)
            {
                steps.Add(Start(model, length, batch));
            }
        }

        Console.WriteLine(
            $"{EfficiencyChild.Depth} blocks, {EfficiencyChild.Features} features, state size {EfficiencyChild.StateSize} or " +
            $"{EfficiencyChild.Heads} heads and a feed-forward layer of {EfficiencyChild.Hidden}, batch {batch}, float32, one thread; " +
            $"{rounds} processes of each, the median of {EfficiencyChild.Steps} steps in each. Speed and memory relative to the " +
            "Transformer with plain attention.");
        Console.WriteLine();
        Console.WriteLine($"| model | parameters |{string.Concat(Lengths.Select(length => $" speed {length} | memory {length} |"))} step 4096 | peak 4096 |");
        Console.WriteLine($"|---|---:|{string.Concat(Lengths.Select(_ => "---:|---:|"))}---:|---:|");
        foreach (var model in models)
        {
            var cells = Lengths.Select(length => FormattableString.Invariant(
                $" {Faster(model, length):0.00}x | {Smaller(model, length):0.000}x |"));
            var last = runs[(model, Lengths[^1])];
            Console.WriteLine(FormattableString.Invariant(
                $"| {model} | {last[0].Parameters:N0} |{string.Concat(cells)} {Spread.Median(last.Select(run => run.Seconds)):0.00} s | {Spread.Median(last.Select(run => run.Megabytes)):0} MB |"));
        }

        if (arguments.Length > 3)
        {
            EfficiencyChart.Write(arguments[3], Lengths[^1], [.. models.Select(model => (model, Faster(model, Lengths[^1]), Smaller(model, Lengths[^1])))]);
        }

        var holds = Faster("s4", Lengths[^1]) >= FasterAt4096 && Smaller("s4", Lengths[^1]) < 1 / SmallerAt4096;
        Console.WriteLine(holds
            ? $"S4 at {Lengths[^1]}, batch {batch}: at least {FasterAt4096}x faster and under 1/{SmallerAt4096} of the memory: holds."
            : $"S4 at {Lengths[^1]}, batch {batch}: at least {FasterAt4096}x faster and under 1/{SmallerAt4096} of the memory: DOES NOT hold.");
        return holds ? 0 : 1;

        double Faster(string model, int length) => Spread.Median(
            runs[(EfficiencyChild.Plain, length)].Zip(runs[(model, length)], (plain, other) => plain.Seconds / other.Seconds));

        double Smaller(string model, int length) => Spread.Median(
            runs[(EfficiencyChild.Plain, length)].Zip(runs[(model, length)], (plain, other) => other.Megabytes / plain.Megabytes));
    }

    private static Step Start(string model, int length, int batch)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in new[] { EfficiencyChild.Command, model, $"{length}", $"{batch}" })
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 && output.Split(' ') is [var seconds, var megabytes, var parameters]
            ? new(
                double.Parse(seconds, CultureInfo.InvariantCulture),
                double.Parse(megabytes, CultureInfo.InvariantCulture),
                int.Parse(parameters, CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"The process of {model} at {length} ended with {process.ExitCode}: {output}");
    }

    private sealed record Step(double Seconds, double Megabytes, int Parameters);
}
