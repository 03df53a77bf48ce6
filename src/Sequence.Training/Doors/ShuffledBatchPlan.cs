using Sequence.Numerics;

namespace Sequence.Training;

/// <summary>Every example once an epoch, in an order drawn from the seed and the epoch, so that a resumed run sees the same.</summary>
/// <param name="seed">Seed of the run.</param>
public sealed class ShuffledBatchPlan(ulong seed) : IBatchPlan
{
    /// <inheritdoc />
    public int FillOrder(int epoch, Span<int> order)
    {
        for (var index = 0; index < order.Length; index++)
        {
            order[index] = index;
        }

        new CounterRandom(seed, (ulong)epoch).Shuffle(order);
        return order.Length;
    }
}
