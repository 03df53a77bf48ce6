namespace Sequence.Backtesting;

/// <summary>What an order does to trades of the other direction.</summary>
public enum PositionMode
{
    /// <summary>Closes them first, oldest first, and opens with the rest.</summary>
    Netting,

    /// <summary>Leaves them open beside the new one.</summary>
    Hedging,
}
