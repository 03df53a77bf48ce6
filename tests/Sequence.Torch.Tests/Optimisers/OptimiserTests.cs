using CsCheck;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Sequence.Torch.Tests.Optimisers;

[TestClass]
public sealed class OptimiserTests
{
    private static readonly long[][] Shapes = [[7, 5], [1], [33], [2, 3, 4]];

    /// <summary>Runs both optimisers on the same gradients; any difference in the rule shows within a few steps.</summary>
    [TestMethod]
    [DataRow(ScalarType.Float32, 0.0)]
    [DataRow(ScalarType.Float32, 0.1)]
    [DataRow(ScalarType.Float64, 0.0)]
    [DataRow(ScalarType.Float64, 0.1)]
    public void AdamW_FiftySteps_EqualsTorch(ScalarType type, double weightDecay)
    {
        using var scope = NewDisposeScope();
        var (ours, theirs) = TwoCopies(type);
        var mine = new AdamW([Group(ours, weightDecay)], new AdamWOptions { LearningRate = 0.01 });
        using var reference = optim.AdamW(theirs, lr: 0.01, weight_decay: weightDecay);

        CompareSteps(ours, theirs, mine, () => reference.step(), steps: 50);
    }

    [TestMethod]
    [DataRow(0.0, false, 0.0)]
    [DataRow(0.9, false, 0.0)]
    [DataRow(0.9, true, 0.0)]
    [DataRow(0.9, true, 0.01)]
    [DataRow(0.0, false, 0.01)]
    public void Sgd_FiftySteps_EqualsTorch(double momentum, bool nesterov, double weightDecay)
    {
        using var scope = NewDisposeScope();
        var (ours, theirs) = TwoCopies(ScalarType.Float64);
        var mine = new Sgd([Group(ours, weightDecay)], new SgdOptions { LearningRate = 0.02, Momentum = momentum, Nesterov = nesterov });
        using var reference = optim.SGD(theirs, 0.02, momentum, weight_decay: weightDecay, nesterov: nesterov);

        CompareSteps(ours, theirs, mine, () => reference.step(), steps: 50);
    }

    /// <summary>One step from zero moments moves by γ g / (|g| + ε): bias correction cancels both decays.</summary>
    [TestMethod]
    public void AdamW_FirstStep_IsLearningRateTimesSign()
    {
        using var scope = NewDisposeScope();
        var parameter = tensor(new[] { 1.0, -2.0, 3.0 }, requires_grad: true);
        parameter.grad = tensor(new[] { 0.5, -4.0, 1e-3 });

        new AdamW([new ParameterGroup([("w", parameter)])], new AdamWOptions { LearningRate = 0.1, Epsilon = 1e-12 }).Step();

        AssertClose([0.9, -1.9, 2.9], parameter, 1e-9);
    }

    [TestMethod]
    public void AdamW_ZeroGradient_DecaysByTheGroupsRate()
    {
        using var scope = NewDisposeScope();
        var fast = tensor(new[] { 2.0 }, requires_grad: true);
        var plain = tensor(new[] { 2.0 }, requires_grad: true);
        fast.grad = zeros_like(fast);
        plain.grad = zeros_like(plain);

        new AdamW(
            [new ParameterGroup([("fast", fast)], LearningRateScale: 3, WeightDecay: 0.5), new ParameterGroup([("plain", plain)])],
            new AdamWOptions { LearningRate = 0.1 }).Step();

        AssertClose([2 * (1 - (0.1 * 3 * 0.5))], fast, 1e-12);
        AssertClose([2.0], plain, 0);
    }

