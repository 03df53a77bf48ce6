namespace Sequence.Backtesting;

/// <summary>
/// A share split before the open of a bar: every unit becomes <paramref name="Ratio"/> units, prices fall by as much. Bars
/// are expected as they were traded, not adjusted.
/// </summary>
/// <param name="Asset">Symbol of the asset.</param>
/// <param name="Time">The first bar at or after this time trades in new units.</param>
/// <param name="Ratio">New units for an old one; 2 for two-for-one, 0.1 for one-for-ten; positive.</param>
public sealed record Split(string Asset, DateTimeOffset Time, double Ratio);
