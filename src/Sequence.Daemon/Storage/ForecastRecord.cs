namespace Sequence.Daemon.Storage;

/// <summary>An issued forecast as it is stored, beside what came of it.</summary>
/// <param name="Number">Grows with every forecast of the store.</param>
/// <param name="IssuedAt">When it was stored.</param>
/// <param name="Issued">The forecast.</param>
/// <param name="Outcomes">The latest value of each time forecast, [horizon]; null where there is none yet.</param>
internal sealed record ForecastRecord(long Number, DateTimeOffset IssuedAt, IssuedForecast Issued, double?[] Outcomes);
