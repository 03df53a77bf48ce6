namespace Sequence.Backtesting;

/// <summary>What has become of an order.</summary>
public enum OrderStatus
{
    /// <summary>Waiting, perhaps filled in part.</summary>
    Open,

    /// <summary>Filled whole.</summary>
    Filled,

    /// <summary>Taken back by the strategy, by another order of its group, or because its trade was closed.</summary>
    Cancelled,

    /// <summary>Ended by its time in force.</summary>
    Expired,

    /// <summary>Not affordable, or not allowed, when it would have been filled.</summary>
    Rejected,
}
