namespace Sequence.Reporting;

/// <summary>What charts below one another share, so that a moment lies at the same place in each.</summary>
/// <param name="Horizontal">What the horizontal axis spans.</param>
/// <param name="Left">Room left of the vertical axis, in pixels.</param>
internal readonly record struct ChartFrame(ValueRange Horizontal, double Left)
{
    /// <summary>The frame that all charts fit into.</summary>
    public static ChartFrame Around(IReadOnlyList<ChartFrame> frames) => new(
        new ValueRange(frames.Min(frame => frame.Horizontal.Low), frames.Max(frame => frame.Horizontal.High)),
        frames.Max(frame => frame.Left));
}
