using System.Text.Json;
using Sequence.Forecasting;

namespace Sequence.Daemon.Storage;

/// <summary>An issued forecast as the text that every store keeps of it. Bodies written before there were effective levels have none.</summary>
internal sealed record ForecastBody(
    string SeriesId,
    DateTimeOffset Origin,
    DateTimeOffset[] Timestamps,
    double[] Mean,
    IReadOnlyList<PredictionInterval> Intervals,
    EffectiveLevel[]? EffectiveLevels = null)
{
    public static string Write(IssuedForecast issued) => JsonSerializer.Serialize(new ForecastBody(
        issued.Forecast.SeriesId,
        issued.Forecast.Origin,
        issued.Forecast.Timestamps,
        issued.Forecast.Mean,
        issued.Forecast.Intervals,
        issued.EffectiveLevels));

    public static IssuedForecast Read(string modelVersion, string stateHash, string text)
    {
        var body = JsonSerializer.Deserialize<ForecastBody>(text)!;
        return new IssuedForecast(
            modelVersion,
            stateHash,
            new Forecast(body.SeriesId, body.Origin, body.Timestamps, body.Mean, body.Intervals),
            body.EffectiveLevels ?? []);
    }
}
