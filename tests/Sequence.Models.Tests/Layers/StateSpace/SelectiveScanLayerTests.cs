using Sequence.Data.Checkpoints;
using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

[TestClass]
public sealed class SelectiveScanLayerTests : LayerContract
{
    protected override IEnumerable<SequenceLayer> Cases =>
    [
        new SelectiveScanLayer(new("s6", 1, 1, 1)),
        new SelectiveScanLayer(new("s6", 3, 5, 2)),
        new SelectiveScanLayer(new("s6", 9, 4, 1) { Rate = 2 }),
    ];

    /// <summary>The authors' reference: step bias, skip and gate, and the state after the last input.</summary>
    [TestMethod]
    public void Scan_AgainstReference_IsEqual()
    {
        using var scope = NewDisposeScope();
        var reference = S4Reference.Open("selective_scan");
        var input = TimeFirst(reference.Real("u"));
        var raw = TimeFirst(reference.Real("delta_raw"));
        var (b, c) = (TimeFirst(reference.Real("B")), TimeFirst(reference.Real("C")));
        var step = SelectiveScanFunction.StepSize(raw, reference.Real("delta_bias"), 1);
        var (output, state) = SelectiveScanFunction.Scan(input, step, reference.Real("A"), b, c, reference.Real("D"), null);
        S4Reference.AssertWithin(
            1e-9, TimeFirst(reference.Real("out")), SelectiveLayer.Gate(output, TimeFirst(reference.Real("z"))), "out");
        S4Reference.AssertWithin(1e-9, reference.Real("last_state"), state, "last_state");

        var plain = SelectiveScanFunction.StepSize(raw, zeros(4, dtype: ScalarType.Float64), 1);
        (output, _) = SelectiveScanFunction.Scan(
            input, plain, reference.Real("A"), b, c, zeros(4, dtype: ScalarType.Float64), null);
        S4Reference.AssertWithin(1e-9, TimeFirst(reference.Real("out_no_D_z_bias")), output, "out_no_D_z_bias");
    }

