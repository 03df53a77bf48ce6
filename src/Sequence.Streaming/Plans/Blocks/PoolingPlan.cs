using System.Numerics.Tensors;

namespace Sequence.Streaming;

/// <summary>
/// The step of a running pool. The state of the mean is the mean so far and the count, that of the first is the first input
/// and whether there was one; the last has none.
/// </summary>
public sealed class PoolingPlan : StepPlan
{
    private readonly Pooling _pooling;

    internal PoolingPlan(PoolingDeclaration declaration)
    {
        _pooling = declaration.Pooling;
        InputSize = declaration.Features;
    }

    /// <inheritdoc />
    public override int InputSize { get; }

    /// <inheritdoc />
    public override int OutputSize => InputSize;

    /// <inheritdoc />
    public override int StateSize => _pooling == Pooling.Last ? 0 : InputSize + 1;

    /// <inheritdoc />
    protected override void StepCore(ReadOnlySpan<float> input, Span<float> state, Span<float> output)
    {
        switch (_pooling)
        {
            case Pooling.Last:
                input.CopyTo(output);
                break;
            case Pooling.First:
                if (state[^1] == 0)
                {
                    input.CopyTo(state);
                    state[^1] = 1;
                }

                state[..InputSize].CopyTo(output);
                break;
            default:
                // The mean moves by (u - mean) / count: a sum would lose its last digits over a long stream.
                state[^1]++;
                var mean = state[..InputSize];
                TensorPrimitives.Subtract(input, mean, output);
                TensorPrimitives.MultiplyAdd(output, 1 / state[^1], mean, mean);
                mean.CopyTo(output);
                break;
        }
    }
}
