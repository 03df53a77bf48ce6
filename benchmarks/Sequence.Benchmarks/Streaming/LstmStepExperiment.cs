using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Sequence.Data.Checkpoints;
using Sequence.Streaming;
using Sequence.Torch;
using TorchSharp;

namespace Sequence.Benchmarks.Streaming;

/// <summary>
/// One LSTM step, batch 1: the streaming plan against torch.nn.LSTMCell under inference mode with one thread, the same
/// weights in both. Rounds alternate between the two; times are medians over rounds. Prints a Markdown table; fails when
/// the two disagree.
/// </summary>
public static class LstmStepExperiment
{
    // Many short rounds: few of them are interrupted by other work on the machine.
    private const int Rounds = 301;

    public static int Run()
    {
        LibtorchBootstrap.Initialise();
        torch.set_num_threads(1);
        var lanes = Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;
        Console.WriteLine($"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, {lanes} lanes");
        Console.WriteLine();
        Console.WriteLine("| units | inputs | libtorch us | streaming us | ratio | ratio, middle half of rounds | bytes a step | largest difference |");
        Console.WriteLine("|---:|---:|---:|---:|---:|---:|---:|---:|");
        var agrees = true;
        foreach (var units in new[] { 64, 128, 256 })
        {
            foreach (var inputs in new[] { 1, units })
            {
                agrees &= Measure(units, inputs);
            }
        }

        return agrees ? 0 : 1;
    }

    private static bool Measure(int units, int inputs)
    {
        var layer = new RecurrentDeclaration("lstm", RecurrentCell.Lstm, inputs, units);
        var values = WeightInitialiser.Singles(layer.Weights, seed: 1);
        var weights = new CheckpointWeights(layer.Weights.Select(
            weight => SafetensorsTensor.FromSingles(weight.Name, weight.Shape, values[weight.Name])));
        var plan = PlanCompiler.Compile(layer, weights);
        var input = new float[inputs];
        for (var index = 0; index < inputs; index++)
        {
            input[index] = MathF.Sin(index + 1);
        }

        using var mode = torch.inference_mode();
        using var cell = torch.nn.LSTMCell(inputs, units);
        foreach (var (name, parameter) in cell.named_parameters())
        {
            using var source = torch.tensor(values[$"lstm.{name}_l0"]);
            using var shaped = source.reshape(parameter.shape);
            parameter.copy_(shaped);
        }

        using var tensor = torch.tensor(input).reshape(1, inputs);
        var difference = Compare(plan, cell, input, tensor, units);
        var steps = Math.Max(5, 250_000 / (units * (units + inputs)));
        var (torchTimes, ownTimes) = (new double[Rounds], new double[Rounds]);
        var (state, output) = (plan.CreateState(), new float[plan.OutputSize]);
        var allocated = 0L;
        StepTorch(cell, tensor, units, 2_000);
        StepOwn(plan, input, state, output, 20_000);
        for (var round = 0; round < Rounds; round++)
        {
            torchTimes[round] = StepTorch(cell, tensor, units, steps);
            var before = GC.GetAllocatedBytesForCurrentThread();
            ownTimes[round] = StepOwn(plan, input, state, output, 10 * steps);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        double[] ratios = [.. torchTimes.Zip(ownTimes, (slow, fast) => slow / fast).Order()];
        Array.Sort(torchTimes);
        Array.Sort(ownTimes);
        Console.WriteLine(
            $"| {units} | {inputs} | {torchTimes[Rounds / 2]:0.00} | {ownTimes[Rounds / 2]:0.00} | {ratios[Rounds / 2]:0.0} | " +
            $"{ratios[Rounds / 4]:0.0} to {ratios[3 * Rounds / 4]:0.0} | {(double)allocated / (10 * steps):0} | {difference:0.0e+0} |");
        return difference < 1e-5;
    }

    private static double StepOwn(StepPlan plan, float[] input, float[] state, float[] output, int steps)
    {
        var start = Stopwatch.GetTimestamp();
        for (var step = 0; step < steps; step++)
        {
            plan.Step(input, state, output);
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / steps;
    }

    private static double StepTorch(TorchSharp.Modules.LSTMCell cell, torch.Tensor input, int units, int steps)
    {
        var hidden = torch.zeros(1, units);
        var memory = torch.zeros(1, units);
        var start = Stopwatch.GetTimestamp();
        for (var step = 0; step < steps; step++)
        {
            var (nextHidden, nextMemory) = cell.call(input, (hidden, memory));
            hidden.Dispose();
            memory.Dispose();
            (hidden, memory) = (nextHidden, nextMemory);
        }

        var elapsed = Stopwatch.GetElapsedTime(start).TotalMicroseconds / steps;
        hidden.Dispose();
        memory.Dispose();
        return elapsed;
    }

    private static double Compare(
        StepPlan plan, TorchSharp.Modules.LSTMCell cell, float[] input, torch.Tensor tensor, int units)
    {
        using var scope = torch.NewDisposeScope();
        var state = plan.CreateState();
        var output = new float[units];
        var hidden = torch.zeros(1, units);
        var memory = torch.zeros(1, units);
        var largest = 0.0;
        for (var step = 0; step < 20; step++)
        {
            plan.Step(input, state, output);
            (hidden, memory) = cell.call(tensor, (hidden, memory));
            var expected = hidden.data<float>().ToArray();
            largest = Math.Max(largest, expected.Zip(output, (a, b) => (double)Math.Abs(a - b)).Max());
        }

        return largest;
    }
}
