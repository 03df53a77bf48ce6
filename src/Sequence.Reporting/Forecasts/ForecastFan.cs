namespace Sequence.Reporting;

/// <summary>A forecast with its intervals, and the end of the history it continues.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="HistoryTimestamps">Last timestamps of the history.</param>
/// <param name="History">Their values, NaN where missing.</param>
/// <param name="Timestamps">Forecast timestamps, [horizon].</param>
/// <param name="Mean">Forecast means, [horizon].</param>
/// <param name="Intervals">Intervals at one or more levels.</param>
public sealed record ForecastFan(
    string Model,
    IReadOnlyList<DateTimeOffset> HistoryTimestamps,
    double[] History,
    IReadOnlyList<DateTimeOffset> Timestamps,
    double[] Mean,
    IReadOnlyList<FanInterval> Intervals);