    [TestMethod]
    public void Step_ParameterWithoutGradient_IsLeftAloneAndStartsItsOwnCount()
    {
        using var scope = NewDisposeScope();
        var parameter = tensor(new[] { 1.0 }, requires_grad: true);
        var other = tensor(new[] { 1.0 }, requires_grad: true);
        var optimiser = new AdamW([new ParameterGroup([("a", parameter), ("b", other)], WeightDecay: 1)], new AdamWOptions { LearningRate = 0.1 });
        other.grad = ones_like(other);

        optimiser.Step();

        AssertClose([1.0], parameter, 0);
        Assert.AreEqual(0.0, ((double[])optimiser.ExportState().Buffers["a.step"])[0]);
        Assert.AreEqual(1.0, ((double[])optimiser.ExportState().Buffers["b.step"])[0]);
        Assert.AreEqual(1, optimiser.StepCount);
    }

    /// <summary>An element's update must not depend on its neighbours or on where the vector loop ends.</summary>
    [TestMethod]
    public void Step_AnyLength_UpdatesEveryElementAlike() =>
        Gen.Select(Gen.Int[1, 70], Gen.Int[-9, 9], Gen.Int[1, 9], Gen.Bool).Sample(
            (length, value, slope, adam) =>
            {
                using var scope = NewDisposeScope();
                var parameter = full(length, (float)value).requires_grad_();
                parameter.grad = full(length, (float)slope);
                var groups = new[] { new ParameterGroup([("w", parameter)], WeightDecay: 0.1) };
                Optimiser optimiser = adam ? new AdamW(groups) : new Sgd(groups, new SgdOptions { Momentum = 0.9, Nesterov = true });

                optimiser.Step();
                optimiser.Step();

                var values = parameter.data<float>().ToArray();
                return values.All(element => element == values[0]) && values[0] != value;
            },
            iter: 200,
            threads: 1);

    [TestMethod]
    [DataRow(ScalarType.Float32)]
    [DataRow(ScalarType.Float64)]
    public void ImportState_AfterAnyStep_ContinuesBitForBit(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var (straight, resumed) = TwoCopies(type);
        var whole = new AdamW([Group(straight, 0.05)], new AdamWOptions { LearningRate = 0.01 });
        var first = new AdamW([Group(resumed, 0.05)], new AdamWOptions { LearningRate = 0.01 });
        for (var step = 0; step < 7; step++)
        {
            SetGradients(straight, resumed, step);
            whole.Step();
            first.Step();
        }

        whole.LearningRate = first.LearningRate = 0.003;
        var second = new AdamW([Group(resumed, 0.05)]);
        second.ImportState(first.ExportState());
        for (var step = 7; step < 20; step++)
        {
            SetGradients(straight, resumed, step);
            whole.Step();
            second.Step();
        }

        Assert.AreEqual(20, second.StepCount);
        for (var i = 0; i < straight.Count; i++)
        {
            CollectionAssert.AreEqual(straight[i].bytes.ToArray(), resumed[i].bytes.ToArray());
        }
    }

    [TestMethod]
    public void ImportState_DoesNotFit_ListsEveryFaultAndChangesNothing()
    {
        using var scope = NewDisposeScope();
        var parameter = ones(3, float64).requires_grad_();
        parameter.grad = ones(3, float64);
        var optimiser = new AdamW([new ParameterGroup([("w", parameter)])]);
        optimiser.Step();
        var state = optimiser.ExportState();
        Dictionary<string, Array> buffers = new(state.Buffers, StringComparer.Ordinal)
        {
            ["w.exp_avg"] = new double[2],
            ["w.exp_avg_sq"] = new float[3],
            ["v.step"] = new double[1],
        };
        buffers.Remove("w.step");

        var exception = Assert.ThrowsExactly<ModelException>(() => optimiser.ImportState(state with { StepCount = 9, Buffers = buffers }));

        foreach (var name in new[] { "w.exp_avg'", "w.exp_avg_sq'", "v.step'", "w.step'" })
        {
            StringAssert.Contains(exception.Message, name, StringComparison.Ordinal);
        }

        Assert.AreEqual(1, optimiser.StepCount);
        CollectionAssert.AreEqual(state.Buffers["w.exp_avg"], optimiser.ExportState().Buffers["w.exp_avg"]);
    }

