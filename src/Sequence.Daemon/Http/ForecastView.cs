using Sequence.Daemon.Storage;
using Sequence.Forecasting;

namespace Sequence.Daemon.Http;

/// <summary>An issued forecast, and the latest value of each time forecast; null where there is none yet. With the effective levels it can
/// be made again: the intervals of a promised level are those the calibration gives at its effective one.</summary>
internal sealed record ForecastView(
    long Number,
    DateTimeOffset IssuedAt,
    string ModelVersion,
    string StateHash,
    DateTimeOffset Origin,
    DateTimeOffset[] Timestamps,
    double[] Mean,
    IReadOnlyList<PredictionInterval> Intervals,
    EffectiveLevel[] EffectiveLevels,
    double?[] Outcomes)
{
    public static ForecastView Of(ForecastRecord record) => new(
        record.Number,
        record.IssuedAt,
        record.Issued.ModelVersion,
        record.Issued.StateHash,
        record.Issued.Forecast.Origin,
        record.Issued.Forecast.Timestamps,
        record.Issued.Forecast.Mean,
        record.Issued.Forecast.Intervals,
        record.Issued.EffectiveLevels,
        record.Outcomes);
}
