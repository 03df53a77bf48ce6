namespace Sequence.LongRangeArena;

/// <summary>An accuracy of a table, in per cent.</summary>
/// <param name="Mean">The accuracy, or the mean over seeds.</param>
/// <param name="Spread">Sample standard deviation over seeds; null for a single one.</param>
/// <param name="Seeds">Number of seeds; 1 for a published figure.</param>
public sealed record ArenaScore(double Mean, double? Spread = null, int Seeds = 1);
