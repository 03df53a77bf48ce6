namespace Sequence.Datasets;

/// <summary>Indices of the images of each part of a data set.</summary>
/// <param name="Training">Eight of ten.</param>
/// <param name="Validation">One of ten.</param>
/// <param name="Test">The rest.</param>
public sealed record PathfinderSplit(IReadOnlyList<int> Training, IReadOnlyList<int> Validation, IReadOnlyList<int> Test)
{
    private const ulong OrderSeed = 42;

    /// <summary>
    /// Parts 0 .. count - 1 in a fixed order: shuffled (Fisher and Yates, Philox with seed 42), then the first floor(0.8 count)
    /// for training, the next floor(0.1 count) for validation and the rest for test. Of 200,000: 160,000, 20,000 and 20,000.
    /// </summary>
    /// <param name="count">Images.</param>
    public static PathfinderSplit Of(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var order = Enumerable.Range(0, count).ToArray();
        new Numerics.CounterRandom(OrderSeed).Shuffle<int>(order);
        var training = (int)(count * 8L / 10);
        var validation = count / 10;
        return new PathfinderSplit(
            order[..training], order[training..(training + validation)], order[(training + validation)..]);
    }
}
