namespace Sequence.Reporting;

/// <summary>Points in any order. Of many that would cover one another one is drawn.</summary>
/// <param name="Name">Name in the legend.</param>
/// <param name="X">Horizontal values.</param>
/// <param name="Y">Vertical values, one for each.</param>
public sealed record PointLayer(string Name, double[] X, double[] Y) : ChartLayer(Name)
{
    /// <summary>How they are drawn; dots by default.</summary>
    public PointShape Shape { get; init; }

    internal override IEnumerable<double> Horizontal => X;

    internal override IEnumerable<double> Vertical => Y;
}
