using Sequence.Data.Checkpoints;
using Sequence.Numerics;
using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

/// <summary>States passed in and out, and other sampling rates.</summary>
[TestClass]
public sealed class S4StateTests
{
    private static IEnumerable<SequenceLayer> Layers =>
    [
        new S4DLayer(new("s4", 2, 4) { Channels = 2, MinimumStepSize = 0.05, MaximumStepSize = 0.5 }),
        new S4DLayer(new("s4", 2, 3)
        {
            Initialisation = S4DInitialisation.Real, RealState = true, MinimumStepSize = 0.05, MaximumStepSize = 0.5,
        }),
        new S4Layer(new("s4", 2, 4, 5) { Channels = 2, MinimumStepSize = 0.05, MaximumStepSize = 0.5 }),
    ];

    [TestMethod]
    public void Gradients_ThroughStateInAndOut_AgreeWithFiniteDifferences()
    {
        foreach (var layer in Layers)
        {
            using var scope = NewDisposeScope();
            var declaration = layer.Declaration;
            using var weights = ParameterSet.FromDoubles(declaration.Weights, Weights.Doubles(declaration.Weights, 6));
            var isReal = declaration is S4DDeclaration { RealState: true };
            var input = Random([2, 7, 2], 1);
            var state = isReal ? Random([2, 2, 3], 2) : Random([2, 2, 2, 2], 2);
            input.requires_grad = state.requires_grad = true;
            FiniteDifferences.Check(
                () =>
                {
                    var start = new LayerState([isReal ? state : view_as_complex(state)]);
                    var (output, end) = layer.Forward(weights, input, start);
                    var after = isReal ? end!.Tensors[0] : view_as_real(end!.Tensors[0]);
                    return output.mul(Random(output.shape, 3)).sum().add(after.mul(Random(after.shape, 4)).sum());
                },
                [.. weights.Trained.Select(weight => (weight.Declaration.Name, weight.Parameter)), ("input", input), ("state", state)]);
        }
    }

    [TestMethod]
    public void Forward_AfterState_EndsWhereStepsEnd()
    {
        foreach (var layer in Layers)
        {
            using var scope = NewDisposeScope();
            var declaration = layer.Declaration;
            using var weights = ParameterSet.FromDoubles(declaration.Weights, Weights.Doubles(declaration.Weights, 7));
            var input = Random([3, 171, 2], 5);
            var stepped = layer.Forward(weights, input.narrow(1, 0, 1)).State;
            var forward = layer.Forward(weights, input.narrow(1, 1, 170), stepped).State;
            for (var time = 1; time < 171; time++)
            {
                stepped = layer.Step(weights, input.select(1, time), stepped).State;
            }

            Assert.That.IsWithin(1e-10, S4Reference.Error(stepped!.Tensors[0].abs(), forward!.Tensors[0].abs()));
            Assert.That.IsWithin(1e-10, stepped.Tensors[0].sub(forward.Tensors[0]).abs().max().item<double>());
        }
    }

    [TestMethod]
    public void Forward_WithoutKeptState_GivesTheSameOutputAndNoState()
    {
        foreach (var layer in Layers)
        {
            using var scope = NewDisposeScope();
            using var weights = ParameterSet.FromDoubles(
                layer.Declaration.Weights, Weights.Doubles(layer.Declaration.Weights, 8));
            var input = Random([1, 9, 2], 9);
            var (output, state) = layer.Forward(weights, input, keepState: false);
            Assert.IsNull(state);
            Assert.That.IsWithin(1e-12, S4Reference.Error(layer.Forward(weights, input).Output, output));
        }
    }

    /// <summary>Another rate is another step size of the same system: A and B change, C does not.</summary>
    [TestMethod]
    public void Rate_OfTwo_DoublesTheStepSizesAndKeepsTheOutput()
    {
        using var scope = NewDisposeScope();
        var declaration = new S4Declaration("s4", 2, 6, 9);
        var values = Weights.Doubles(declaration.Weights, 9);
        using var weights = ParameterSet.FromDoubles(declaration.Weights, values);
        var input = Random([1, 2], 1);
        var plain = new S4Layer(declaration).System(weights, input);
        var halved = new S4Layer(declaration with { Rate = 2 }).System(weights, input);
        Assert.That.IsWithin(1e-12, S4Reference.Error(plain.C, halved.C));

        values["s4.kernel.inv_dt"] = Array.ConvertAll(values["s4.kernel.inv_dt"], value => value + Math.Log(2));
        using var doubled = ParameterSet.FromDoubles(declaration.Weights, values);
        var expected = new S4Layer(declaration).System(doubled, input);
        Assert.That.IsWithin(1e-12, S4Reference.Error(expected.A, halved.A));
        Assert.That.IsWithin(1e-12, S4Reference.Error(expected.B, halved.B));
    }

    [TestMethod]
    public void Rate_OfDiagonalLayer_ScalesTheStepSizes()
    {
        using var scope = NewDisposeScope();
        var declaration = new S4DDeclaration("s4", 2, 6);
        var values = Weights.Doubles(declaration.Weights, 9);
        using var weights = ParameterSet.FromDoubles(declaration.Weights, values);
        values["s4.kernel.inv_dt"] = Array.ConvertAll(values["s4.kernel.inv_dt"], value => value + Math.Log(2));
        using var doubled = ParameterSet.FromDoubles(declaration.Weights, values);
        Assert.That.IsWithin(1e-12, S4Reference.Error(
            new S4DLayer(declaration).Kernel(doubled, 11), new S4DLayer(declaration with { Rate = 2 }).Kernel(weights, 11)));
    }

    /// <summary>The reference implementation's kernel at a rate is that of other step sizes and length with the same C~.</summary>
    [TestMethod]
    [DataRow(1.0, 12)]
    [DataRow(2.0, 6)]
    [DataRow(0.5, 24)]
    public void ApproximateKernel_AtARate_IsTheKernelOfScaledStepsAndTheSameStoredOutput(double rate, int length)
    {
        using var scope = NewDisposeScope();
        var declaration = new S4Declaration("s4", 2, 6, 12) { Measure = HippoMeasure.LegT };
        var values = Weights.Doubles(declaration.Weights, 10);
        using var weights = ParameterSet.FromDoubles(declaration.Weights, values);
        values["s4.kernel.inv_dt"] = Array.ConvertAll(values["s4.kernel.inv_dt"], value => value + Math.Log(rate));
        using var scaled = ParameterSet.FromDoubles(declaration.Weights, values);
        var expected = new S4Layer(declaration with { KernelLength = length }).Kernel(scaled, length);
        var actual = new S4Layer(declaration).ApproximateKernel(weights, rate);
        Assert.That.IsWithin(1e-12, S4Reference.Error(expected, actual));
    }

    [TestMethod]
    public void Plans_OnceWarm_AllocateNothing()
    {
        foreach (var layer in Layers)
        {
            var declaration = layer.Declaration;
            var plan = PlanCompiler.Compile(
                declaration, CheckpointWeights.FromSingles(declaration.Weights, Weights.Singles(declaration.Weights, 3)));
            var (state, input, output) = (plan.CreateState(), new float[plan.InputSize], new float[plan.OutputSize]);
            plan.Step(input, state, output);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var time = 0; time < 100; time++)
            {
                plan.Step(input, state, output);
            }

            Assert.AreEqual(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    private static Tensor Random(long[] shape, ulong seed)
    {
        var random = new CounterRandom(seed);
        return tensor([.. Enumerable.Range(0, (int)shape.Aggregate(1L, (all, one) => all * one)).Select(_ => random.NextGaussian())])
            .reshape(shape);
    }
}
