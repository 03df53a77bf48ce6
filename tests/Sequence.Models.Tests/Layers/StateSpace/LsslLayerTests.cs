using Sequence.Data.Checkpoints;
using Sequence.Numerics;
using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

[TestClass]
public sealed class LsslLayerTests : LayerContract
{
    protected override IEnumerable<SequenceLayer> Cases =>
    [
        new LsslLayer(new("lssl", 1, 1)),
        new LsslLayer(new("lssl", 3, 5) { Channels = 2, Alpha = 1, TrainsStepSize = false }),
        new LsslLayer(new("lssl", 2, 5)
        {
            Measure = HippoMeasure.LegT,
            Transition = LsslTransition.Shared,
            Channels = 2,
            Rate = 2,
        }),
        new LsslLayer(new("lssl", 3, 4)
        {
            Measure = HippoMeasure.FouT,
            Transition = LsslTransition.PerFeature,
            Alpha = 0,
        }),
    ];

    /// <summary>Sequences longer than a Krylov block, so that powers, halving and padding all take part.</summary>
    [TestMethod]
    [DataRow(1, 100)]
    [DataRow(5, 37)]
    [DataRow(5, 64)]
    [DataRow(8, 129)]
    public void Forward_OfSeveralBlocks_IsEqualToSteps(int states, int length)
    {
        using var scope = NewDisposeScope();
        var layer = new LsslLayer(new("lssl", 3, states) { Channels = 2 });
        using var weights = ParameterSet.FromDoubles(
            layer.Declaration.Weights, Weights.Doubles(layer.Declaration.Weights, 41));
        var input = Input(2, length, 3, ScalarType.Float64);
        var before = new LayerState([Input(2, 3, states, ScalarType.Float64, seed: 42)]);
        var actual = layer.Forward(weights, input, before);
        var state = before;
        for (var time = 0; time < length; time++)
        {
            var step = layer.Step(weights, input.select(1, time), state);
            state = step.State;
            AssertClose(step.Output, actual.Output.select(1, time), 1e-12);
        }

        AssertClose(state!.Tensors[0], actual.State!.Tensors[0], 1e-12);
    }

    [TestMethod]
    [DataRow("legs", HippoMeasure.LegS)]
    [DataRow("legt", HippoMeasure.LegT)]
    public void Discretisation_AgainstReference_IsEqual(string name, HippoMeasure measure)
    {
        using var scope = NewDisposeScope();
        var cases = S4Reference.Open("lssl_gbt").Cases("cases")
            .Where(one => one.Text("measure") == name).ToArray();
        Assert.HasCount(6, cases);
        foreach (var one in cases)
        {
            var (states, alpha) = (one.Integer("N"), one.Number("alpha"));
            var step = one.Real("dt");
            var declaration = new LsslDeclaration("lssl", (int)step.shape[0], states) { Measure = measure, Alpha = alpha };
            var start = WeightInitialiser.Doubles(declaration.Weights, 43);
            var what = $"{name} N={states} alpha={alpha}";
            S4Reference.AssertWithin(
                1e-12, one.Real("A"), tensor(start["lssl.transition.a"]).reshape(states, states), $"{what} A");
            var system = new LsslSystem(
                tensor(start["lssl.transition.a"]).reshape(states, states),
                tensor(start["lssl.transition.b"]),
                step.log(),
                alpha,
                rate: 1,
                isKept: false);
            S4Reference.AssertWithin(1e-9, one.Real("A_bar"), system.A, $"{what} Abar");
            S4Reference.AssertWithin(1e-9, one.Real("B_bar"), system.B.squeeze(2), $"{what} Bbar");
        }
    }