    [TestMethod]
    public void ExportState_LaterSteps_DoNotChangeIt()
    {
        using var scope = NewDisposeScope();
        var parameter = ones(3, float64).requires_grad_();
        parameter.grad = ones(3, float64);
        var optimiser = new AdamW([new ParameterGroup([("w", parameter)])]);
        optimiser.Step();
        var state = optimiser.ExportState();

        optimiser.Step();

        AssertEqualWithin(0.1, ((double[])state.Buffers["w.exp_avg"])[0], 1e-15);
    }

    [TestMethod]
    public void ClipGradientNorm_TwoParameters_ScalesTogether()
    {
        using var scope = NewDisposeScope();
        var a = zeros(1, float64).requires_grad_();
        var b = zeros(1, float64).requires_grad_();
        a.grad = tensor(new[] { 3.0 });
        b.grad = tensor(new[] { 4.0 });
        var optimiser = new Sgd([new ParameterGroup([("a", a), ("b", b)])]);

        var norm = optimiser.ClipGradientNorm(1);

        AssertEqualWithin(5, norm, 1e-12);
        AssertClose([0.6], a.grad!, 1e-6);
        AssertClose([0.8], b.grad!, 1e-6);
    }

    [TestMethod]
    public void ClipGradientNorm_AnyGradients_BoundsTheNormAndKeepsTheDirection() =>
        Gen.Select(Gen.Double[-100, 100].Array[1, 40], Gen.Double[0.01, 200]).Sample(
            (slopes, limit) =>
            {
                using var scope = NewDisposeScope();
                var parameter = zeros(slopes.Length, float64).requires_grad_();
                parameter.grad = tensor(slopes);
                var optimiser = new Sgd([new ParameterGroup([("w", parameter)])]);
                var norm = Math.Sqrt(slopes.Sum(slope => slope * slope));

                var found = optimiser.ClipGradientNorm(limit);
                var clipped = parameter.grad!.data<double>().ToArray();

                var after = Math.Sqrt(clipped.Sum(slope => slope * slope));
                var scale = norm > limit ? limit / norm : 1;
                return Math.Abs(found - norm) <= 1e-9 * (1 + norm)
                    && after <= limit * (1 + 1e-9) | norm <= limit
                    && slopes.Zip(clipped).All(pair => Math.Abs((pair.First * scale) - pair.Second) <= 1e-4 * (1 + Math.Abs(pair.First)));
            },
            iter: 200,
            threads: 1);

    [TestMethod]
    public void ClipGradientNorm_NotFinite_LeavesGradientsAndSaysSo()
    {
        using var scope = NewDisposeScope();
        var parameter = zeros(2).requires_grad_();
        parameter.grad = tensor(new[] { float.PositiveInfinity, 1f });

        var norm = new Sgd([new ParameterGroup([("w", parameter)])]).ClipGradientNorm(1);

        Assert.IsFalse(double.IsFinite(norm));
        Assert.AreEqual(1f, parameter.grad!.data<float>()[1]);
    }

    [TestMethod]
    public void ClipGradientValues_LimitsEachElement()
    {
        using var scope = NewDisposeScope();
        var parameter = zeros(3, float64).requires_grad_();
        parameter.grad = tensor(new[] { -3.0, 0.5, 7.0 });

        new Sgd([new ParameterGroup([("w", parameter)])]).ClipGradientValues(2);

        AssertClose([-2.0, 0.5, 2.0], parameter.grad!, 0);
    }

    [TestMethod]
    public void ZeroGradients_AfterBackward_NextGradientStartsAfresh()
    {
        using var scope = NewDisposeScope();
        var parameter = ones(3).requires_grad_();
        var optimiser = new Sgd([new ParameterGroup([("w", parameter)])]);
        (parameter * parameter).sum().backward();

        optimiser.ZeroGradients();
        (parameter * parameter).sum().backward();

        CollectionAssert.AreEqual(new[] { 2f, 2f, 2f }, parameter.grad!.data<float>().ToArray());
    }

