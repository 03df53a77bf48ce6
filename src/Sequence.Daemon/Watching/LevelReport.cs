namespace Sequence.Daemon.Watching;

/// <summary>How the intervals of one level do.</summary>
/// <param name="Level">Promised coverage in percent.</param>
/// <param name="Effective">The level the calibration is asked at now, in percent.</param>
/// <param name="IsWidest">Whether that is more than the calibration of the last forecast could give, so that its widest interval was taken.</param>
/// <param name="Coverage">Share of the outcomes within their interval, in percent; null before the first.</param>
/// <param name="Steps">Outcomes it is over.</param>
/// <param name="Independent">
/// Forecasts among them that do not overlap. Misses of overlapping ones come together, so the band is that of so many.
/// </param>
/// <param name="Lower">Coverage that a kept promise hardly ever falls below, in percent.</param>
/// <param name="Upper">Coverage that it hardly ever rises above.</param>
/// <param name="Verdict">What this comes to.</param>
[GenerateSerializer]
[Immutable]
internal sealed record LevelReport(
    double Level,
    double Effective,
    bool IsWidest,
    double? Coverage,
    long Steps,
    int Independent,
    double? Lower,
    double? Upper,
    CoverageVerdict Verdict);
