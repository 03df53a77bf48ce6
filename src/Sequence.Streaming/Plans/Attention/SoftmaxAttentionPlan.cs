using System.Numerics.Tensors;
using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// The step of causal softmax attention over a context of c positions. The state is a ring: the last c keys
/// [c, heads * key size], the last c values [c, features], and a count that says which slot is next and how many are in use.
/// </summary>
public sealed class SoftmaxAttentionPlan : StepPlan
{
    private readonly AffineMap _input;
    private readonly AffineMap _output;
    private readonly int _heads;
    private readonly int _size;
    private readonly int _context;
    private readonly float _scale;

    internal SoftmaxAttentionPlan(SoftmaxAttentionDeclaration declaration, CheckpointWeights weights)
    {
        if (declaration.StepKind != StepKind.Exact)
        {
            throw new ModelException(
                $"Layer '{declaration.Prefix}' attends to " +
                $"{(declaration.Bidirectional ? "later inputs" : "all of the past")}, so it has no step. Give it a context.");
        }

        _input = AttentionMaps.Input(declaration, weights, "q_proj", "k_proj", "v_proj");
        _output = AttentionMaps.Output(declaration, weights);
        (_heads, _size, _context) = (declaration.Heads, declaration.KeySize, declaration.Context!.Value);
        _scale = (float)(1 / Math.Sqrt(_size));
        StateSize = checked((2 * _context * OutputSize) + 1);
    }

    /// <inheritdoc />
    public override int InputSize => _input.Inputs;

    /// <inheritdoc />
    public override int OutputSize => _output.Outputs;

    /// <inheritdoc />
    public override int StateSize { get; }

    /// <inheritdoc />
    protected override void StepCore(ReadOnlySpan<float> input, Span<float> state, Span<float> output)
    {
        var width = OutputSize;
        var keys = state[..(_context * width)];
        var values = state.Slice(_context * width, _context * width);

        // The count runs up to c and then round c .. 2c - 1: its remainder is the slot, and it tells a full ring apart.
        ref var count = ref state[^1];
        var slot = (int)count % _context;
        var used = Math.Min((int)count + 1, _context);
        count = (int)count + 1 == 2 * _context ? _context : count + 1;

        using var projectedScratch = new Scratch(_input.Outputs);
        using var joinedScratch = new Scratch(width);
        using var weightScratch = new Scratch(used);
        var projected = projectedScratch.Values;
        var joined = joinedScratch.Values;
        var weights = weightScratch.Values;
        _input.Apply(input, projected);
        projected.Slice(width, width).CopyTo(keys.Slice(slot * width, width));
        projected.Slice(2 * width, width).CopyTo(values.Slice(slot * width, width));
        joined.Clear();
        for (var head = 0; head < _heads; head++)
        {
            var start = head * _size;
            var query = projected.Slice(start, _size);
            for (var position = 0; position < used; position++)
            {
                weights[position] = _scale * TensorPrimitives.Dot(query, keys.Slice((position * width) + start, _size));
            }

            var greatest = TensorPrimitives.Max(weights);
            TensorPrimitives.Subtract(weights, greatest, weights);
            TensorPrimitives.Exp(weights, weights);
            var total = TensorPrimitives.Sum(weights);
            var result = joined.Slice(start, _size);
            for (var position = 0; position < used; position++)
            {
                TensorPrimitives.MultiplyAdd(
                    values.Slice((position * width) + start, _size), weights[position] / total, result, result);
            }
        }

        _output.Apply(joined, output);
    }
}
