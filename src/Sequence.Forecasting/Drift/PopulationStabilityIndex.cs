namespace Sequence.Forecasting;

/// <summary>
/// The population stability index: how far the shares of a sample in bins have moved from those of a reference.
/// <code>
/// PSI = sum_i (p_i - q_i) ln(p_i / q_i),  p_i = (n_i + 1/2) / (n + B / 2)
/// </code>
/// p_i is the share of the reference and q_i, smoothed likewise, that of the sample in bin i of B; the half keeps an empty
/// bin finite. Common reading: below 0.1 stable, above 0.25 another population. Samples of n and m from one population give
/// about (B - 1) (1/n + 1/m) on average, so small samples look unstable. Immutable.
/// </summary>
/// <remarks>
/// It is the Kullback-Leibler divergence in both directions together (Jeffreys, 1946). Sources: Siddiqi, Credit risk
/// scorecards, 2006; Yurdakul and Naranjo, Statistical properties of the population stability index, 2020, for its mean. The
/// half is the prior of Krichevsky and Trofimov, The performance of universal encoding, 1981.
/// </remarks>
public sealed class PopulationStabilityIndex
{
    private readonly double[] _edges;
    private readonly double[] _shares;

    /// <summary>Cuts a reference into bins.</summary>
    /// <param name="reference">The reference in any order, at least as many values as bins, all finite.</param>
    /// <param name="bins">
    /// Bins wanted, B; at least 2. Each ends with the k/B quantile of the reference, which belongs to it; the last is open.
    /// Equal quantiles make one bin. Where the smallest value of the reference ends the first bin, smaller ones have a bin of
    /// their own.
    /// </param>
    /// <exception cref="ModelException">There are fewer values than bins, or one is not finite.</exception>
    public PopulationStabilityIndex(ReadOnlySpan<double> reference, int bins = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        if (reference.Length < bins)
        {
            throw new ModelException(
                $"The population stability index cuts its reference into {bins} bins; it got [{reference.Length}] values. Give more " +
                "values or fewer bins.");
        }

        var sorted = Samples.Sorted(reference, "The population stability index");
        var edges = Enumerable.Range(1, bins - 1)
            .Select(bin => sorted[(int)((((long)bin * sorted.Length) + bins - 1) / bins) - 1])
            .Distinct().ToList();
        if (edges[0] == sorted[0])
        {
            edges.Insert(0, Math.BitDecrement(sorted[0]));
        }

        _edges = [.. edges];
        _shares = Shares(sorted);
    }

    /// <summary>Bins there are, B; fewer than wanted when many values of the reference are equal.</summary>
    public int Bins => _shares.Length;

    /// <summary>The index of two lists of shares; the same with the two exchanged, and 0 when they are equal.</summary>
    /// <param name="reference">Shares p of the reference, each above 0, [B].</param>
    /// <param name="sample">Shares q of the sample, each above 0, [B].</param>
    /// <exception cref="ModelException">The lengths differ or are zero, or a share is not above 0.</exception>
    public static double Between(ReadOnlySpan<double> reference, ReadOnlySpan<double> sample)
    {
        PointAccuracy.RequirePairs(reference, sample);
        var sum = 0.0;
        for (var bin = 0; bin < reference.Length; bin++)
        {
            if (!(reference[bin] > 0 && sample[bin] > 0))
            {
                throw new ModelException(
                    $"Bin {bin} has the shares {reference[bin]} and {sample[bin]}; the population stability index needs shares above 0.");
            }

            sum += (reference[bin] - sample[bin]) * Math.Log(reference[bin] / sample[bin]);
        }

        return sum;
    }

    /// <summary>The index of a sample against the reference; at least 0.</summary>
    /// <param name="sample">At least one value, all finite, in any order.</param>
    /// <exception cref="ModelException">There is no value, or one is not finite.</exception>
    public double Of(ReadOnlySpan<double> sample) =>
        Between(_shares, Shares(Samples.Sorted(sample, "The population stability index")));

    private double[] Shares(double[] values)
    {
        var counts = new double[_edges.Length + 1];
        Array.Fill(counts, 0.5);
        foreach (var value in values)
        {
            var place = Array.BinarySearch(_edges, value);
            counts[place < 0 ? ~place : place]++;
        }

        var whole = values.Length + (0.5 * counts.Length);
        return Array.ConvertAll(counts, count => count / whole);
    }
}
