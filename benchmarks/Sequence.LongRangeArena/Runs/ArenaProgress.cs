namespace Sequence.LongRangeArena;

/// <summary>Where a run stands.</summary>
/// <param name="Stage">What is being done: "data", "training" or "test".</param>
/// <param name="Share">Share of it done, in [0, 1].</param>
/// <param name="Detail">What happened last, in words; empty for nothing.</param>
public sealed record ArenaProgress(string Stage, double Share, string Detail = "");
