namespace Sequence.Reporting;

/// <summary>
/// Leaves of a long column what a chart can show, so that a million points are looked through once and not once for every
/// size and pass.
/// </summary>
internal static class Thinning
{
    // Several for each pixel of the widest chart, so that no peak is seen to move.
    private const int Buckets = 4096;
    private const int PointsPerBucket = 4;

    /// <summary>
    /// First, lowest, highest and last finite point of each of 4,096 equal stretches of x, in order; a stretch without a finite
    /// point leaves one that is not. Short columns stay as they are.
    /// </summary>
    /// <param name="x">Horizontal values, not decreasing.</param>
    /// <param name="y">Vertical values, one for each.</param>
    public static (double[] X, double[] Y) Of(double[] x, double[] y)
    {
        if (x.Length <= Buckets * PointsPerBucket || !(x[^1] > x[0]))
        {
            return (x, y);
        }

        var (keptX, keptY) = (new List<double>(), new List<double>());
        var scale = Buckets / (x[^1] - x[0]);
        for (var from = 0; from < x.Length;)
        {
            var bucket = (int)((x[from] - x[0]) * scale);
            var (first, low, high, last, to) = (-1, -1, -1, -1, from);
            for (; to < x.Length && (int)((x[to] - x[0]) * scale) == bucket; to++)
            {
                if (double.IsFinite(y[to]))
                {
                    first = first < 0 ? to : first;
                    low = low < 0 || y[to] < y[low] ? to : low;
                    high = high < 0 || y[to] > y[high] ? to : high;
                    last = to;
                }
            }

            Span<int> kept = first < 0 ? [from] : [first, Math.Min(low, high), Math.Max(low, high), last];
            for (var index = 0; index < kept.Length; index++)
            {
                if (index == 0 || kept[index] > kept[index - 1])
                {
                    keptX.Add(x[kept[index]]);
                    keptY.Add(y[kept[index]]);
                }
            }

            from = to;
        }

        return ([.. keptX], [.. keptY]);
    }
}
