using Sequence.Numerics;

namespace Sequence.Training;

/// <summary>
/// Every example once an epoch, in batches of examples of like length: the shuffled examples are cut into pools of
/// <see cref="PoolBatches"/> batches, each pool is sorted by length, and its batches are shuffled. The order is drawn from the
/// seed and the epoch, so that a resumed run sees the same.
/// </summary>
/// <param name="examples">Whose lengths count.</param>
/// <param name="batchSize">Examples of a batch.</param>
/// <param name="seed">Seed of the run.</param>
public sealed class BucketedBatchPlan(IExampleSet examples, int batchSize, ulong seed) : IBatchPlan
{
    /// <summary>Batches that are sorted together.</summary>
    public const int PoolBatches = 50;

    /// <inheritdoc />
    public int FillOrder(int epoch, Span<int> order)
    {
        new ShuffledBatchPlan(seed).FillOrder(epoch, order);
        var random = new CounterRandom(seed, ((ulong)epoch << 32) + 1);
        for (var first = 0; first < order.Length; first += PoolBatches * batchSize)
        {
            Sort(order[first..Math.Min(order.Length, first + (PoolBatches * batchSize))], random);
        }

        return order.Length;
    }

    private void Sort(Span<int> pool, CounterRandom random)
    {
        var sorted = pool.ToArray().OrderBy(LengthOf).ToArray();
        var batches = sorted.Chunk(batchSize).ToArray();

        // A short batch stays the last, or every batch after it would be of two lengths.
        random.Shuffle(batches.AsSpan(0, sorted.Length / batchSize));
        var place = 0;
        foreach (var index in batches.SelectMany(batch => batch))
        {
            pool[place++] = index;
        }
    }

    private int LengthOf(int index) =>
        Enumerable.Range(0, examples.Sequences).Max(sequence => examples.LengthOf(index, sequence));
}
