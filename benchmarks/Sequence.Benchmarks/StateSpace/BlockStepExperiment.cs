using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Sequence.Benchmarks.Training;
using Sequence.Data.Checkpoints;
using Sequence.Models;
using Sequence.Streaming;
using Sequence.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Sequence.Benchmarks.StateSpace;

/// <summary>
/// One step of an S4D block (state space, GELU, linear map, gated linear unit), batch 1: the streaming plan against the same
/// step on libtorch under inference mode with one thread, discrete matrices computed beforehand in both. Rounds of the two
/// alternate; times are medians over rounds. Fails when the two disagree or a ratio is below what is asked.
/// </summary>
internal static class BlockStepExperiment
{
    private const int Features = 128;
    private const int StateSize = 64;
    private const int TorchSteps = 100;
    private const int OwnSteps = 1000;
    private const double Agreement = 1e-4;

    internal static int Run(string[] arguments)
    {
        var rounds = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 201;
        LibtorchBootstrap.Initialise();
        set_num_threads(1);
        var core = new S4DDeclaration(StateSpaceBlockDeclaration.CorePrefix("block"), Features, StateSize) { Copies = Features };
        var block = new StateSpaceBlockDeclaration("block", core);
        Console.WriteLine($"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}; {Features} features, state size {StateSize}, batch 1, one thread, {rounds} rounds.");
        Console.WriteLine();
        Console.WriteLine("| step | libtorch us | streaming us | ratio | ratio, middle half of rounds | asked | bytes a step | largest difference |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|");
        var holds = Measure("S4D state space alone", core, core, mixes: false, rounds, 12);
        holds &= Measure("S4D block", block, core, mixes: true, rounds, 8);
        Console.WriteLine();
        var structured = new S4Declaration("layer", Features, StateSize, 1024) { Copies = Features };
        Console.WriteLine($"S4 state space alone, structured step: {Streaming(structured):F2} us.");
        Console.WriteLine(Peer());
        Console.WriteLine(holds ? "All hold." : "NOT all hold.");
        return holds ? 0 : 1;
    }

