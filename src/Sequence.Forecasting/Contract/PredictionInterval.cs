namespace Sequence.Forecasting;

/// <summary>A central interval at every step of a forecast.</summary>
/// <param name="Level">Promised coverage in percent, in (0, 100).</param>
/// <param name="Lower">Lower ends, [horizon], in the units of the series.</param>
/// <param name="Upper">Upper ends, [horizon].</param>
public sealed record PredictionInterval(double Level, double[] Lower, double[] Upper);
