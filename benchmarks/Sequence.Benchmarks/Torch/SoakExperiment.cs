using System.Globalization;
using Sequence.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using AdamW = Sequence.Torch.AdamW;

namespace Sequence.Benchmarks.Torch;

/// <summary>
/// Trains a small LSTM for 5,000 steps while another thread allocates large arrays without pause, which is what ended the
/// process and grew its memory with TorchSharp's own optimiser. Resident memory must stay flat after the first 500 steps.
/// </summary>
internal static class SoakExperiment
{
    private const int Steps = 5000;
    private const int SampleEvery = 100;
    private const int SettledAfter = 500;
    private const double Allowed = 0.05;

    internal static int Run(string[] arguments)
    {
        using var stop = new CancellationTokenSource();
        var churn = new Thread(() => AllocateLargeArrays(stop.Token)) { IsBackground = true, Name = "churn" };
        churn.Start();
        using var compute = new ComputeThread("soak", threads: 1);
        var samples = compute.Run(Train);
        stop.Cancel();
        churn.Join();

        var settled = samples.Where(sample => sample.Step >= SettledAfter).ToArray();
        var baseline = settled[0].Megabytes;
        var worst = settled.Max(sample => Math.Abs(sample.Megabytes - baseline)) / baseline;
        var drift = (settled[^1].Megabytes - baseline) / baseline;
        var flat = worst <= Allowed;
        Console.WriteLine($"{Steps} steps, no crash. Resident after step {SettledAfter}: {baseline:F0} MB; largest deviation {worst:P1}, at the end {drift:P1}; arrays churned: {_churned:N0} MB, collections: {GC.CollectionCount(2)}");
        Console.WriteLine(flat ? $"flat within {Allowed:P0}: yes" : $"flat within {Allowed:P0}: NO");
        return flat ? 0 : 1;
    }

    private static long _churned;

    private static List<(int Step, double Megabytes)> Train()
    {
        manual_seed(1);
        using var lstm = nn.LSTM(8, 32, batchFirst: true);
        using var head = nn.Linear(32, 1);
        var parameters = lstm.named_parameters().Select(pair => ("lstm." + pair.name, (Tensor)pair.parameter))
            .Concat(head.named_parameters().Select(pair => ("head." + pair.name, (Tensor)pair.parameter)));
        var optimiser = new AdamW([new ParameterGroup([.. parameters], WeightDecay: 0.01)]);
        using var input = randn(16, 20, 8);
        using var target = randn(16, 1);
        var values = new float[16 * 20 * 8];
        List<(int, double)> samples = [];
        Console.WriteLine("| step | loss | resident MB |");
        Console.WriteLine("|---|---|---|");
        for (var step = 0; step <= Steps; step++)
        {
            // A new batch into the same memory, as the trainer does.
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = MathF.Sin((step * 0.37f) + (i * 0.11f));
            }

            input.CopyFrom<float>(values);
            var loss = Step(lstm, head, optimiser, input, target);
            if (step % SampleEvery == 0)
            {
                var resident = ResidentMegabytes();
                samples.Add((step, resident));
                Console.WriteLine($"| {step} | {loss:F4} | {resident:F0} |");
            }
        }

        return samples;
    }

    private static float Step(LSTM lstm, Linear head, AdamW optimiser, Tensor input, Tensor target)
    {
        using var scope = NewDisposeScope();
        optimiser.ZeroGradients();
        var (output, _, _) = lstm.call(input);
        var prediction = head.call(output.select(1, -1));
        var loss = nn.functional.mse_loss(prediction, target);
        loss.backward();
        _ = optimiser.ClipGradientNorm(1);
        optimiser.Step();
        return loss.item<float>();
    }

    private static void AllocateLargeArrays(CancellationToken cancellationToken)
    {
        var kept = new byte[8][];
        for (var i = 0; !cancellationToken.IsCancellationRequested; i++)
        {
            var array = new byte[1 << 20];
            array[i % array.Length] = 1;
            kept[i % kept.Length] = array;
            _churned++;
            if (i % 16 == 0)
            {
                cancellationToken.WaitHandle.WaitOne(1);
            }
        }
    }

    private static double ResidentMegabytes()
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.AsSpan(6, line.Length - 8).Trim(), CultureInfo.InvariantCulture) / 1024;
    }
}
