using Sequence.Data.Checkpoints;
using Sequence.Numerics;
using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

[TestClass]
public sealed class S4BadInputTests
{
    [TestMethod]
    public void Declaration_WithManyFaults_NamesEachOfThem()
    {
        var declaration = new S4Declaration("s4", 4, 7, 0)
        {
            Channels = 0,
            Copies = 3,
            MinimumStepSize = 0,
            MaximumStepSize = -1,
            Rate = double.NaN,
            Measure = HippoMeasure.LegT,
            Rank = 1,
        };
        var error = Assert.ThrowsExactly<ConfigurationException>(() => new S4Layer(declaration));
        string[] expected =
        [
            "channels is 0", "copies is 3", "minimum step size is 0", "maximum step size is -1", "rate is NaN", "state size is 7",
            "kernel length is 0", "rank is 1",
        ];
        CollectionAssert.AreEqual(
            expected, error.Faults.Select((fault, index) => fault.Contains(expected[index], StringComparison.Ordinal) ? expected[index] : fault).ToArray());
        Assert.ThrowsExactly<ConfigurationException>(() => declaration.Weights);
    }

    [TestMethod]
    public void Declaration_OfDiagonalWithFaults_IsRefused()
    {
        var good = new S4DDeclaration("s4d", 4, 6);
        foreach (var (bad, part) in new[]
        {
            (good with { StateSize = 5 }, "even"),
            (good with { StateSize = 0 }, "state size is 0"),
            (good with { Features = 0 }, "features is 0"),
            (good with { Rate = 0 }, "rate is 0"),
            (good with { Copies = 0 }, "copies is 0"),
            (good with { RealState = true }, "must be Real"),
            (good with { MaximumStepSize = 1e-4 }, "maximum step size"),
        })
        {
            var error = Assert.ThrowsExactly<ConfigurationException>(() => new S4DLayer(bad));
            Assert.Contains(part, error.Message);
            Assert.HasCount(1, error.Faults);
        }
    }

    [TestMethod]
    public void Forward_WithRealStateWhereComplexIsDue_IsRefused()
    {
        using var scope = NewDisposeScope();
        foreach (SequenceLayer layer in new SequenceLayer[]
        {
            new S4DLayer(new("s4", 2, 4)),
            new S4Layer(new("s4", 2, 4, 8)),
        })
        {
            using var weights = ParameterSet.FromSingles(
                layer.Declaration.Weights, Weights.Singles(layer.Declaration.Weights, 1));
            var state = new LayerState([zeros(1, 2, 2)]);
            var error = Assert.ThrowsExactly<ModelException>(() => layer.Forward(weights, zeros(1, 3, 2), state));
            Assert.Contains("complex", error.Message);
        }
    }

    [TestMethod]
    public void Forward_BidirectionalWithState_IsRefused()
    {
        using var scope = NewDisposeScope();
        foreach (SequenceLayer layer in new SequenceLayer[]
        {
            new S4DLayer(new("s4", 2, 4) { Bidirectional = true }),
            new S4Layer(new("s4", 2, 4, 8) { Bidirectional = true }),
        })
        {
            using var weights = ParameterSet.FromSingles(
                layer.Declaration.Weights, Weights.Singles(layer.Declaration.Weights, 1));
            var state = new LayerState([zeros([1, 2, 2], dtype: ScalarType.ComplexFloat32)]);
            Assert.ThrowsExactly<ModelException>(() => layer.Forward(weights, zeros(1, 3, 2), state));
            Assert.ThrowsExactly<ModelException>(() => ((IDynamicalSystemLayer)layer).System(weights, zeros(3, 2)));
        }
    }

    [TestMethod]
    public void Kernel_OfNoLength_IsRefused()
    {
        var diagonal = new S4DLayer(new("s4", 2, 4));
        var structured = new S4Layer(new("s4", 2, 4, 8));
        using var some = ParameterSet.FromSingles(
            structured.Declaration.Weights, Weights.Singles(structured.Declaration.Weights, 1));
        Assert.ThrowsExactly<ModelException>(() => diagonal.Kernel(some, 0));
        Assert.ThrowsExactly<ModelException>(() => structured.Kernel(some, 0));
        Assert.ThrowsExactly<ModelException>(() => structured.ApproximateKernel(some, 0));
        Assert.ThrowsExactly<ModelException>(() => structured.ApproximateKernel(some, 100));
    }

    [TestMethod]
    public void Weights_OfUnequalCopies_AreSharedByFeatures()
    {
        var start = WeightInitialiser.Doubles(
            new S4Declaration("s4", 4, 6, 9) { Measure = HippoMeasure.LegT, Copies = 2 }.Weights, 1);
        Assert.HasCount(2 * 2 * 3 * 2, start["s4.kernel.P"]);
        CollectionAssert.AreEqual(start["s4.kernel.P"][..6], start["s4.kernel.P"][6..12]);
        CollectionAssert.AreNotEqual(start["s4.kernel.P"][..6], start["s4.kernel.P"][12..18]);
    }

    /// <summary>Stepping with the start's C~ must give back a C of unit complex variance, the same at every kernel length.</summary>
    [TestMethod]
    public void Weights_AtStart_HoldTheGeneratingFormOfOneDraw()
    {
        using var scope = NewDisposeScope();
        var impulse = zeros([1, 7, 2], dtype: ScalarType.Float64);
        impulse[0, 0, 0] = 1;
        impulse[0, 0, 1] = 1;
        Tensor Response(int length)
        {
            var declaration = new S4Declaration("s4", 2, 6, length) { StepSizeTransform = StepSizeTransform.Softplus };
            using var weights = ParameterSet.FromDoubles(
                declaration.Weights, new Dictionary<string, double[]>(WeightInitialiser.Doubles(declaration.Weights, 4)));
            return new S4Layer(declaration).Forward(weights, impulse).Output.detach();
        }

        var expected = Response(8);
        Assert.IsGreaterThan(1e-3, expected.abs().max().item<double>());
        Assert.That.IsWithin(1e-9, S4Reference.Error(expected, Response(50)));
        Assert.That.IsWithin(1e-9, S4Reference.Error(expected, Response(3)));
    }
}
