namespace Sequence.Reporting;

/// <summary>Points in any order.</summary>
/// <param name="Name">Name in the legend.</param>
/// <param name="X">Horizontal values.</param>
/// <param name="Y">Vertical values, one for each.</param>
public sealed record PointLayer(string Name, double[] X, double[] Y) : ChartLayer(Name)
{
    internal override IEnumerable<double> Horizontal => X;

    internal override IEnumerable<double> Vertical => Y;
}
