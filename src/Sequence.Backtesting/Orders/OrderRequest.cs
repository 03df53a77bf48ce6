namespace Sequence.Backtesting;

/// <summary>
/// An order as a strategy wants it. Without prices it is a market order; with <see cref="Limit"/>, <see cref="Stop"/> or both
/// a limit, stop or stop-limit order; with <see cref="Trail"/> a trailing stop.
/// </summary>
public readonly record struct OrderRequest
{
    /// <summary>Creates a request for all of the buying power.</summary>
    public OrderRequest()
    {
    }

    /// <summary>How much.</summary>
    /// <value>Default: <see cref="OrderSize.All"/>.</value>
    public OrderSize Size { get; init; } = OrderSize.All;

    /// <summary>The worst price to accept: not more when buying, not less when selling.</summary>
    /// <value>Default: null, none.</value>
    public double? Limit { get; init; }

    /// <summary>The order wakes when the price reaches this: from below when buying, from above when selling.</summary>
    /// <value>Default: null, awake at once.</value>
    public double? Stop { get; init; }

    /// <summary>A stop that follows the best price since the order was placed.</summary>
    /// <value>Default: null, none.</value>
    public TrailingDistance? Trail { get; init; }

    /// <summary>Price at which a stop closes the trade that the order opens.</summary>
    /// <value>Default: null, none.</value>
    public double? StopLoss { get; init; }

    /// <summary>A trailing stop that closes the trade that the order opens.</summary>
    /// <value>Default: null, none.</value>
    public TrailingDistance? TrailingStopLoss { get; init; }

    /// <summary>Price at which a limit closes the trade that the order opens.</summary>
    /// <value>Default: null, none.</value>
    public double? TakeProfit { get; init; }

    /// <summary>Whether a market order waits for the close of the session's last bar.</summary>
    /// <value>Default: false.</value>
    public bool AtClose { get; init; }

    /// <summary>
    /// Whether an order of a number of units that the account cannot afford is filled as far as it can be, rather than
    /// rejected.
    /// </summary>
    /// <value>Default: false.</value>
    public bool ReduceToMargin { get; init; }

    /// <summary>How long it lives.</summary>
    /// <value>Default: until cancelled.</value>
    public TimeInForce TimeInForce { get; init; }

    /// <summary>A name that trades of the order carry.</summary>
    /// <value>Default: null.</value>
    public string? Tag { get; init; }
}
