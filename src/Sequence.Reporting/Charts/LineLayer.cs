namespace Sequence.Reporting;

/// <summary>A line through points.</summary>
/// <param name="Name">Name in the legend.</param>
/// <param name="X">Horizontal values, not decreasing.</param>
/// <param name="Y">Vertical values, one for each.</param>
public sealed record LineLayer(string Name, double[] X, double[] Y) : ChartLayer(Name)
{
    /// <summary>Whether the line is dashed, as that of a baseline.</summary>
    public bool IsDashed { get; init; }

    internal override IEnumerable<double> Horizontal => X;

    internal override IEnumerable<double> Vertical => Y;
}
