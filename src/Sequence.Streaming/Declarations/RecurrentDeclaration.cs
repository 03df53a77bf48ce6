using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// A stack of recurrent layers with PyTorch's names and layouts: for layer l, weight_ih_l{l} [gates * hidden, inputs],
/// weight_hh_l{l} [gates * hidden, hidden], bias_ih_l{l} and bias_hh_l{l} [gates * hidden], gate-major; the backward
/// direction carries the suffix _reverse.
/// </summary>
/// <remarks>Starts as in PyTorch: uniform on +-1/sqrt(hidden).</remarks>
/// <param name="Prefix">What the names of its weights start with.</param>
/// <param name="Cell">The recurrence.</param>
/// <param name="Inputs">Length of one input.</param>
/// <param name="Hidden">Units of each layer and direction.</param>
/// <param name="LayerCount">Layers on top of each other; at least 1.</param>
/// <param name="Bidirectional">Whether a second recurrence runs backwards; its units follow the forward ones.</param>
public sealed record RecurrentDeclaration(
    string Prefix, RecurrentCell Cell, int Inputs, int Hidden, int LayerCount = 1, bool Bidirectional = false)
    : LayerDeclaration(Prefix)
{
    /// <summary>Number of gates: 1, 3 or 4.</summary>
    public int Gates => Cell switch
    {
        RecurrentCell.Rnn => 1,
        RecurrentCell.Gru => 3,
        _ => 4,
    };

    /// <summary>1, or 2 when bidirectional.</summary>
    public int Directions => Bidirectional ? 2 : 1;

    /// <inheritdoc />
    public override StepKind StepKind => Bidirectional ? StepKind.None : StepKind.Exact;

    /// <inheritdoc />
    public override int InputSize => Inputs;

    /// <inheritdoc />
    public override int OutputSize => Directions * Hidden;

    /// <inheritdoc />
    public override IReadOnlyList<WeightDeclaration> Weights
    {
        get
        {
            var start = Initialisation.Uniform(1 / Math.Sqrt(Hidden));
            var weights = new List<WeightDeclaration>();
            for (var layer = 0; layer < LayerCount; layer++)
            {
                for (var direction = 0; direction < Directions; direction++)
                {
                    var suffix = Suffix(layer, direction);
                    var group = $"{Prefix}.hidden{suffix}";
                    var hidden = new UnitAxis(group, Hidden);
                    var gated = new UnitAxis(group, Hidden, Gates);
                    var input = layer == 0
                        ? new UnitAxis($"{Prefix}.input", Inputs)
                        : new UnitAxis($"{Prefix}.output_l{layer - 1}", OutputSize);
                    weights.Add(new(WeightName("weight_ih" + suffix), WeightRole.Input, start, [gated, input]));
                    weights.Add(new(WeightName("weight_hh" + suffix), WeightRole.Hidden, start, [gated, hidden]));
                    weights.Add(new(WeightName("bias_ih" + suffix), WeightRole.Vector, start, [gated]));
                    weights.Add(new(WeightName("bias_hh" + suffix), WeightRole.Vector, start, [gated]));
                }
            }

            return weights;
        }
    }

    /// <summary>How PyTorch ends the names of the weights of a layer and direction (0 forward, 1 backward).</summary>
    public static string Suffix(int layer, int direction) => direction == 0 ? $"_l{layer}" : $"_l{layer}_reverse";
}