    /// <summary>The reference implementation's step of the same block, where it and its Python are installed.</summary>
    private static string Peer()
    {
        const string Name = "Reference implementation's step of the block in Python";
        var script = Path.GetFullPath(Path.Combine(
            AppContext.BaseDirectory, "..", "..", "..", "..", "..", "peers", "s4d_step.py"));
        if (Environment.GetEnvironmentVariable("S4_HOME") is not { Length: > 0 } || !File.Exists(script))
        {
            return $"{Name}: not measured; see benchmarks/peers/s4d_step.py.";
        }

        using var process = Process.Start(
            new ProcessStartInfo("python3", [script]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 ? $"{Name}: {output} us." : $"{Name}: it ended with {process.ExitCode}.";
    }

    private static double Streaming(LayerDeclaration layer)
    {
        var values = WeightInitialiser.Singles(layer.Weights, seed: 1);
        var plan = PlanCompiler.Compile(layer, CheckpointWeights.FromSingles(layer.Weights, values));
        var (input, state, output) = (Input(), plan.CreateState(), new float[plan.OutputSize]);
        _ = StepOwn(plan, input, state, output, 20 * OwnSteps);
        return Spread.Median(Enumerable.Range(0, 101).Select(_ => StepOwn(plan, input, state, output, OwnSteps)));
    }

    private static bool Measure(
        string name, LayerDeclaration layer, S4DDeclaration core, bool mixes, int rounds, double asked)
    {
        var values = WeightInitialiser.Singles(layer.Weights, seed: 1);
        var plan = PlanCompiler.Compile(layer, CheckpointWeights.FromSingles(layer.Weights, values));
        using var mode = inference_mode();
        using var weights = ParameterSet.FromSingles(layer.Weights, values);
        using var reference = new TorchStep(core, weights, mixes);
        var (input, state, output) = (Input(), plan.CreateState(), new float[plan.OutputSize]);
        using var tensor = TorchSharp.torch.tensor(input).reshape(1, Features);
        var difference = 0.0;
        var scale = 0.0;
        for (var step = 0; step < 200; step++)
        {
            plan.Step(input, state, output);
            using var expected = reference.Step(tensor);
            var there = expected.data<float>().ToArray();
            difference = Math.Max(difference, there.Zip(output, (a, b) => (double)Math.Abs(a - b)).Max());
            scale = Math.Max(scale, there.Max(Math.Abs));
        }

        var (slow, quick) = (new double[rounds], new double[rounds]);
        _ = StepTorch(reference, tensor, 2000);
        _ = StepOwn(plan, input, state, output, 20 * OwnSteps);
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = StepOwn(plan, input, state, output, OwnSteps);
        var allocated = (double)(GC.GetAllocatedBytesForCurrentThread() - before) / OwnSteps;
        for (var round = 0; round < rounds; round++)
        {
            slow[round] = StepTorch(reference, tensor, TorchSteps);
            quick[round] = StepOwn(plan, input, state, output, OwnSteps);
        }

        double[] ratios = [.. slow.Zip(quick, (a, b) => a / b).Order()];
        Console.WriteLine(FormattableString.Invariant(
            $"| {name} | {Spread.Median(slow):F2} | {Spread.Median(quick):F2} | {ratios[rounds / 2]:F1} | {ratios[rounds / 4]:F1} to {ratios[3 * rounds / 4]:F1} | {asked:F0} | {allocated:F0} | {difference / scale:0.0e+0} |"));
        return difference <= Agreement * scale && ratios[rounds / 2] >= asked && allocated == 0;
    }

    private static float[] Input() => [.. Enumerable.Range(0, Features).Select(index => MathF.Sin(index + 1))];

    private static double StepOwn(StepPlan plan, float[] input, float[] state, float[] output, int steps)
    {
        var start = Stopwatch.GetTimestamp();
        for (var step = 0; step < steps; step++)
        {
            plan.Step(input, state, output);
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / steps;
    }

    private static double StepTorch(TorchStep reference, Tensor input, int steps)
    {
        var start = Stopwatch.GetTimestamp();
        for (var step = 0; step < steps; step++)
        {
            reference.Step(input).Dispose();
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / steps;
    }

    /// <summary>The step as libtorch makes it: x = A x + B u, y = 2 Re(sum of C x) + D u, then GELU, linear map, gate.</summary>
    private sealed class TorchStep : IDisposable
    {
        private readonly DisposeScope _scope = NewDisposeScope();
        private readonly Tensor _a;
        private readonly Tensor _b;
        private readonly Tensor _c;
        private readonly Tensor _skip;
        private readonly Tensor? _map;
        private readonly Tensor? _bias;
        private Tensor _state;

        public TorchStep(S4DDeclaration core, ParameterSet weights, bool mixes)
        {
            Tensor Get(string name) => weights.Get(core.WeightName(name));
            var diagonal = complex(Get("kernel.A_real").exp().neg(), Get("kernel.A_imag").neg());
            _a = Get("kernel.inv_dt").exp().mul(diagonal).exp();
            _b = _a.sub(ones_like(_a)).div(diagonal).mul(view_as_complex(Get("kernel.B")).squeeze(0));
            var output = view_as_complex(Get("kernel.C")).squeeze(0);
            _c = output.add(output);
            _skip = Get("D").squeeze(0);
            _map = mixes ? weights.Get("block.output_linear.0.weight") : null;
            _bias = mixes ? weights.Get("block.output_linear.0.bias") : null;
            _state = zeros_like(_a).unsqueeze(0).DetachFromDisposeScope();
        }

        public Tensor Step(Tensor input)
        {
            using var scope = NewDisposeScope();
            var next = _a.mul(_state).add(_b.mul(input.unsqueeze(2)));
            var y = _c.mul(next).sum(2).real.add(_skip.mul(input));
            if (_map is not null)
            {
                y = nn.functional.glu(nn.functional.linear(nn.functional.gelu(y), _map, _bias), 1);
            }

            _state.Dispose();
            _state = next.DetachFromDisposeScope();
            return y.MoveToOuterDisposeScope().DetachFromDisposeScope();
        }

        public void Dispose()
        {
            _state.Dispose();
            _scope.Dispose();
        }
    }
}
