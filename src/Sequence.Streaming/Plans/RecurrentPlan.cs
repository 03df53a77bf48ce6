using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// The step of a stack of RNN, GRU or LSTM layers; the output is the top layer's h. The state holds h of each layer, then
/// for the LSTM c of each layer, [hidden] each.
/// </summary>
public sealed class RecurrentPlan : StepPlan
{
    private readonly RecurrentStage[] _stages;
    private readonly bool _hasMemory;

    internal RecurrentPlan(RecurrentDeclaration declaration, CheckpointWeights weights)
    {
        if (declaration.Bidirectional)
        {
            throw new ModelException(
                $"Layer '{declaration.Prefix}' is bidirectional: an output depends on later inputs, so it has no step.");
        }

        InputSize = declaration.Inputs;
        OutputSize = declaration.Hidden;
        _hasMemory = declaration.Cell == RecurrentCell.Lstm;
        _stages =
        [
            .. Enumerable.Range(0, declaration.LayerCount)
                .Select(layer => new RecurrentStage(declaration, layer, direction: 0, weights)),
        ];
    }

    /// <inheritdoc />
    public override int InputSize { get; }

    /// <inheritdoc />
    public override int OutputSize { get; }

    /// <inheritdoc />
    public override int StateSize => (_hasMemory ? 2 : 1) * _stages.Length * OutputSize;

    /// <inheritdoc />
    protected override void StepCore(ReadOnlySpan<float> input, Span<float> state, Span<float> output)
    {
        var size = OutputSize;
        for (var layer = 0; layer < _stages.Length; layer++)
        {
            var hidden = state.Slice(layer * size, size);
            var memory = _hasMemory ? state.Slice((_stages.Length + layer) * size, size) : default;
            _stages[layer].Step(input, hidden, memory);
            input = hidden;
        }

        input.CopyTo(output);
    }
}
