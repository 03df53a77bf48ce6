using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>A recurrent stack over a whole window, from a zero state.</summary>
internal sealed class RecurrentWindow
{
    private readonly RecurrentDeclaration _declaration;
    private readonly RecurrentStage[][] _layers;

    public RecurrentWindow(RecurrentDeclaration declaration, CheckpointWeights weights)
    {
        _declaration = declaration;
        _layers = new RecurrentStage[declaration.LayerCount][];
        for (var layer = 0; layer < _layers.Length; layer++)
        {
            _layers[layer] = new RecurrentStage[declaration.Directions];
            for (var direction = 0; direction < declaration.Directions; direction++)
            {
                _layers[layer][direction] = new RecurrentStage(declaration, layer, direction, weights);
            }
        }
    }

    /// <summary>
    /// Runs over rows [length, inputs] and writes where each direction of the top layer ends, [directions * hidden].
    /// </summary>
    public void Run(ReadOnlySpan<float> rows, Span<float> final)
    {
        var hidden = _declaration.Hidden;
        var width = _declaration.OutputSize;
        var length = rows.Length / _declaration.Inputs;

        // h and c of one direction, then the outputs of the layer below and of this one.
        using var scratch = new Scratch((2 * hidden) + (2 * length * width));
        var state = scratch.Values[..(2 * hidden)];
        var below = scratch.Values.Slice(2 * hidden, length * width);
        var here = scratch.Values[((2 * hidden) + (length * width))..];
        for (var layer = 0; layer < _layers.Length; layer++)
        {
            var inputs = layer == 0 ? rows : below;
            var inputWidth = layer == 0 ? _declaration.Inputs : width;
            for (var direction = 0; direction < _layers[layer].Length; direction++)
            {
                state.Clear();
                for (var step = 0; step < length; step++)
                {
                    var time = direction == 0 ? step : length - 1 - step;
                    _layers[layer][direction].Step(
                        inputs.Slice(time * inputWidth, inputWidth), state[..hidden], state[hidden..]);
                    state[..hidden].CopyTo(here.Slice((time * width) + (direction * hidden), hidden));
                }

                state[..hidden].CopyTo(final.Slice(direction * hidden, hidden));
            }

            here.CopyTo(below);
        }
    }
}
