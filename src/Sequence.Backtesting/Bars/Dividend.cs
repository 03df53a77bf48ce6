namespace Sequence.Backtesting;

/// <summary>
/// Cash a unit on the ex-date: whoever is long over the close before it receives the amount, whoever is short pays it. Bars
/// are expected as they were traded, not adjusted.
/// </summary>
/// <param name="Asset">Symbol of the asset.</param>
/// <param name="Time">The first bar at or after this time trades without the dividend.</param>
/// <param name="Amount">Cash a unit; positive.</param>
public sealed record Dividend(string Asset, DateTimeOffset Time, double Amount);
