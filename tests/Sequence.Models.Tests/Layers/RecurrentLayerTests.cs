using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models.Tests.Layers;

[TestClass]
public sealed class RecurrentLayerTests : LayerContract
{
    protected override IEnumerable<SequenceLayer> Cases =>
    [
        .. from cell in Enum.GetValues<RecurrentCell>()
           from shape in new (int Inputs, int Hidden, int Layers)[] { (1, 1, 1), (2, 5, 2), (3, 16, 1) }
           from bidirectional in new[] { false, true }
           select new RecurrentLayer(new("rec", cell, shape.Inputs, shape.Hidden, shape.Layers, bidirectional)),
    ];

    /// <summary>The names, layouts and equations are PyTorch's, so libtorch's own modules must say the same.</summary>
    [TestMethod]
    [DataRow(RecurrentCell.Rnn, 1, false)]
    [DataRow(RecurrentCell.Gru, 2, false)]
    [DataRow(RecurrentCell.Lstm, 2, false)]
    [DataRow(RecurrentCell.Rnn, 2, true)]
    [DataRow(RecurrentCell.Gru, 1, true)]
    [DataRow(RecurrentCell.Lstm, 2, true)]
    public void Forward_AgainstLibtorchModule_IsEqual(RecurrentCell cell, int layers, bool bidirectional)
    {
        using var scope = NewDisposeScope();
        var declaration = new RecurrentDeclaration("rec", cell, 3, 6, layers, bidirectional);
        var layer = new RecurrentLayer(declaration);
        using var weights = ParameterSet.FromDoubles(declaration.Weights, Weights.Doubles(declaration.Weights, 8));
        var input = Input(4, 9, 3, ScalarType.Float64);
        var (module, expected) = Libtorch(cell, layers, bidirectional, weights, input);
        AssertClose(expected, layer.Forward(weights, input).Output, 1e-12);
        module.Dispose();
    }

    [TestMethod]
    public void Forward_BidirectionalWithState_IsRefused()
    {
        using var scope = NewDisposeScope();
        var declaration = new RecurrentDeclaration("rec", RecurrentCell.Gru, 2, 3, 1, Bidirectional: true);
        using var weights = ParameterSet.FromSingles(declaration.Weights, Weights.Singles(declaration.Weights, 9));
        var state = new LayerState([zeros(1, 3)]);
        Assert.ThrowsExactly<ModelException>(() => new RecurrentLayer(declaration).Forward(weights, zeros(1, 4, 2), state));
    }

    [TestMethod]
    public void Weights_OfLstm_AreGateMajorOverSharedUnits()
    {
        var weight = new RecurrentDeclaration("lstm", RecurrentCell.Lstm, 3, 5).Weights
            .Single(one => one.Name == "lstm.weight_hh_l0");
        CollectionAssert.AreEqual(new[] { 20, 5 }, weight.Shape.ToArray());
        Assert.AreEqual(4, weight.Axes[0].Gates);
        Assert.AreEqual(weight.Axes[0].Group, weight.Axes[1].Group);
    }

    private static (nn.Module Module, Tensor Output) Libtorch(
        RecurrentCell cell, int layers, bool bidirectional, ParameterSet weights, Tensor input)
    {
        switch (cell)
        {
            case RecurrentCell.Rnn:
                {
                    var module = nn.RNN(3, 6, layers, batchFirst: true, bidirectional: bidirectional, dtype: ScalarType.Float64);
                    Load(module, weights);
                    return (module, module.forward(input, null).Item1);
                }

            case RecurrentCell.Gru:
                {
                    var module = nn.GRU(3, 6, layers, batchFirst: true, bidirectional: bidirectional, dtype: ScalarType.Float64);
                    Load(module, weights);
                    return (module, module.forward(input, null).Item1);
                }

            default:
                {
                    var module = nn.LSTM(3, 6, layers, batchFirst: true, bidirectional: bidirectional, dtype: ScalarType.Float64);
                    Load(module, weights);
                    return (module, module.forward(input, null).Item1);
                }
        }
    }

    private static void Load(nn.Module module, ParameterSet weights)
    {
        using var inference = no_grad();
        foreach (var (name, parameter) in module.named_parameters())
        {
            parameter.copy_(weights.Get("rec." + name));
        }
    }
}
