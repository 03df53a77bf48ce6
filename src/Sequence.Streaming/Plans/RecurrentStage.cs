using System.Numerics.Tensors;
using Sequence.Data.Checkpoints;
using Sequence.Numerics;

namespace Sequence.Streaming;

/// <summary>One layer and direction of a recurrent stack. The equations are those of <see cref="RecurrentCell"/>.</summary>
internal sealed class RecurrentStage
{
    private readonly RecurrentCell _cell;
    private readonly AffineMap _fromInput;
    private readonly AffineMap? _fromState;
    private readonly PackedMatrix? _hidden;

    public RecurrentStage(RecurrentDeclaration declaration, int layer, int direction, CheckpointWeights weights)
    {
        var suffix = RecurrentDeclaration.Suffix(layer, direction);
        var inputs = layer == 0 ? declaration.Inputs : declaration.OutputSize;
        var inputWeight = weights.Singles(declaration.WeightName("weight_ih" + suffix));
        var hiddenWeight = weights.Singles(declaration.WeightName("weight_hh" + suffix));
        var inputBias = weights.Singles(declaration.WeightName("bias_ih" + suffix));
        var hiddenBias = weights.Singles(declaration.WeightName("bias_hh" + suffix));
        _cell = declaration.Cell;
        Hidden = declaration.Hidden;
        Gates = declaration.Gates;
        if (_cell == RecurrentCell.Gru)
        {
            // The reset gate multiplies W_hn h + b_hn, so the two products stay apart.
            _fromInput = new AffineMap(inputWeight, inputBias, inputs);
            _fromState = new AffineMap(hiddenWeight, hiddenBias, Hidden);
        }
        else
        {
            var bias = new float[inputBias.Length];
            TensorPrimitives.Add(inputBias, hiddenBias, bias);
            _fromInput = new AffineMap(inputWeight, bias, inputs);
            _hidden = new PackedMatrix(hiddenWeight, Gates * Hidden, Hidden);
        }
    }

    public int Hidden { get; }

    private int Gates { get; }

    /// <summary>Advances h [Hidden] and, for the LSTM, c [Hidden] in place.</summary>
    public void Step(ReadOnlySpan<float> input, Span<float> hidden, Span<float> memory)
    {
        var length = Gates * Hidden;
        using var scratch = new Scratch(_fromState is null ? length : 2 * length);
        var gates = scratch.Values[..length];
        _fromInput.Apply(input, gates);
        if (_fromState is not null)
        {
            var state = scratch.Values[length..];
            _fromState.Apply(hidden, state);
            RecurrentCells.Gru(gates, state, hidden);
            return;
        }

        _hidden!.MultiplyAdd(hidden, gates);
        if (_cell == RecurrentCell.Lstm)
        {
            RecurrentCells.Lstm(gates, memory, hidden);
        }
        else
        {
            Activations.Tanh(gates, hidden);
        }
    }
}
