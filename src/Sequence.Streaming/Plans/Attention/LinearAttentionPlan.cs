using System.Numerics.Tensors;
using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// The step of linear attention: S = S + phi(k) v^T, s = s + phi(k), h = S^T phi(q) / (s^T phi(q)) in each head. The state
/// holds S [key size, value size] of each head, then s [key size] of each head.
/// </summary>
public sealed class LinearAttentionPlan : StepPlan
{
    private readonly AffineMap _input;
    private readonly AffineMap _output;
    private readonly int _heads;
    private readonly int _keySize;
    private readonly int _valueSize;

    internal LinearAttentionPlan(LinearAttentionDeclaration declaration, CheckpointWeights weights)
    {
        if (declaration.StepKind != StepKind.Exact)
        {
            throw new ModelException($"Layer '{declaration.Prefix}' attends to later inputs, so it has no step.");
        }

        _input = AttentionMaps.Input(declaration, weights, "q_proj", "k_proj", "v_proj");
        _output = AttentionMaps.Output(declaration, weights);
        (_heads, _keySize, _valueSize) = (declaration.Heads, declaration.KeySize, declaration.ValueSize);
    }

    /// <inheritdoc />
    public override int InputSize => _input.Inputs;

    /// <inheritdoc />
    public override int OutputSize => _output.Outputs;

    /// <inheritdoc />
    public override int StateSize => _heads * _keySize * (_valueSize + 1);

    /// <inheritdoc />
    protected override void StepCore(ReadOnlySpan<float> input, Span<float> state, Span<float> output)
    {
        var keys = _heads * _keySize;
        using var projectedScratch = new Scratch(_input.Outputs);
        using var joinedScratch = new Scratch(OutputSize);
        var projected = projectedScratch.Values;
        var joined = joinedScratch.Values;
        _input.Apply(input, projected);
        MapFeatures(projected[..(2 * keys)]);
        var values = projected[(2 * keys)..];
        var sums = state[(keys * _valueSize)..];
        for (var head = 0; head < _heads; head++)
        {
            var query = projected.Slice(head * _keySize, _keySize);
            var key = projected.Slice(keys + (head * _keySize), _keySize);
            var sum = sums.Slice(head * _keySize, _keySize);
            var result = joined.Slice(head * _valueSize, _valueSize);
            AttentionMemory.Step(
                query,
                key,
                values.Slice(head * _valueSize, _valueSize),
                state.Slice(head * _keySize * _valueSize, _keySize * _valueSize),
                result);
            TensorPrimitives.Add(sum, key, sum);
            var total = Math.Max(TensorPrimitives.Dot(query, sum), LinearAttentionDeclaration.SmallestSum);
            TensorPrimitives.Divide(result, total, result);
        }

        _output.Apply(joined, output);
    }

    /// <summary>phi(x) = elu(x) + 1 = max(x, 0) + exp(min(x, 0)), in place: so written, a small value keeps its digits.</summary>
    private static void MapFeatures(Span<float> values)
    {
        using var scratch = new Scratch(values.Length);
        TensorPrimitives.Min(values, 0f, scratch.Values);
        TensorPrimitives.Exp(scratch.Values, scratch.Values);
        TensorPrimitives.Max(values, 0f, values);
        TensorPrimitives.Add(values, scratch.Values, values);
    }
}
