using System.Numerics.Tensors;
using Sequence.Data.Checkpoints;

namespace Sequence.Streaming;

/// <summary>
/// The step of normalised attention: S = S + k v^T, h = S^T q exp(-(w_n u + b_n)) in each head. The state holds S
/// [key size, value size] of each head.
/// </summary>
public sealed class NormalisedAttentionPlan : StepPlan
{
    private readonly AffineMap _input;
    private readonly AffineMap _output;
    private readonly int _heads;
    private readonly int _keySize;
    private readonly int _valueSize;

    internal NormalisedAttentionPlan(NormalisedAttentionDeclaration declaration, CheckpointWeights weights)
    {
        _input = AttentionMaps.Input(declaration, weights, "q_proj", "k_proj", "v_proj", "n_proj");
        _output = AttentionMaps.Output(declaration, weights);
        (_heads, _keySize, _valueSize) = (declaration.Heads, declaration.KeySize, declaration.ValueSize);
    }

    /// <inheritdoc />
    public override int InputSize => _input.Inputs;

    /// <inheritdoc />
    public override int OutputSize => _output.Outputs;

    /// <inheritdoc />
    public override int StateSize => _heads * _keySize * _valueSize;

    /// <inheritdoc />
    protected override void StepCore(ReadOnlySpan<float> input, Span<float> state, Span<float> output)
    {
        var keys = _heads * _keySize;
        using var projectedScratch = new Scratch(_input.Outputs);
        using var joinedScratch = new Scratch(OutputSize);
        var projected = projectedScratch.Values;
        var joined = joinedScratch.Values;
        _input.Apply(input, projected);
        var values = projected.Slice(2 * keys, OutputSize);
        var logarithms = projected[^_heads..];
        for (var head = 0; head < _heads; head++)
        {
            var result = joined.Slice(head * _valueSize, _valueSize);
            AttentionMemory.Step(
                projected.Slice(head * _keySize, _keySize),
                projected.Slice(keys + (head * _keySize), _keySize),
                values.Slice(head * _valueSize, _valueSize),
                state.Slice(head * _keySize * _valueSize, _keySize * _valueSize),
                result);
            TensorPrimitives.Multiply(result, MathF.Exp(-logarithms[head]), result);
        }

        _output.Apply(joined, output);
    }
}
