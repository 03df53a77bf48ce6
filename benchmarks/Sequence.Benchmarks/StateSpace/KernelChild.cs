using System.Diagnostics;
using System.Globalization;
using Sequence.Benchmarks.Training;
using Sequence.Data.Checkpoints;
using Sequence.Models;
using Sequence.Numerics;
using Sequence.Streaming;
using Sequence.Torch;
using static TorchSharp.torch;

namespace Sequence.Benchmarks.StateSpace;

/// <summary>
/// One process of <see cref="KernelExperiment"/>: computes one form of a kernel several times and prints the median seconds
/// and by how many megabytes the resident memory peaked above what it was before the first computation.
/// </summary>
internal static class KernelChild
{
    internal const string Command = "state-space-child";
    internal const int Features = 128;
    internal const int StateSize = 64;
    internal const int Length = 16384;
    internal const int Batch = 4;

    internal static readonly IReadOnlyDictionary<string, Func<Action>> Forms = new Dictionary<string, Func<Action>>(
        StringComparer.Ordinal)
    {
        ["s4d-complex"] = () => ComplexS4D(backward: true),
        ["s4d-complex-forward"] = () => ComplexS4D(backward: false),
        ["s4d"] = () => Kernel(new S4DLayer(Diagonal())),
        ["s4d-inference"] = InferenceS4D,
        ["s4-complex"] = ComplexS4,
        ["s4"] = () => Kernel(new S4Layer(Structured())),
        ["s4-inference"] = InferenceS4,
        ["s4-layer"] = Layer,
    };

