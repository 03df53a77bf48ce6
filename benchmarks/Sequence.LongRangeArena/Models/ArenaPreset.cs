namespace Sequence.LongRangeArena;

/// <summary>How large a run is.</summary>
public enum ArenaPreset
{
    /// <summary>Shorter sequences, fewer of them, a smaller model: a run ends in under 20 minutes on two cores.</summary>
    Small,

    /// <summary>The published task and configuration.</summary>
    Paper,
}
