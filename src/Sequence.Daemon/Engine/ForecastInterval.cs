namespace Sequence.Daemon.Engine;

/// <summary>A central interval at every step of a forecast.</summary>
/// <param name="Level">Promised coverage in percent.</param>
/// <param name="Lower">Lower ends, [horizon].</param>
/// <param name="Upper">Upper ends, [horizon].</param>
[GenerateSerializer]
[Immutable]
internal sealed record ForecastInterval(double Level, double[] Lower, double[] Upper);
