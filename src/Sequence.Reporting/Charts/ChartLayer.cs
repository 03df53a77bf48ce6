namespace Sequence.Reporting;

/// <summary>Something drawn in a chart. Values that are not finite leave a gap.</summary>
/// <param name="Name">Name in the legend; empty keeps it out of there.</param>
public abstract record ChartLayer(string Name)
{
    /// <summary>Place in the palette, from 0; null takes the place of the layer among those without one.</summary>
    public int? Color { get; init; }

    /// <summary>Horizontal values it reaches over.</summary>
    internal abstract IEnumerable<double> Horizontal { get; }

    /// <summary>Vertical values it reaches over.</summary>
    internal abstract IEnumerable<double> Vertical { get; }
}
