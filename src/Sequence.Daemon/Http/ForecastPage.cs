namespace Sequence.Daemon.Http;

/// <summary>Part of the history of forecasts.</summary>
/// <param name="Forecasts">Newest first.</param>
/// <param name="Before">What to give as before for the next part; null at the end.</param>
internal sealed record ForecastPage(ForecastView[] Forecasts, long? Before);