    /// <summary>The whole layer of the authors: the linear part here, then GELU and the map of features.</summary>
    [TestMethod]
    public void Forward_AgainstReference_IsEqual()
    {
        using var scope = NewDisposeScope();
        var reference = S4Reference.Open("lssl_fixed_L16");
        var declaration = new LsslDeclaration("lssl", 3, 8) { Channels = 2 };
        var layer = new LsslLayer(declaration);
        using var weights = ParameterSet.FromDoubles(declaration.Weights, new Dictionary<string, double[]>
        {
            ["lssl.transition.a"] = reference.Doubles("A"),
            ["lssl.transition.b"] = reference.Doubles("B"),
            ["lssl.C"] = reference.Doubles("C"),
            ["lssl.D"] = reference.Doubles("D"),
            ["lssl.log_dt"] = Array.ConvertAll(reference.Doubles("dt"), Math.Log),
        });
        var system = new LsslSystem(
            reference.Real("A"), reference.Real("B"), reference.Real("dt").log(), declaration.Alpha, declaration.Rate, isKept: false);
        S4Reference.AssertWithin(1e-9, reference.Real("kernel_CK"), system.Kernel(reference.Real("C"), 16), "kernel_CK");
        S4Reference.AssertWithin(
            1e-9,
            reference.Real("krylov_K"),
            system.Kernel(eye(8, dtype: ScalarType.Float64).unsqueeze(0).expand(3, 8, 8), 16),
            "krylov_K");
        S4Reference.AssertWithin(1e-9, reference.Real("A_bar"), system.A, "A_bar");
        S4Reference.AssertWithin(1e-9, reference.Real("B_bar"), system.B.squeeze(2), "B_bar");

        var linear = layer.Forward(weights, reference.Real("u")).Output;
        S4Reference.AssertWithin(1e-9, reference.Real("y_linear").reshape(2, 16, 6), linear, "y_linear");
        var output = nn.functional.linear(nn.functional.gelu(linear), reference.Real("W_out"), reference.Real("b_out"));
        S4Reference.AssertWithin(1e-9, reference.Real("y"), output, "y");
    }

    [TestMethod]
    [DataRow(LsslTransition.Fixed, 1)]
    [DataRow(LsslTransition.Shared, 11)]
    [DataRow(LsslTransition.PerFeature, 11)]
    public void Gradients_OfStatesPassedInAndOut_AreThoseOfFiniteDifferences(LsslTransition transition, int length)
    {
        using var scope = NewDisposeScope();
        var layer = new LsslLayer(new("lssl", 2, 3) { Channels = 2, Transition = transition });
        using var weights = ParameterSet.FromDoubles(
            layer.Declaration.Weights, Weights.Doubles(layer.Declaration.Weights, 44));
        var input = Input(2, length, 2, ScalarType.Float64);
        var state = Input(2, 2, 3, ScalarType.Float64, seed: 45);
        var ending = Input(2, 2, 3, ScalarType.Float64, seed: 46);
        input.requires_grad = true;
        state.requires_grad = true;
        FiniteDifferences.Check(
            () =>
            {
                var result = layer.Forward(weights, input, new LayerState([state]));
                return result.Output.pow(2).sum().add(result.State!.Tensors[0].mul(ending).sum());
            },
            [
                .. weights.Trained.Select(weight => (weight.Declaration.Name, weight.Parameter)),
                ("input", input),
                ("state", state),
            ]);
    }

    [TestMethod]
    public void KrylovMatrix_WhileNothingChanges_IsReused()
    {
        using var scope = NewDisposeScope();
        var declaration = new LsslDeclaration("lssl", 2, 3) { TrainsStepSize = false };
        var layer = new LsslLayer(declaration);
        var values = WeightInitialiser.Doubles(declaration.Weights, 47);
        using var weights = ParameterSet.FromDoubles(declaration.Weights, values);
        using var same = ParameterSet.FromDoubles(declaration.Weights, values);
        var input = Input(1, 400, 2, ScalarType.Float64);
        var first = layer.Forward(weights, input).Output;
        var columns = layer.KeptColumns;
        Assert.IsGreaterThanOrEqualTo(20, columns);

        // Another handle with the same values, and a shorter sequence, make no difference; training C doesn't either.
        AssertClose(first, layer.Forward(same, input).Output, 0);
        AssertClose(first.narrow(1, 0, 9), layer.Forward(weights, input.narrow(1, 0, 9)).Output, 1e-12);
        using (no_grad())
        {
            weights.Get("lssl.C").mul_(weights.Get("lssl.C"));
        }

        layer.Forward(weights, input);
        Assert.AreEqual(1, layer.Discretisations);
        Assert.AreEqual(columns, layer.KeptColumns);
    }

    [TestMethod]
    public void KrylovMatrix_WhenAStepSizeChanges_IsComputedAnew()
    {
        using var scope = NewDisposeScope();
        var declaration = new LsslDeclaration("lssl", 2, 3) { TrainsStepSize = false };
        var layer = new LsslLayer(declaration);
        using var weights = ParameterSet.FromDoubles(
            declaration.Weights, WeightInitialiser.Doubles(declaration.Weights, 48));
        var input = Input(1, 50, 2, ScalarType.Float64);
        layer.Forward(weights, input);
        using (no_grad())
        {
            weights.Get("lssl.log_dt")[1] = -2.0;
        }

        var changed = layer.Forward(weights, input).Output;
        Assert.AreEqual(2, layer.Discretisations);
        AssertClose(new LsslLayer(declaration).Forward(weights, input).Output, changed, 0);
    }

