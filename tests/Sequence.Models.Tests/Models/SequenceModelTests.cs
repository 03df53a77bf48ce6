using Sequence.Data.Checkpoints;
using Sequence.Torch;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Models;

[TestClass]
public sealed class SequenceModelTests
{
    [TestMethod]
    public void Forward_OfPaddedRows_IsTheSumUpToEachEnd()
    {
        // y = 2 * the sum over time and features; what stands in the padding may be anything.
        using var scope = NewDisposeScope();
        using var weights = Two(ScalarType.Float32);
        float[] values = [1, 2, 3, 4, 5, 6, 7, float.NaN, -8, 9, float.NaN, float.PositiveInfinity];
        var sums = new SumModel().Forward(
            weights, tensor(values).reshape(3, 4, 1), tensor(new long[] { 4, 3, 1 }));
        CollectionAssert.AreEqual(new float[] { 20, 36, -16 }, sums.data<float>().ToArray());
    }

    [TestMethod]
    [DataRow(0L)]
    [DataRow(-1L)]
    [DataRow(5L)]
    public void Forward_OfALengthOutOfRange_NamesRowLengthAndPaddedLength(long length)
    {
        using var scope = NewDisposeScope();
        using var weights = Two(ScalarType.Float32);
        var error = Assert.ThrowsExactly<ModelException>(
            () => new SumModel().Forward(weights, zeros(2, 4, 1), tensor(new[] { 4, length })));
        Assert.Contains($"Row 1 has length {length}", error.Message);
        Assert.Contains("padded length of the inputs is 4", error.Message);
    }

    [TestMethod]
    public void Forward_OfLengthsOfAnotherShapeOrType_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var weights = Two(ScalarType.Float32);
        var model = new SumModel();
        Assert.ThrowsExactly<ModelException>(() => model.Forward(weights, zeros(2, 4, 1), tensor(new long[] { 4 })));
        Assert.ThrowsExactly<ModelException>(() => model.Forward(weights, zeros(2, 4, 1), tensor(new[] { 4, 4 })));
        Assert.ThrowsExactly<ModelException>(
            () => model.Forward(weights, zeros(2, 4, 1), tensor(new long[] { 4, 4 }).reshape(2, 1)));
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.NegativeInfinity)]
    public void Forward_OfANumberThatIsNotFinite_NamesItsPlace(float value)
    {
        using var scope = NewDisposeScope();
        using var weights = Two(ScalarType.Float32);
        var inputs = tensor(new[] { 1, 2, 3, 4, 5, value }).reshape(2, 3, 1);
        foreach (var lengths in new[] { null, tensor(new long[] { 1, 3 }) })
        {
            var error = Assert.ThrowsExactly<ModelException>(() => new SumModel().Forward(weights, inputs, lengths));
            Assert.Contains("row 1, time 2, feature 0", error.Message);
        }
    }

    [TestMethod]
    public void Forward_OfFiniteNumbersWhoseSumOverflows_IsNotRefused()
    {
        using var scope = NewDisposeScope();
        using var weights = Two(ScalarType.Float32);
        var inputs = tensor(new[] { float.MaxValue, float.MaxValue }).reshape(1, 2, 1);
        Assert.AreEqual(float.PositiveInfinity, new SumModel().Forward(weights, inputs).item<float>());
    }

    [TestMethod]
    public void Forward_OfAnotherShapeOrType_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var weights = Two(ScalarType.Float32);
        var model = new SumModel();
        Assert.ThrowsExactly<ModelException>(() => model.Forward(weights, zeros(2, 4)));
        Assert.ThrowsExactly<ModelException>(() => model.Forward(weights, zeros(2, 0, 1)));
        Assert.ThrowsExactly<ModelException>(() => model.Forward(weights, zeros(2, 4, 2)));
        Assert.ThrowsExactly<ModelException>(() => model.Forward(weights, zeros(2, 4, 1, dtype: ScalarType.Float64)));
    }

    [TestMethod]
    public void Gradient_OfPaddedInputs_IsZeroInThePadding()
    {
        using var scope = NewDisposeScope();
        using var weights = Two(ScalarType.Float64);
        var inputs = ones(2, 3, 1, dtype: ScalarType.Float64, requires_grad: true);
        new SumModel().Forward(weights, inputs, tensor(new long[] { 3, 1 })).sum().backward();
        var gradient = new double[6];
        inputs.grad!.contiguous().CopyTo<double>(gradient);
        CollectionAssert.AreEqual(new double[] { 2, 2, 2, 2, 0, 0 }, gradient);
    }

    private static ParameterSet Two(ScalarType type) => type == ScalarType.Float32
        ? ParameterSet.FromSingles(new SumModel().Weights, new Dictionary<string, float[]> { ["scale"] = [2] })
        : ParameterSet.FromDoubles(new SumModel().Weights, new Dictionary<string, double[]> { ["scale"] = [2] });

    private sealed class SumModel : SequenceModel
    {
        public override IReadOnlyList<WeightDeclaration> Weights =>
            [new("scale", WeightRole.Output, Initialisation.Constant(1), [new UnitAxis("one", 1)])];

        public override int Features => 1;

        public override int Outputs => 1;

        public override string Description => "{}";

        protected override Tensor ForwardCore(
            IWeightSource weights, Tensor inputs, Tensor? lengths, TrainingPass? training) =>
            inputs.sum(dim: 1).mul(weights.Get("scale"));
    }
}
