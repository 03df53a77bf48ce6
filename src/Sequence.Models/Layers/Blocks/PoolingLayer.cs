using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// Running pooling, see <see cref="PoolingDeclaration"/>. The state of the mean is the sum [batch, features] and the count
/// [batch, 1]; that of the first is the first input [batch, features]; the last has none.
/// </summary>
public sealed class PoolingLayer(PoolingDeclaration declaration) : SequenceLayer
{
    /// <inheritdoc />
    public override PoolingDeclaration Declaration { get; } = declaration;

    /// <summary>The pool over each whole sequence: the running pool at its last valid time.</summary>
    /// <param name="input">[batch, length, features].</param>
    /// <param name="lengths">Valid length of each sequence, [batch] of int64, between 1 and length; null when all are full.</param>
    /// <returns>[batch, features].</returns>
    public Tensor Pool(Tensor input, Tensor? lengths)
    {
        var (batch, length, features) = (input.shape[0], input.shape[1], input.shape[2]);
        switch (Declaration.Pooling)
        {
            case Pooling.First:
                return input.select(1, 0);
            case Pooling.Last when lengths is null:
                return input.select(1, length - 1);
            case Pooling.Last:
                var last = lengths.sub(ones_like(lengths)).reshape(batch, 1, 1).expand(batch, 1, features);
                return input.gather(1, last).squeeze(1);
            case Pooling.Mean when lengths is null:
                return input.mean([1]);
            default:
                var mask = arange(length, device: input.device).unsqueeze(0).lt(lengths!.unsqueeze(1)).to(input.dtype);
                return mask.unsqueeze(1).bmm(input).squeeze(1).div(lengths.to(input.dtype).unsqueeze(1));
        }
    }

    /// <inheritdoc />
    protected override LayerResult ForwardCore(
        IWeightSource weights, Tensor input, LayerState? state, TrainingPass? training, bool keepState)
    {
        var (batch, length, features) = (input.shape[0], input.shape[1], input.shape[2]);
        switch (Declaration.Pooling)
        {
            case Pooling.Last:
                RequireState(state, []);
                return new(input, null);
            case Pooling.First:
                RequireState(state, [batch, features]);
                var first = state?.Tensors[0] ?? input.select(1, 0);
                return new(first.unsqueeze(1).expand(batch, length, features), new LayerState([first]));
            default:
                RequireState(state, [batch, features], [batch, 1]);
                var sums = input.cumsum(1);
                var counts = arange(1, length + 1, dtype: input.dtype, device: input.device).reshape(1, length, 1).expand(batch, length, 1);
                if (state is not null)
                {
                    sums = sums.add(state.Tensors[0].unsqueeze(1));
                    counts = counts.add(state.Tensors[1].unsqueeze(1));
                }

                return new(
                    sums.div(counts), new LayerState([sums.select(1, length - 1), counts.select(1, length - 1)]));
        }
    }

    /// <inheritdoc />
    protected override LayerResult StepCore(IWeightSource weights, Tensor input, LayerState? state)
    {
        var result = ForwardCore(weights, input.unsqueeze(1), state, training: null, keepState: true);
        return new(result.Output.squeeze(1), result.State);
    }
}
