namespace Sequence.LongRangeArena;

/// <summary>Which configuration of a task a model shares.</summary>
public enum ArenaFamily
{
    /// <summary>Residual blocks of a state-space layer, GELU, a linear map and a gated linear unit.</summary>
    StateSpace,

    /// <summary>Residual blocks of attention and of a feed-forward network in turn, after a position encoding.</summary>
    Transformer,
}
