namespace Sequence.Reporting;

/// <summary>A prediction interval at every step of the horizon.</summary>
/// <param name="Level">Intended coverage in percent, as 80 or 95.</param>
/// <param name="Lower">Lower bounds, [horizon].</param>
/// <param name="Upper">Upper bounds, [horizon].</param>
public sealed record FanInterval(double Level, double[] Lower, double[] Upper);