    [TestMethod]
    public void KrylovMatrix_OfTrainedStepSizes_IsKeptOnlyWithoutGradients()
    {
        using var scope = NewDisposeScope();
        var layer = new LsslLayer(new("lssl", 2, 3));
        using var weights = ParameterSet.FromSingles(
            layer.Declaration.Weights, WeightInitialiser.Singles(layer.Declaration.Weights, 49));
        var input = Input(1, 50, 2, ScalarType.Float32);
        var recorded = layer.Forward(weights, input);
        Assert.AreEqual(0, layer.Discretisations);
        using (inference_mode())
        {
            AssertClose(recorded.Output, layer.Forward(weights, input).Output, 0);
            layer.Forward(weights, input);
        }

        Assert.AreEqual(1, layer.Discretisations);

        // What was kept in inference mode serves training: here the gradient by the input alone.
        using var constants = ParameterSet.FromSingles(
            new LsslDeclaration("lssl", 2, 3) { TrainsStepSize = false }.Weights, weights.ExportSingles());
        input.requires_grad = true;
        layer.Forward(constants, input).Output.sum().backward();
        Assert.AreEqual(1, layer.Discretisations);
        Assert.IsNotNull(input.grad);
    }

    /// <summary>Against x = Abar x, one power at a time; LegS at this size has eigenvalues from -1 to -64.</summary>
    [TestMethod]
    [DataRow(HippoMeasure.LegS, 16_384)]
    [DataRow(HippoMeasure.LegT, 10_007)]
    public void Kernel_OfALongSequence_IsEqualToPowering(HippoMeasure measure, int length)
    {
        const int states = 64;
        const double step = 0.001;
        using var scope = NewDisposeScope();
        var (a, b) = HippoMatrices.Create(measure, states);
        var random = new CounterRandom(55);
        var c = Enumerable.Range(0, states).Select(_ => random.NextGaussian()).ToArray();
        var system = new LsslSystem(
            tensor(a).reshape(states, states),
            tensor(b),
            tensor(new[] { Math.Log(step) }),
            alpha: 0.5,
            rate: 1,
            isKept: false);
        var actual = system.Kernel(tensor(c).reshape(1, 1, states), length).flatten();

        var (transition, x) = Discretisation.GeneralisedBilinear(a, b, states, step, 0.5);
        var expected = new double[length];
        var next = new double[states];
        for (var time = 0; time < length; time++)
        {
            for (var row = 0; row < states; row++)
            {
                expected[time] += c[row] * x[row];
                next[row] = 0;
                for (var column = 0; column < states; column++)
                {
                    next[row] += transition[(row * states) + column] * x[column];
                }
            }

            (x, next) = (next, x);
        }

        S4Reference.AssertWithin(1e-9, tensor(expected), actual, $"{measure} kernel of {length}");
    }

    [TestMethod]
    public void Forward_WithoutKeepingTheState_IsTheSame()
    {
        using var scope = NewDisposeScope();
        var layer = new LsslLayer(new("lssl", 2, 3));
        using var weights = ParameterSet.FromSingles(
            layer.Declaration.Weights, WeightInitialiser.Singles(layer.Declaration.Weights, 50));
        var input = Input(2, 19, 2, ScalarType.Float32);
        var result = layer.Forward(weights, input, keepState: false);
        Assert.IsNull(result.State);
        AssertClose(layer.Forward(weights, input).Output, result.Output, 0);
    }

    /// <summary>
    /// Half the samples of a slow signal at rate 2 give nearly half the outputs: a constant after all transients is exact.
    /// </summary>
    [TestMethod]
    public void Forward_AtAnotherRate_KeepsTheSteadyState()
    {
        using var scope = NewDisposeScope();
        var declaration = new LsslDeclaration("lssl", 2, 4) { MinimumStepSize = 0.1, MaximumStepSize = 0.2 };
        using var weights = ParameterSet.FromDoubles(
            declaration.Weights, WeightInitialiser.Doubles(declaration.Weights, 51));
        var full = new LsslLayer(declaration).Forward(weights, ones(1, 800, 2, dtype: ScalarType.Float64)).Output;
        var half = new LsslLayer(declaration with { Rate = 2 })
            .Forward(weights, ones(1, 400, 2, dtype: ScalarType.Float64)).Output;
        AssertClose(full[0, 799], half[0, 399], 1e-9);
        Assert.IsGreaterThan(1e-3, full[0, 10].sub(half[0, 10]).abs().max().item<double>());
    }

