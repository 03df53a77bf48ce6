namespace Sequence.Reporting;

/// <summary>What the horizontal axis of a chart counts.</summary>
public enum ChartAxis
{
    /// <summary>Plain numbers.</summary>
    Number,

    /// <summary>Things counted: only whole numbers are marked.</summary>
    Count,

    /// <summary>UTC times, as seconds since 1970 (see <see cref="Chart.Seconds"/>).</summary>
    Time,
}
