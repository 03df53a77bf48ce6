namespace Sequence.Forecasting;

/// <summary>How the intervals of one level did.</summary>
/// <param name="Level">Promised coverage in percent.</param>
/// <param name="Coverage">Empirical coverage in percent.</param>
/// <param name="MeanWidth">Mean of upper - lower, in the units of the series.</param>
/// <param name="PinballLoss">Mean of the pinball losses of the two ends, in the units of the series.</param>
public sealed record IntervalAccuracy(double Level, double Coverage, double MeanWidth, double PinballLoss);
