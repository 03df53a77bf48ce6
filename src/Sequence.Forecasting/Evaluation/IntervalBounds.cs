namespace Sequence.Forecasting;

/// <summary>The interval of one level at one step.</summary>
/// <param name="Level">Promised coverage in percent, in (0, 100).</param>
/// <param name="Lower">Lower end, in the units of the series.</param>
/// <param name="Upper">Upper end.</param>
public readonly record struct IntervalBounds(double Level, double Lower, double Upper);