    internal static int Run(string[] arguments)
    {
        LibtorchBootstrap.Initialise();
        set_num_threads(1);
        var repeats = int.Parse(arguments[1], CultureInfo.InvariantCulture);
        var compute = Forms[arguments[0]]();
        GC.Collect();
        var before = ProcessMemory.Resident;
        var seconds = new List<double>();
        for (var repeat = 0; repeat <= repeats; repeat++)
        {
            var start = Stopwatch.GetTimestamp();
            using (NewDisposeScope())
            {
                compute();
            }

            // The first one also compiles.
            if (repeat > 0)
            {
                seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }

        Console.WriteLine(FormattableString.Invariant(
            $"{Spread.Median(seconds):R} {ProcessMemory.PeakResident - before:R} {ProcessMemory.PeakResident:R}"));
        return 0;
    }

    internal static S4DDeclaration Diagonal() => new("layer", Features, StateSize) { Copies = Features };

    internal static S4Declaration Structured() => new("layer", Features, StateSize, Length) { Copies = Features };

    private static ParameterSet Parameters(LayerDeclaration declaration) =>
        ParameterSet.FromSingles(declaration.Weights, WeightInitialiser.Singles(declaration.Weights, seed: 1));

    private static Action Kernel(S4DLayer layer) => Train(Parameters(layer.Declaration), weights => layer.Kernel(weights, Length));

    private static Action Kernel(S4Layer layer) => Train(Parameters(layer.Declaration), weights => layer.Kernel(weights, Length));

    private static Action Train(ParameterSet weights, Func<ParameterSet, Tensor> kernel)
    {
        var direction = randn(1, Features, Length).DetachFromDisposeScope();
        return () =>
        {
            foreach (var (_, parameter) in weights.Trained)
            {
                parameter.grad?.zero_();
            }

            kernel(weights).mul(direction).sum().backward();
        };
    }

    /// <summary>K = 2 Re(sum over n of C B (exp(dt a) - 1) / a exp(l dt a)) with every exponential written out.</summary>
    private static Action ComplexS4D(bool backward)
    {
        var declaration = Diagonal();
        return Train(Parameters(declaration), weights =>
        {
            using var mode = backward ? null : no_grad();
            var (step, a, b, c) = Read(declaration, weights);
            var scaled = step.mul(a);
            var times = arange(Length, dtype: ScalarType.Float32);
            var powers = scaled.unsqueeze(2).mul(times).exp();
            var coefficients = c.mul(b).mul(scaled.exp().sub(ones_like(scaled)).div(a));
            var half = einsum("chn,hnl->chl", coefficients, powers).real;
            return backward ? half.add(half) : half.add(half).detach().requires_grad_(true);
        });
    }

    /// <summary>The generating function with each Cauchy sum written out over pairs, Woodbury correction and inverse transform.</summary>
    private static Action ComplexS4()
    {
        var declaration = Structured();
        var angles = Enumerable.Range(0, (Length / 2) + 1).Select(j => Math.PI * Math.Min(j, (Length / 2) - 1e-6) / Length).ToArray();
        var nodes = complex(
            zeros(angles.Length), tensor([.. angles.Select(angle => (float)(2 * Math.Tan(angle)))])).DetachFromDisposeScope();
        var factor = complex(
            ones(angles.Length), tensor([.. angles.Select(angle => (float)Math.Tan(angle))])).DetachFromDisposeScope();
        return Train(Parameters(declaration), weights =>
        {
            var (step, a, b, c) = Read(declaration, weights);
            var p = view_as_complex(weights.Get("layer.kernel.P"));
            var poles = step.mul(a).unsqueeze(2);
            var left = cat([b.unsqueeze(0), p], dim: 0);
            var right = cat([c, p.conj()], dim: 0);
            var v = left.unsqueeze(1).mul(right.unsqueeze(0)).mul(step).unsqueeze(4);
            var r = v.div(nodes.sub(poles)).add(v.conj().div(nodes.sub(poles.conj()))).sum(3);
            var corrected = r[0, 0].sub(r[0, 1].mul(r[1, 0]).div(r[1, 1].add(ones_like(r[1, 1]))));
            return fft.irfft(corrected.mul(factor), Length).unsqueeze(0);
        });
    }

    private static Action InferenceS4D()
    {
        var declaration = Diagonal();
        var weights = WeightInitialiser.Doubles(declaration.Weights, seed: 1);
        var kernel = new float[Length];
        return () =>
        {
            var modes = declaration.Modes;
            var coefficients = new System.Numerics.Complex[modes];
            var logarithms = new System.Numerics.Complex[modes];
            for (var feature = 0; feature < Features; feature++)
            {
                var step = Math.Exp(weights["layer.kernel.inv_dt"][feature]);
                for (var mode = 0; mode < modes; mode++)
                {
                    var index = (feature * modes) + mode;
                    var a = new System.Numerics.Complex(
                        -Math.Exp(weights["layer.kernel.A_real"][index]), -weights["layer.kernel.A_imag"][index]);
                    var (_, input) = Discretisation.ZeroOrderHold(a, step);
                    coefficients[mode] = input * Pair(weights["layer.kernel.B"], index) * Pair(weights["layer.kernel.C"], index);
                    logarithms[mode] = step * a;
                }

                VandermondeKernel.Evaluate<float>(coefficients, logarithms, kernel);
            }
        };
    }

    private static Action InferenceS4()
    {
        var declaration = Structured();
        var weights = WeightInitialiser.Doubles(declaration.Weights, seed: 1);
        var kernel = new float[Length];
        return () =>
        {
            var modes = declaration.Modes;
            for (var feature = 0; feature < Features; feature++)
            {
                var first = feature * modes;
                var diagonal = Enumerable.Range(first, modes).Select(index => new System.Numerics.Complex(
                    -Math.Exp(weights["layer.kernel.A_real"][index]), -weights["layer.kernel.A_imag"][index])).ToArray();
                StructuredKernel.Evaluate<float>(
                    diagonal,
                    Pairs(weights["layer.kernel.P"], first, modes),
                    Pairs(weights["layer.kernel.B"], first, modes),
                    Pairs(weights["layer.kernel.C"], first, modes),
                    Math.Exp(weights["layer.kernel.inv_dt"][feature]),
                    Length,
                    kernel);
            }
        };
    }

    private static Action Layer()
    {
        var layer = new S4Layer(Structured());
        var weights = Parameters(layer.Declaration);
        var input = randn(Batch, Length, Features).DetachFromDisposeScope().requires_grad_(true);
        var direction = randn(Batch, Length, Features).DetachFromDisposeScope();
        return () =>
        {
            input.grad?.zero_();
            layer.Forward(weights, input, keepState: false).Output.mul(direction).sum().backward();
        };
    }

    private static (Tensor Step, Tensor Diagonal, Tensor Input, Tensor Output) Read(LayerDeclaration declaration, ParameterSet weights) => (
        weights.Get(declaration.WeightName("kernel.inv_dt")).exp(),
        complex(
            weights.Get(declaration.WeightName("kernel.A_real")).exp().neg(),
            weights.Get(declaration.WeightName("kernel.A_imag")).neg()),
        view_as_complex(weights.Get(declaration.WeightName("kernel.B"))).squeeze(0),
        view_as_complex(weights.Get(declaration.WeightName("kernel.C"))));

    private static System.Numerics.Complex Pair(double[] values, int index) => new(values[2 * index], values[(2 * index) + 1]);

    private static System.Numerics.Complex[] Pairs(double[] values, int first, int count) =>
        [.. Enumerable.Range(first, count).Select(index => Pair(values, index))];
}
