using Sequence.Data.Checkpoints;
using Sequence.Numerics;
using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

/// <summary>Long sequences: the faces stay together, and single precision loses nothing that grows with the length.</summary>
[TestClass]
public sealed class S4LongRunTests
{
    private const int Length = 10_000;

    private static IEnumerable<LayerDeclaration> Layers =>
    [
        new S4DDeclaration("s4d", 2, 64),
        new S4DDeclaration("s4d", 2, 64) { Initialisation = S4DInitialisation.LegS, Discretisation = DiagonalDiscretisation.Bilinear },
        new S4DDeclaration("s4d", 2, 16) { Initialisation = S4DInitialisation.Real, RealState = true },
        new S4Declaration("s4", 2, 64, 4096),
        new S4Declaration("s4", 2, 64, 1000) { Measure = HippoMeasure.LegT, Channels = 2 },
        new S4Declaration("s4", 2, 16, 16384) { Measure = HippoMeasure.FouT },
    ];

    [TestMethod]
    public void Streaming_OfTenThousandInputs_StaysWithForwardInDouble()
    {
        foreach (var declaration in Layers)
        {
            using var scope = NewDisposeScope();
            using var gradients = no_grad();
            var (singles, expected, input) = Expected(declaration);
            var plan = PlanCompiler.Compile(declaration, CheckpointWeights.FromSingles(declaration.Weights, singles));
            var state = plan.CreateState();
            var values = input.to(ScalarType.Float32).contiguous().data<float>().ToArray();
            var outputs = new float[Length * plan.OutputSize];
            for (var time = 0; time < Length; time++)
            {
                plan.Step(
                    values.AsSpan(time * plan.InputSize, plan.InputSize),
                    state,
                    outputs.AsSpan(time * plan.OutputSize, plan.OutputSize));
            }

            AssertNoDrift(declaration, expected, tensor(outputs).reshape(Length, plan.OutputSize));
        }
    }

    [TestMethod]
    public void Forward_OfTenThousandInputsInSingle_StaysWithForwardInDouble()
    {
        foreach (var declaration in Layers)
        {
            using var scope = NewDisposeScope();
            using var gradients = no_grad();
            var (singles, expected, input) = Expected(declaration);
            using var weights = ParameterSet.FromSingles(declaration.Weights, singles);
            var (output, _) = Layer(declaration).Forward(weights, input.to(ScalarType.Float32).unsqueeze(0));
            AssertNoDrift(declaration, expected, output[0]);
        }
    }

    [TestMethod]
    public void Kernel_InSingle_IsWithinOnePartInAHundredThousandOfDouble()
    {
        foreach (var length in new[] { 1000, 4099, 16384 })
        {
            foreach (LayerDeclaration declaration in new LayerDeclaration[]
            {
                new S4DDeclaration("s4d", 2, 64),
                new S4DDeclaration("s4d", 2, 64) { Initialisation = S4DInitialisation.LegS },
                new S4Declaration("s4", 2, 64, length),
                new S4Declaration("s4", 2, 64, length) { Measure = HippoMeasure.FouT },
            })
            {
                using var scope = NewDisposeScope();
                using var gradients = no_grad();
                var singles = new Dictionary<string, float[]>(WeightInitialiser.Singles(declaration.Weights, 3));
                using var narrow = ParameterSet.FromSingles(declaration.Weights, singles);
                using var wide = ParameterSet.FromDoubles(declaration.Weights, Widened(singles));
                Tensor Kernel(ParameterSet weights) => Layer(declaration) switch
                {
                    S4DLayer layer => layer.Kernel(weights, length),
                    var layer => ((S4Layer)layer).Kernel(weights, length),
                };
                var error = S4Reference.Error(Kernel(wide), Kernel(narrow).to(ScalarType.Float64));
                Console.WriteLine($"{declaration.GetType().Name} {length}: {error:e2}");
                Assert.That.IsWithin(1e-5, error);
            }
        }
    }

    private static (Dictionary<string, float[]> Singles, Tensor Output, Tensor Input) Expected(LayerDeclaration declaration)
    {
        var singles = new Dictionary<string, float[]>(WeightInitialiser.Singles(declaration.Weights, 2));
        using var weights = ParameterSet.FromDoubles(declaration.Weights, Widened(singles));
        var random = new CounterRandom(5);
        var values = new float[Length * declaration.InputSize];
        foreach (ref var value in values.AsSpan())
        {
            value = (float)random.NextGaussian();
        }

        var input = tensor(values).to(ScalarType.Float64).reshape(Length, declaration.InputSize);
        return (singles, Layer(declaration).Forward(weights, input.unsqueeze(0), keepState: false).Output[0], input);
    }

    /// <summary>Every tenth of the run stays within 1e-4 of the output's scale.</summary>
    private static void AssertNoDrift(LayerDeclaration declaration, Tensor expected, Tensor actual)
    {
        var scale = expected.abs().max().item<double>();
        var worst = expected.sub(actual.to(ScalarType.Float64)).abs().reshape(10, -1).max(1).values.div(scale);
        var errors = worst.contiguous().data<double>().ToArray();
        Console.WriteLine($"{declaration.GetType().Name}: {string.Join(" ", errors.Select(error => error.ToString("e1")))}");
        foreach (var error in errors)
        {
            Assert.That.IsWithin(1e-4, error);
        }
    }

    private static Dictionary<string, double[]> Widened(Dictionary<string, float[]> singles) =>
        singles.ToDictionary(pair => pair.Key, pair => Array.ConvertAll(pair.Value, value => (double)value));

    private static SequenceLayer Layer(LayerDeclaration declaration) => declaration switch
    {
        S4DDeclaration diagonal => new S4DLayer(diagonal),
        _ => new S4Layer((S4Declaration)declaration),
    };
}
