using Sequence.Daemon.Storage;
using Sequence.Forecasting;

namespace Sequence.Daemon.Events;

/// <summary>A forecast as it is told to a subscriber.</summary>
/// <param name="Series">The series.</param>
/// <param name="Number">Its number in the store; null where it was told without asking the store.</param>
/// <param name="ModelVersion">Content hash of the checkpoint, or name and version of the baseline.</param>
/// <param name="StateHash">SHA-256 of the state it was made from.</param>
/// <param name="Origin">Event time of the last observation used.</param>
/// <param name="Timestamps">The times forecast, [horizon].</param>
/// <param name="Mean">Point forecasts, [horizon].</param>
/// <param name="Intervals">Intervals, narrowest first.</param>
internal sealed record ForecastEvent(
    string Series,
    long? Number,
    string ModelVersion,
    string StateHash,
    DateTimeOffset Origin,
    DateTimeOffset[] Timestamps,
    double[] Mean,
    IReadOnlyList<PredictionInterval> Intervals)
{
    public static ForecastEvent Of(IssuedForecast issued, long? number = null) => new(
        issued.Forecast.SeriesId,
        number,
        issued.ModelVersion,
        issued.StateHash,
        issued.Forecast.Origin,
        issued.Forecast.Timestamps,
        issued.Forecast.Mean,
        issued.Forecast.Intervals);
}
