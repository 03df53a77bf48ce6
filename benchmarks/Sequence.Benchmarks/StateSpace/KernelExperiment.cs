using System.Diagnostics;
using System.Globalization;
using Sequence.Benchmarks.Training;

namespace Sequence.Benchmarks.StateSpace;

/// <summary>
/// Kernels of S4D and S4 at 128 features, state size 64 and length 16384 against the plain complex forms that write every
/// term out: seconds and peak memory, each form in processes of its own that take turns.
/// </summary>
/// <remarks>Argument: how many processes of each form (default 3).</remarks>
internal static class KernelExperiment
{
    private const double MostLayerMegabytes = 2500;

    internal static int Run(string[] arguments)
    {
        var rounds = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 3;
        var runs = KernelChild.Forms.Keys.ToDictionary(form => form, _ => new List<Measurement>(), StringComparer.Ordinal);
        for (var round = 0; round < rounds; round++)
        {
            foreach (var form in KernelChild.Forms.Keys)
            {
                runs[form].Add(Start(form));
            }
        }

        Console.WriteLine($"{KernelChild.Features} features, state size {KernelChild.StateSize}, length {KernelChild.Length}, float32, one thread; {rounds} processes a form.");
        Console.WriteLine();
        Console.WriteLine("| kernel | plain complex form | here | ratio | asked | peak MB, plain | peak MB, here | ratio | asked |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
        var holds = Row("S4D, forward and backward", "s4d-complex", "s4d", 50, 5);
        holds &= Row("S4, forward and backward", "s4-complex", "s4", 10, 8);
        holds &= Row("S4D for inference in C#", "s4d-complex-forward", "s4d-inference", 100, null);
        var structured = Spread.Median(runs["s4-inference"].Select(run => run.Seconds));
        Console.WriteLine();
        Console.WriteLine($"S4 for inference in C#: {structured * 1e3:F0} ms.");
        var layer = runs["s4-layer"];
        var peak = layer.Max(run => run.Resident);
        Console.WriteLine(
            $"S4 layer, forward and backward, batch {KernelChild.Batch}: {Spread.Median(layer.Select(run => run.Seconds)):F2} s, peak resident " +
            $"memory of the process {peak:F0} MB (asked: below {MostLayerMegabytes:F0}).");
        holds &= peak < MostLayerMegabytes;
        Console.WriteLine(holds ? "All hold." : "NOT all hold.");
        return holds ? 0 : 1;

        bool Row(string name, string plain, string here, double faster, double? smaller)
        {
            var (slow, quick) = (runs[plain], runs[here]);
            var ratio = Spread.Median(slow.Zip(quick, (a, b) => a.Seconds / b.Seconds));
            var memory = Spread.Median(slow.Zip(quick, (a, b) => a.Megabytes / b.Megabytes));
            Console.WriteLine(FormattableString.Invariant(
                $"| {name} | {Spread.Median(slow.Select(run => run.Seconds)):F2} s | {Spread.Median(quick.Select(run => run.Seconds)) * 1e3:F1} ms | {ratio:F0} | {faster:F0} | {Spread.Median(slow.Select(run => run.Megabytes)):F0} | {Spread.Median(quick.Select(run => run.Megabytes)):F0} | {memory:F0} | {(smaller is null ? "-" : $"{smaller:F0}")} |"));
            return ratio >= faster && (smaller is null || memory >= smaller);
        }
    }

    private static Measurement Start(string form)
    {
        var repeats = form.Contains("complex", StringComparison.Ordinal) ? 2 : 9;
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in new[] { KernelChild.Command, form, repeats.ToString(CultureInfo.InvariantCulture) })
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 && output.Split(' ') is [var seconds, var megabytes, var resident]
            ? new(Parse(seconds), Parse(megabytes), Parse(resident))
            : throw new InvalidOperationException($"The process of form {form} ended with {process.ExitCode}: {output}");

        static double Parse(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }

    private sealed record Measurement(double Seconds, double Megabytes, double Resident);
}
