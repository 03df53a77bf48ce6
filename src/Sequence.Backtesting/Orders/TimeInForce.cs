namespace Sequence.Backtesting;

/// <summary>How long an order lives.</summary>
public enum TimeInForce
{
    /// <summary>Until it is filled or cancelled.</summary>
    GoodTillCancelled,

    /// <summary>Until the end of the session it could first be filled in.</summary>
    Day,

    /// <summary>For the first bar it could be filled in; what that bar leaves is cancelled.</summary>
    ImmediateOrCancel,
}
