namespace Sequence.Backtesting;

/// <summary>One bar of an asset.</summary>
/// <param name="Time">Time of the bar, UTC.</param>
/// <param name="Open">First price.</param>
/// <param name="High">Highest price.</param>
/// <param name="Low">Lowest price.</param>
/// <param name="Close">Last price.</param>
/// <param name="Volume">Units traded; NaN when not known.</param>
public readonly record struct Bar(DateTimeOffset Time, double Open, double High, double Low, double Close, double Volume = double.NaN);
