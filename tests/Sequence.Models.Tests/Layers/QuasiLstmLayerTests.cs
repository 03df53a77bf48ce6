using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

[TestClass]
public sealed class QuasiLstmLayerTests : LayerContract
{
    protected override IEnumerable<SequenceLayer> Cases =>
    [
        .. from shape in new (int Inputs, int Hidden)[] { (1, 1), (2, 5), (3, 16) }
           from reversed in new[] { false, true }
           select new QuasiLstmLayer(new("q", shape.Inputs, shape.Hidden, reversed)),
    ];

    [TestMethod]
    [DataRow(1, false)]
    [DataRow(130, false)]
    [DataRow(130, true)]
    public void Forward_AgainstLoopsOverTheEquations_IsEqual(int length, bool reversed)
    {
        using var scope = NewDisposeScope();
        const int inputs = 3;
        const int hidden = 4;
        var layer = new QuasiLstmLayer(new("q", inputs, hidden, reversed));
        var values = Weights.Doubles(layer.Declaration.Weights, 41);
        using var weights = ParameterSet.FromDoubles(layer.Declaration.Weights, values);
        var input = Input(1, length, inputs, ScalarType.Float64);
        var rows = AttentionReference.Rows(input);
        var state = new double[hidden];
        var expected = new double[length][];
        for (var time = 0; time < length; time++)
        {
            expected[time] = new double[hidden];
            for (var unit = 0; unit < hidden; unit++)
            {
                double Gate(int gate)
                {
                    var row = (gate * hidden) + unit;
                    return values["q.bias_ih"][row] +
                        rows[time].Select((u, column) => values["q.weight_ih"][(row * inputs) + column] * u).Sum();
                }

                double Sigmoid(double value) => 1 / (1 + Math.Exp(-value));
                var forget = reversed ? Math.Pow(Sigmoid(-Gate(1)), Math.Max(values["q.alpha"][0], 0)) : Sigmoid(Gate(1));
                state[unit] = (forget * state[unit]) + (Sigmoid(Gate(0)) * Gate(2));
                expected[time][unit] = Sigmoid(Gate(3)) * state[unit];
            }
        }

        AssertClose(AttentionReference.Tensor(expected), layer.Forward(weights, input).Output[0], 1e-12);
    }

    /// <summary>A forget gate shut for good: a form that divides by products of gates would overflow.</summary>
    [TestMethod]
    public void Forward_WithClosedForgetGate_KeepsOnlyTheLastInput()
    {
        using var scope = NewDisposeScope();
        var layer = new QuasiLstmLayer(new("q", 1, 1));
        var values = new Dictionary<string, float[]>
        {
            ["q.weight_ih"] = [0, 0, 1, 0],
            ["q.bias_ih"] = [0, -200, 0, 0],
        };
        using var weights = ParameterSet.FromSingles(layer.Declaration.Weights, values);
        var input = Input(1, 300, 1, ScalarType.Float32);
        var quarter = tensor(0.25f);
        AssertClose(input.mul(quarter), layer.Forward(weights, input).Output, 1e-6);
    }

    /// <summary>alpha below zero counts as zero: nothing is forgotten, and the state is the sum of what entered.</summary>
    [TestMethod]
    public void Forward_WithNegativeAlpha_SumsUp()
    {
        using var scope = NewDisposeScope();
        var layer = new QuasiLstmLayer(new("q", 1, 1, ReversedForget: true));
        var values = new Dictionary<string, float[]>
        {
            ["q.weight_ih"] = [0, 1, 1, 0],
            ["q.bias_ih"] = [0, 0, 0, 0],
            ["q.alpha"] = [-0.5f],
        };
        using var weights = ParameterSet.FromSingles(layer.Declaration.Weights, values);
        var input = Input(1, 50, 1, ScalarType.Float32);
        var quarter = tensor(0.25f);
        AssertClose(input.cumsum(1).mul(quarter), layer.Forward(weights, input).Output, 1e-6);
    }

    [TestMethod]
    public void Weights_HaveTheLayoutOfAnLstm()
    {
        var quasi = new QuasiLstmDeclaration("q", 3, 5).Weights.Single(weight => weight.Name == "q.weight_ih");
        var lstm = new RecurrentDeclaration("q", RecurrentCell.Lstm, 3, 5).Weights
            .Single(weight => weight.Name == "q.weight_ih_l0");
        CollectionAssert.AreEqual(lstm.Shape.ToArray(), quasi.Shape.ToArray());
        Assert.AreEqual(4, quasi.Axes[0].Gates);
    }

    [TestMethod]
    public void Layer_OfBadSizes_ListsEveryFault()
    {
        var error = Assert.ThrowsExactly<ConfigurationException>(() => new QuasiLstmLayer(new("q", 0, -1)));
        Assert.HasCount(2, error.Faults);
        Assert.ThrowsExactly<ConfigurationException>(() => new QuasiLstmDeclaration("q", 0, 1).Weights);
    }

    [TestMethod]
    public void Step_AfterTheFirst_AllocatesNothing() => AttentionReference.AssertStepsAllocateNothing(Cases);
}
