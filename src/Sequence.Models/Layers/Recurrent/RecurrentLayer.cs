using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// Stacked recurrences in PyTorch's form, with * the elementwise product:
/// <list type="bullet">
/// <item>RNN: h' = tanh(W_ih u + b_ih + W_hh h + b_hh);</item>
/// <item>GRU: r, z = sigmoid(W_i u + b_i + W_h h + b_h); n = tanh(W_in u + b_in + r * (W_hn h + b_hn));
/// h' = (1 - z) * n + z * h;</item>
/// <item>LSTM: i, f, o = sigmoid(W_i u + b_i + W_h h + b_h), g = tanh(...); c' = f * c + i * g; h' = o * tanh(c').</item>
/// </list>
/// The state holds h of each layer, then for the LSTM c of each layer, each [batch, hidden].
/// </summary>
/// <remarks>
/// The input product of all times is one matrix product; only the recurrence runs step by step. A bidirectional stack
/// takes no state: its backward half begins at the end.
/// </remarks>
public sealed class RecurrentLayer(RecurrentDeclaration declaration) : SequenceLayer
{
    /// <inheritdoc />
    public override RecurrentDeclaration Declaration { get; } = declaration;

    /// <inheritdoc />
    protected override LayerResult ForwardCore(
        IWeightSource weights, Tensor input, LayerState? state, TrainingPass? training, bool keepState)
    {
        if (Declaration.Bidirectional && state is not null)
        {
            throw new ModelException(
                $"Layer '{Declaration.Prefix}' is bidirectional and takes no state: its backward half begins at the end.");
        }

        var hidden = new List<Tensor>();
        var cells = new List<Tensor>();
        var current = input;
        for (var layer = 0; layer < Declaration.LayerCount; layer++)
        {
            var start = Start(state, layer, input);
            var (forward, end) = Run(weights, RecurrentDeclaration.Suffix(layer, 0), current, start, backward: false);
            Keep(end, hidden, cells);
            if (Declaration.Bidirectional)
            {
                var zero = Start(null, layer, input);
                var (reverse, _) = Run(weights, RecurrentDeclaration.Suffix(layer, 1), current, zero, backward: true);
                forward = cat([forward, reverse], dim: 2);
            }

            current = forward;
        }

        return new(current, Declaration.Bidirectional ? null : new LayerState([.. hidden, .. cells]));
    }

    /// <inheritdoc />
    protected override LayerResult StepCore(IWeightSource weights, Tensor input, LayerState? state)
    {
        var hidden = new List<Tensor>();
        var cells = new List<Tensor>();
        var current = input;
        for (var layer = 0; layer < Declaration.LayerCount; layer++)
        {
            var suffix = RecurrentDeclaration.Suffix(layer, 0);
            var end = Advance(weights, suffix, ProjectInput(weights, suffix, current), Start(state, layer, input));
            Keep(end, hidden, cells);
            current = end.Hidden;
        }

        return new(current, new LayerState([.. hidden, .. cells]));
    }

    private static void Keep(Cell end, List<Tensor> hidden, List<Tensor> cells)
    {
        hidden.Add(end.Hidden);
        if (end.Memory is not null)
        {
            cells.Add(end.Memory);
        }
    }

    private Cell Start(LayerState? state, int layer, Tensor like)
    {
        var isLstm = Declaration.Cell == RecurrentCell.Lstm;
        if (state is not null)
        {
            var parts = isLstm ? 2 * Declaration.LayerCount : Declaration.LayerCount;
            RequireState(state, [.. Enumerable.Repeat<long[]>([like.shape[0], Declaration.Hidden], parts)]);
            return new(state.Tensors[layer], isLstm ? state.Tensors[Declaration.LayerCount + layer] : null);
        }

        Tensor Zeros() => zeros([like.shape[0], Declaration.Hidden], dtype: like.dtype, device: like.device);
        return new(Zeros(), isLstm ? Zeros() : null);
    }

    private (Tensor Output, Cell End) Run(
        IWeightSource weights, string suffix, Tensor input, Cell start, bool backward)
    {
        var projected = ProjectInput(weights, suffix, input).unbind(1);
        var outputs = new Tensor[projected.Length];
        var cell = start;
        for (var step = 0; step < outputs.Length; step++)
        {
            var time = backward ? outputs.Length - 1 - step : step;
            cell = Advance(weights, suffix, projected[time], cell);
            outputs[time] = cell.Hidden;
        }

        return (stack(outputs, dim: 1), cell);
    }

    private Tensor ProjectInput(IWeightSource weights, string suffix, Tensor input) => nn.functional.linear(
        input,
        weights.Get(Declaration.WeightName("weight_ih" + suffix)),
        weights.Get(Declaration.WeightName("bias_ih" + suffix)));

    private Cell Advance(IWeightSource weights, string suffix, Tensor projected, Cell cell)
    {
        var recurrent = nn.functional.linear(
            cell.Hidden,
            weights.Get(Declaration.WeightName("weight_hh" + suffix)),
            weights.Get(Declaration.WeightName("bias_hh" + suffix)));
        switch (Declaration.Cell)
        {
            case RecurrentCell.Rnn:
                return new(projected.add(recurrent).tanh(), null);
            case RecurrentCell.Gru:
                {
                    var fromInput = projected.chunk(3, dim: 1);
                    var fromState = recurrent.chunk(3, dim: 1);
                    var reset = fromInput[0].add(fromState[0]).sigmoid();
                    var update = fromInput[1].add(fromState[1]).sigmoid();
                    var candidate = fromInput[2].add(reset.mul(fromState[2])).tanh();
                    return new(candidate.add(update.mul(cell.Hidden.sub(candidate))), null);
                }

            default:
                {
                    var gates = projected.add(recurrent).chunk(4, dim: 1);
                    var memory = gates[1].sigmoid().mul(cell.Memory!).add(gates[0].sigmoid().mul(gates[2].tanh()));
                    return new(gates[3].sigmoid().mul(memory.tanh()), memory);
                }
        }
    }

    private readonly record struct Cell(Tensor Hidden, Tensor? Memory);
}