    /// <summary>The kernel without a graph and the one with must say the same.</summary>
    [TestMethod]
    public void Forward_WithoutGradients_IsTheSame()
    {
        using var scope = NewDisposeScope();
        var layer = new SelectiveScanLayer(new("s6", 5, 3, 2));
        using var weights = ParameterSet.FromSingles(
            layer.Declaration.Weights, Weights.Singles(layer.Declaration.Weights, 21));
        var input = Input(2, 33, 5, ScalarType.Float32);
        var recorded = layer.Forward(weights, input);
        using var inference = no_grad();
        var plain = layer.Forward(weights, input);
        Assert.IsTrue(recorded.Output.requires_grad);
        Assert.IsFalse(plain.Output.requires_grad);
        AssertClose(recorded.Output, plain.Output, 0);
        AssertClose(recorded.State!.Tensors[0], plain.State!.Tensors[0], 0);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(6)]
    public void Gradients_OfStatesPassedInAndOut_AreThoseOfFiniteDifferences(int length)
    {
        using var scope = NewDisposeScope();
        var layer = new SelectiveScanLayer(new("s6", 3, 5, 2));
        using var weights = ParameterSet.FromDoubles(
            layer.Declaration.Weights, Weights.Doubles(layer.Declaration.Weights, 22));
        var input = Input(2, length, 3, ScalarType.Float64);
        var state = Input(2, 3, 5, ScalarType.Float64, seed: 23);
        var ending = Input(2, 3, 5, ScalarType.Float64, seed: 24);
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
    public void Gradients_InSingle_AreThoseInDouble()
    {
        using var scope = NewDisposeScope();
        var layer = new SelectiveScanLayer(new("s6", 9, 5, 2));
        var values = Weights.Singles(layer.Declaration.Weights, 26);
        using var singles = ParameterSet.FromSingles(layer.Declaration.Weights, values);
        using var doubles = ParameterSet.FromDoubles(
            layer.Declaration.Weights,
            values.ToDictionary(pair => pair.Key, pair => Array.ConvertAll(pair.Value, value => (double)value)));
        var input = Input(3, 40, 9, ScalarType.Float32);
        layer.Forward(singles, input).Output.sin().sum().backward();
        layer.Forward(doubles, input.to(ScalarType.Float64)).Output.sin().sum().backward();
        foreach (var (declaration, parameter) in doubles.Trained)
        {
            S4Reference.AssertWithin(
                1e-5, parameter.grad!, singles.Get(declaration.Name).grad!.to(ScalarType.Float64), declaration.Name);
        }
    }

    [TestMethod]
    public void Forward_OnSeveralThreads_IsTheSame()
    {
        using var scope = NewDisposeScope();
        var layer = new SelectiveScanLayer(new("s6", 3, 4, 2));
        using var weights = ParameterSet.FromSingles(
            layer.Declaration.Weights, Weights.Singles(layer.Declaration.Weights, 27));
        var input = Input(5, 30, 3, ScalarType.Float32);
        var threads = get_num_threads();
        try
        {
            Tensor[] Run(int count)
            {
                set_num_threads(count);
                weights.Get("s6.A_log").grad = null;
                var output = layer.Forward(weights, input).Output;
                output.sum().backward();
                return [output.detach(), weights.Get("s6.A_log").grad!.clone()];
            }

            var (alone, beside) = (Run(1), Run(3));
            AssertClose(alone[0], beside[0], 1e-7);
            AssertClose(alone[1], beside[1], 1e-6);
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [TestMethod]
    public void System_AtTwiceTheRate_DecaysByTheSquare()
    {
        using var scope = NewDisposeScope();
        var declaration = new SelectiveScanDeclaration("s6", 2, 3, 1);
        using var weights = ParameterSet.FromDoubles(declaration.Weights, Weights.Doubles(declaration.Weights, 28));
        var input = Input(1, 4, 2, ScalarType.Float64)[0];
        var system = new SelectiveScanLayer(declaration).System(weights, input);
        var doubled = new SelectiveScanLayer(declaration with { Rate = 2 }).System(weights, input);
        AssertClose(system.A.pow(2), doubled.A, 1e-14);
        AssertClose(system.B.add(system.B), doubled.B, 1e-14);
    }

    [TestMethod]
    public void Weights_AtTheStart_AreThoseOfThePaper()
    {
        var declaration = new SelectiveScanDeclaration("s6", 40, 3, 2) { MinimumStepSize = 0.01, MaximumStepSize = 0.02 };
        var start = WeightInitialiser.Doubles(declaration.Weights, 1);
        var steps = start["s6.dt_proj.bias"].Select(value => Math.Log(1 + Math.Exp(value))).ToArray();
        Assert.IsTrue(steps.All(step => step is >= 0.01 - 1e-12 and <= 0.02 + 1e-12));
        Assert.IsGreaterThan(0.005, steps.Max() - steps.Min());
        CollectionAssert.AreEqual(
            new[] { 0, Math.Log(2), Math.Log(3), 0, Math.Log(2), Math.Log(3) }, start["s6.A_log"][..6]);
        Assert.IsTrue(start["s6.D"].All(value => value == 1));
        CollectionAssert.AreEqual(
            new[] { "x_proj.weight [8, 40]", "dt_proj.weight [40, 2]", "dt_proj.bias [40]", "A_log [40, 3]", "D [40]" },
            declaration.Weights.Select(weight => $"{weight.Name[3..]} [{string.Join(", ", weight.Shape)}]").ToArray());
    }

    [TestMethod]
    public void Constructor_OfBadSizes_ListsEveryFault()
    {
        var error = Assert.ThrowsExactly<ConfigurationException>(() => new SelectiveScanLayer(
            new("s6", 0, 0, 0) { MinimumStepSize = 0, Rate = -1 }));
        Assert.HasCount(5, error.Faults);
        Assert.ThrowsExactly<ConfigurationException>(() => new SelectiveScanLayer(
            new("s6", 1, 1, 1) { MinimumStepSize = 0.2, MaximumStepSize = 0.1 }));
    }

    [TestMethod]
    public void System_OfABatch_IsRefused()
    {
        using var scope = NewDisposeScope();
        var layer = new SelectiveScanLayer(new("s6", 2, 1, 1));
        using var weights = ParameterSet.FromSingles(
            layer.Declaration.Weights, Weights.Singles(layer.Declaration.Weights, 25));
        Assert.ThrowsExactly<ModelException>(() => layer.System(weights, zeros(1, 4, 2)));
    }

    private static Tensor TimeFirst(Tensor featuresFirst) => featuresFirst.transpose(1, 2);
}
