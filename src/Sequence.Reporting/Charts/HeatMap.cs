namespace Sequence.Reporting;

/// <summary>
/// A table of numbers as colours: blue for what is high, orange for what is below zero. Numbers stand in the cells that have room for them.
/// </summary>
/// <param name="Title">Title, shown above.</param>
/// <param name="Description">What is to be seen, for those who cannot see it.</param>
/// <param name="RowLabels">Labels of the rows, from the top.</param>
/// <param name="ColumnLabels">Labels of the columns, from the left.</param>
/// <param name="Values">[rows, columns]; what is not finite stays without colour.</param>
public sealed record HeatMap(
    string Title, string Description, IReadOnlyList<string> RowLabels, IReadOnlyList<string> ColumnLabels, double[,] Values)
{
    /// <summary>What the rows stand for.</summary>
    public string VerticalLabel { get; init; } = string.Empty;

    /// <summary>What the columns stand for.</summary>
    public string HorizontalLabel { get; init; } = string.Empty;

    /// <summary>The map as an SVG element of this width, drawn with the classes of the report's style sheet.</summary>
    /// <exception cref="ArgumentException">There are more or fewer labels than rows or columns, or there is no cell.</exception>
    public string ToSvg(int width) => new SvgHeatMap(this, width).Draw();
}
