namespace Sequence.Reporting;

/// <summary>Bars that stand on zero.</summary>
/// <param name="Name">Name in the legend.</param>
/// <param name="Left">Left edges.</param>
/// <param name="Right">Right edges, one for each.</param>
/// <param name="Heights">Heights, one for each.</param>
public sealed record BarLayer(string Name, double[] Left, double[] Right, double[] Heights) : ChartLayer(Name)
{
    private const int FewestBins = 5;
    private const int MostBins = 40;

    /// <summary>
    /// The histogram of values, with bins 2 (third - first quartile) / n^(1/3) wide (Freedman and Diaconis 1981), at least
    /// 5 and at most 40 of them. Values that are not finite are left out.
    /// </summary>
    /// <param name="name">Name in the legend.</param>
    /// <param name="values">The values to count.</param>
    public static BarLayer Histogram(string name, IEnumerable<double> values)
    {
        var sorted = values.Where(double.IsFinite).Order().ToArray();
        if (sorted.Length == 0)
        {
            return new BarLayer(name, [], [], []);
        }

        var range = ValueRange.Of(sorted);
        var quartiles = (sorted[3 * (sorted.Length - 1) / 4] / 2) - (sorted[(sorted.Length - 1) / 4] / 2);
        var wanted = range.HalfWidth / (2 * quartiles / Math.Cbrt(sorted.Length));
        var bins = double.IsFinite(wanted) ? (int)Math.Clamp(Math.Ceiling(wanted), FewestBins, MostBins) : FewestBins;
        var heights = new double[bins];
        foreach (var value in sorted)
        {
            heights[Math.Min((int)(range.Fraction(value) * bins), bins - 1)]++;
        }

        var edges = Enumerable.Range(0, bins + 1).Select(edge => range.At((double)edge / bins)).ToArray();
        return new BarLayer(name, edges[..^1], edges[1..], heights);
    }

    internal override IEnumerable<double> Horizontal => Left.Concat(Right);

    internal override IEnumerable<double> Vertical => Heights.Append(0);
}
