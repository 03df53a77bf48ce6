namespace Sequence.LongRangeArena;

/// <summary>How much of a task a preset takes.</summary>
/// <param name="Length">Longest sequence; longer ones are cut.</param>
/// <param name="Training">Training examples; null for all there are.</param>
/// <param name="Validation">Validation examples; null for the published number.</param>
/// <param name="Test">Test examples; null for all there are.</param>
public sealed record ArenaSize(int Length, int? Training = null, int? Validation = null, int? Test = null);
