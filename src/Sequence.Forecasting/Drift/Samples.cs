namespace Sequence.Forecasting;

/// <summary>Checks samples in one place.</summary>
internal static class Samples
{
    /// <summary>The sample in ascending order.</summary>
    /// <exception cref="ModelException">It is empty, or a value is not finite.</exception>
    public static double[] Sorted(ReadOnlySpan<double> sample, string what)
    {
        if (sample.IsEmpty)
        {
            throw new ModelException($"{what} needs at least one value in each sample; it got none.");
        }

        for (var index = 0; index < sample.Length; index++)
        {
            if (!double.IsFinite(sample[index]))
            {
                throw new ModelException($"{what} got the value {sample[index]} at index {index}; give finite values.");
            }
        }

        var sorted = sample.ToArray();
        Array.Sort(sorted);
        return sorted;
    }
}
