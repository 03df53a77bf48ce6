using System.Numerics.Tensors;
using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// The step of causal attention by random features. With l[i] = w_i^T k' - |k'|^2 / 2 and c the greatest l so far,
/// c' = max(c, max l), S = S exp(c - c') + exp(l - c') v^T and s likewise; h = S^T phi(q) / (s^T phi(q)). The state holds
/// S [random features, value size] of each head, then s [random features] of each head, then c of each head.
/// </summary>
public sealed class PerformerAttentionPlan : StepPlan
{
    private readonly AffineMap _input;
    private readonly AffineMap _output;
    private readonly AffineMap _features;
    private readonly int _heads;
    private readonly int _size;
    private readonly int _count;
    private readonly float _scale;

    internal PerformerAttentionPlan(PerformerAttentionDeclaration declaration, CheckpointWeights weights)
    {
        if (declaration.StepKind != StepKind.Exact)
        {
            throw new ModelException($"Layer '{declaration.Prefix}' attends to later inputs, so it has no step.");
        }

        _input = AttentionMaps.Input(declaration, weights, "q_proj", "k_proj", "v_proj");
        _output = AttentionMaps.Output(declaration, weights);
        (_heads, _size, _count) = (declaration.Heads, declaration.KeySize, declaration.RandomFeatures);
        _features = new AffineMap(weights.Singles(declaration.ProjectionMatrix), new float[_count], _size);
        _scale = (float)Math.Pow(_size, -0.25);
        StateSize = checked(_heads * ((_count * (_size + 1)) + 1));
    }

    /// <inheritdoc />
    public override int InputSize => _input.Inputs;

    /// <inheritdoc />
    public override int OutputSize => _output.Outputs;

    /// <inheritdoc />
    public override int StateSize { get; }

    /// <inheritdoc />
    public override void Reset(Span<float> state)
    {
        state.Clear();
        state[^_heads..].Fill(float.MinValue);
    }

    /// <inheritdoc />
    protected override void StepCore(ReadOnlySpan<float> input, Span<float> state, Span<float> output)
    {
        var width = OutputSize;
        using var projectedScratch = new Scratch(_input.Outputs);
        using var joinedScratch = new Scratch(width);
        using var queryScratch = new Scratch(_count);
        using var keyScratch = new Scratch(_count);
        var projected = projectedScratch.Values;
        var joined = joinedScratch.Values;
        var query = queryScratch.Values;
        var key = keyScratch.Values;
        _input.Apply(input, projected);
        var sums = state.Slice(_heads * _count * _size, _heads * _count);
        var greatest = state[^_heads..];
        for (var head = 0; head < _heads; head++)
        {
            var start = head * _size;
            var memory = state.Slice(head * _count * _size, _count * _size);
            var sum = sums.Slice(head * _count, _count);
            var result = joined.Slice(start, _size);
            Exponents(projected.Slice(start, _size), query);
            TensorPrimitives.Subtract(query, TensorPrimitives.Max<float>(query), query);
            TensorPrimitives.Exp(query, query);
            Exponents(projected.Slice(width + start, _size), key);
            var next = Math.Max(greatest[head], TensorPrimitives.Max<float>(key));
            if (next > greatest[head])
            {
                var shrink = MathF.Exp(greatest[head] - next);
                TensorPrimitives.Multiply(memory, shrink, memory);
                TensorPrimitives.Multiply(sum, shrink, sum);
                greatest[head] = next;
            }

            TensorPrimitives.Subtract(key, next, key);
            TensorPrimitives.Exp(key, key);
            AttentionMemory.Step(query, key, projected.Slice((2 * width) + start, _size), memory, result);
            TensorPrimitives.Add(sum, key, sum);
            var total = Math.Max(TensorPrimitives.Dot(query, sum), PerformerAttentionDeclaration.SmallestSum);
            TensorPrimitives.Divide(result, total, result);
        }

        _output.Apply(joined, output);
    }

    /// <summary>l[i] = w_i^T x' - |x'|^2 / 2 with x' = x / d^(1/4); x is scaled in place.</summary>
    private void Exponents(Span<float> source, Span<float> exponents)
    {
        TensorPrimitives.Multiply(source, _scale, source);
        _features.Apply(source, exponents);
        TensorPrimitives.Subtract(exponents, TensorPrimitives.SumOfSquares<float>(source) / 2, exponents);
    }
}