    [TestMethod]
    public void Step_StridedGradient_IsReadInTheParametersOrder()
    {
        using var scope = NewDisposeScope();
        var parameter = zeros(2, 3, float64).requires_grad_();
        parameter.grad = tensor(new[] { 1.0, 2, 3, 4, 5, 6 }).reshape(3, 2).t();

        new Sgd([new ParameterGroup([("w", parameter)])], new SgdOptions { LearningRate = 1 }).Step();

        AssertClose([-1, -3, -5, -2, -4, -6], parameter, 0);
    }

    [TestMethod]
    public void Constructor_ParametersItCannotTrain_ListsEveryFault()
    {
        using var scope = NewDisposeScope();
        var good = zeros(2).requires_grad_();
        var faults = Assert.ThrowsExactly<ConfigurationException>(() => new AdamW(
            [
                new ParameterGroup(
                    [
                        ("transposed", zeros(2, 3).t().requires_grad_()),
                        ("half", zeros(2, float16).requires_grad_()),
                        ("frozen", zeros(2)),
                        ("good", good),
                        ("twice", good.alias()),
                    ],
                    WeightDecay: -1),
            ],
            new AdamWOptions { LearningRate = double.NaN, FirstMomentDecay = 1, Epsilon = 0 })).Faults;

        foreach (var word in new[] { "transposed", "half", "frozen", "twice", "weight decay -1", "LearningRate", "FirstMomentDecay", "Epsilon" })
        {
            Assert.AreEqual(1, faults.Count(fault => fault.Contains(word, StringComparison.Ordinal)), word);
        }

        Assert.AreEqual(8, faults.Count);
    }

    [TestMethod]
    public void Constructor_NesterovWithoutMomentum_Throws()
    {
        using var parameter = zeros(2).requires_grad_();

        Assert.ThrowsExactly<ConfigurationException>(() => new Sgd([new ParameterGroup([("w", parameter)])], new SgdOptions { Nesterov = true }));
        Assert.ThrowsExactly<ConfigurationException>(() => new Sgd([]));
    }

    private static (List<Parameter> Ours, List<Parameter> Theirs) TwoCopies(ScalarType type)
    {
        manual_seed(7);
        var ours = Shapes.Select(shape => new Parameter(randn(shape, type))).ToList();
        var theirs = ours.Select(parameter => new Parameter(parameter.detach().clone())).ToList();
        return (ours, theirs);
    }

    private static ParameterGroup Group(IEnumerable<Parameter> parameters, double weightDecay) =>
        new([.. parameters.Select((parameter, i) => ($"p{i}", (Tensor)parameter))], WeightDecay: weightDecay);

    private static void SetGradients(List<Parameter> ours, List<Parameter> theirs, int step)
    {
        manual_seed(100 + step);
        for (var i = 0; i < ours.Count; i++)
        {
            ours[i].grad = randn(Shapes[i], ours[i].dtype);
            theirs[i].grad = ours[i].grad!.clone();
        }
    }

    private static void CompareSteps(List<Parameter> ours, List<Parameter> theirs, Optimiser mine, Action reference, int steps)
    {
        var tolerance = ours[0].dtype == ScalarType.Float32 ? 1e-6 : 1e-12;
        for (var step = 0; step < steps; step++)
        {
            SetGradients(ours, theirs, step);
            mine.Step();
            reference();
        }

        for (var i = 0; i < ours.Count; i++)
        {
            var difference = (ours[i] - theirs[i]).abs().max().to_type(ScalarType.Float64).item<double>();
            Assert.That.IsWithin(tolerance, difference, $"parameter {i}");
        }
    }

    private static void AssertClose(double[] expected, Tensor actual, double tolerance)
    {
        var found = actual.data<double>().ToArray();
        Assert.HasCount(expected.Length, found);
        for (var i = 0; i < expected.Length; i++)
        {
            AssertEqualWithin(expected[i], found[i], tolerance);
        }
    }

    private static void AssertEqualWithin(double expected, double actual, double tolerance) =>
        Assert.AreEqual(expected, actual, tolerance);
}