    [TestMethod]
    [DataRow(HippoMeasure.LegS, LsslTransition.Fixed)]
    [DataRow(HippoMeasure.LegT, LsslTransition.PerFeature)]
    public void Step_OfThePlan_StaysWithForwardForTenThousandSteps(HippoMeasure measure, LsslTransition transition)
    {
        const int length = 10_000;
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var layer = new LsslLayer(new("lssl", 3, 16) { Channels = 2, Measure = measure, Transition = transition });
        var values = WeightInitialiser.Singles(layer.Declaration.Weights, 52);
        using var doubles = ParameterSet.FromDoubles(
            layer.Declaration.Weights,
            values.ToDictionary(pair => pair.Key, pair => Array.ConvertAll(pair.Value, value => (double)value)));
        using var singles = ParameterSet.FromSingles(layer.Declaration.Weights, values);
        var input = Input(1, length, 3, ScalarType.Float32);
        var expected = layer.Forward(doubles, input.to(ScalarType.Float64)).Output[0];
        var plan = PlanCompiler.Compile(
            layer.Declaration, CheckpointWeights.FromSingles(layer.Declaration.Weights, values));
        var inputs = input.data<float>().ToArray();
        var outputs = new float[length * 6];
        var state = plan.CreateState();
        for (var time = 0; time < length; time++)
        {
            plan.Step(inputs.AsSpan(time * 3, 3), state, outputs.AsSpan(time * 6, 6));
        }

        S4Reference.AssertWithin(
            1e-4, expected, tensor(outputs).reshape(length, 6).to(ScalarType.Float64), "10,000 steps in float32");
        S4Reference.AssertWithin(
            1e-4, expected, layer.Forward(singles, input).Output[0].to(ScalarType.Float64), "forward in float32");
    }

    [TestMethod]
    public void Step_OfThePlan_AllocatesNothing()
    {
        var declaration = new LsslDeclaration("lssl", 3, 5) { Channels = 2 };
        var plan = PlanCompiler.Compile(
            declaration,
            CheckpointWeights.FromSingles(declaration.Weights, WeightInitialiser.Singles(declaration.Weights, 53)));
        var state = plan.CreateState();
        var (input, output) = (new float[3], new float[6]);
        plan.Step(input, state, output);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < 100; step++)
        {
            plan.Step(input, state, output);
        }

        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Weights_OfEachTransition_HaveTheirRolesAndShapes()
    {
        static string[] Describe(LsslDeclaration declaration) =>
            [.. declaration.Weights.Select(weight => $"{weight.Name} {weight.Role} [{string.Join(", ", weight.Shape)}]")];
        CollectionAssert.AreEqual(
            new[]
            {
                "lssl.transition.a Constant [4, 4]",
                "lssl.transition.b Constant [4]",
                "lssl.C Output [3, 2, 4]",
                "lssl.D Vector [3, 2]",
                "lssl.log_dt Constant [3]",
            },
            Describe(new("lssl", 3, 4) { Channels = 2, TrainsStepSize = false }));
        CollectionAssert.AreEqual(
            new[] { "lssl.transition.a Dynamics [4, 4]", "lssl.transition.b Dynamics [4]" },
            Describe(new("lssl", 3, 4) { Transition = LsslTransition.Shared })[..2]);
        CollectionAssert.AreEqual(
            new[] { "lssl.transition.a Dynamics [3, 4, 4]", "lssl.transition.b Dynamics [3, 4]" },
            Describe(new("lssl", 3, 4) { Transition = LsslTransition.PerFeature })[..2]);
        Assert.AreEqual("lssl.log_dt TimeScale [3]", Describe(new("lssl", 3, 4))[^1]);

        var start = WeightInitialiser.Doubles(
            new LsslDeclaration("lssl", 50, 2) { Transition = LsslTransition.PerFeature }.Weights, 54);
        CollectionAssert.AreEqual(start["lssl.transition.a"][..4], start["lssl.transition.a"][^4..]);
        Assert.IsTrue(start["lssl.log_dt"].All(value => value >= Math.Log(0.001) && value <= Math.Log(0.1)));
    }

    [TestMethod]
    public void Constructor_OfBadSizes_ListsEveryFault()
    {
        var error = Assert.ThrowsExactly<ConfigurationException>(() => new LsslLayer(
            new("lssl", 0, 0) { Channels = 0, Alpha = 1.5, MinimumStepSize = 0, Rate = double.NaN }));
        Assert.HasCount(6, error.Faults);
        Assert.ThrowsExactly<ConfigurationException>(() => new LsslLayer(new("lssl", 1, 1) { Alpha = -0.1 }));
        Assert.ThrowsExactly<ConfigurationException>(() => new LsslLayer(
            new("lssl", 1, 3) { Measure = HippoMeasure.FouT }));
    }
}
