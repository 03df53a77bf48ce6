namespace Sequence.Reporting;

/// <summary>The area between two lines, as of a prediction interval.</summary>
/// <param name="Name">Name in the legend.</param>
/// <param name="X">Horizontal values, not decreasing.</param>
/// <param name="Lower">Lower edge, one value for each.</param>
/// <param name="Upper">Upper edge, one value for each.</param>
public sealed record BandLayer(string Name, double[] X, double[] Lower, double[] Upper) : ChartLayer(Name)
{
    internal override IEnumerable<double> Horizontal => X;

    internal override IEnumerable<double> Vertical => Lower.Concat(Upper);
}
