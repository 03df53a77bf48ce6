namespace Sequence.Reporting;

/// <summary>A chart: layers over one horizontal and one vertical axis.</summary>
/// <param name="Title">Title, shown above.</param>
/// <param name="Description">What is to be seen, for those who cannot see it.</param>
/// <param name="Layers">What is drawn, the first one lowest.</param>
public sealed record Chart(string Title, string Description, IReadOnlyList<ChartLayer> Layers)
{
    /// <summary>What the horizontal axis counts; numbers by default.</summary>
    public ChartAxis Axis { get; init; }

    /// <summary>Name of the horizontal axis with its unit.</summary>
    public string HorizontalLabel { get; init; } = string.Empty;

    /// <summary>Name of the vertical axis with its unit.</summary>
    public string VerticalLabel { get; init; } = string.Empty;

    /// <summary>Whether the vertical axis reaches down to zero even when no value does.</summary>
    public bool IncludesZero { get; init; }

    /// <summary>Whether equal ratios are equally high on the vertical axis; every finite value must then be positive.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>Vertical lines with labels.</summary>
    public IReadOnlyList<ChartMark> Marks { get; init; } = [];

    /// <summary>Times as a <see cref="ChartAxis.Time"/> axis counts them: seconds since 1970 in UTC.</summary>
    public static double[] Seconds(IEnumerable<DateTimeOffset> times) =>
        [.. times.Select(time => time.ToUnixTimeMilliseconds() / 1000.0)];

    /// <summary>The chart as an SVG element of this size, drawn with the classes of the report's style sheet.</summary>
    /// <exception cref="ArgumentException">
    /// Columns of a layer differ in length, a line goes backwards, or a logarithmic axis has a value that is not positive.
    /// </exception>
    public string ToSvg(int width, int height) => new SvgChart(this, width, height).Draw();
}
