namespace Sequence.Backtesting;

/// <summary>A stretch of an equity curve below an earlier peak.</summary>
/// <param name="PeakBar">Index of the last bar at the peak.</param>
/// <param name="TroughBar">Index of the lowest bar.</param>
/// <param name="EndBar">Index of the bar that reaches the peak again, or of the last bar.</param>
/// <param name="PeakTime">Time of the peak.</param>
/// <param name="TroughTime">Time of the lowest bar.</param>
/// <param name="EndTime">Time of the end.</param>
/// <param name="Depth">E[trough] / E[peak] - 1, a negative fraction.</param>
/// <param name="Recovered">Whether the peak was reached again.</param>
public sealed record DrawdownEpisode(
    int PeakBar,
    int TroughBar,
    int EndBar,
    DateTimeOffset PeakTime,
    DateTimeOffset TroughTime,
    DateTimeOffset EndTime,
    double Depth,
    bool Recovered)
{
    /// <summary>From peak to end, in calendar time.</summary>
    public TimeSpan Duration => EndTime - PeakTime;
}
