using Sequence.Forecasting;

namespace Sequence.Daemon.Storage;

/// <summary>A forecast as it was issued, with what is needed to make it again.</summary>
/// <param name="ModelVersion">Content hash of the checkpoint, or name and version of the baseline.</param>
/// <param name="StateHash">SHA-256 of the state it was made from, lower-case hex.</param>
/// <param name="Forecast">Origin, times, values and intervals.</param>
/// <param name="EffectiveLevels">The level each promised one was made at; empty where they were made as promised.</param>
internal sealed record IssuedForecast(string ModelVersion, string StateHash, Forecast Forecast, EffectiveLevel[] EffectiveLevels);
