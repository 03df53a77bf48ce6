namespace Sequence.Backtesting;

/// <summary>An order in a backtest, from its placement to its end.</summary>
public sealed class Order
{
    internal Order(Broker broker, AssetBook book, double sign, in OrderRequest request, int decisionBar, Trade? trade)
    {
        Broker = broker;
        Book = book;
        Sign = sign;
        Size = request.Size;
        Remaining = request.Size.IsFraction ? double.NaN : request.Size.Value;
        Limit = request.Limit;
        Stop = request.Stop;
        Trail = request.Trail;
        StopLoss = request.StopLoss;
        TrailingStopLoss = request.TrailingStopLoss;
        TakeProfit = request.TakeProfit;
        AtClose = request.AtClose;
        ReduceToMargin = request.ReduceToMargin;
        TimeInForce = request.TimeInForce;
        Tag = request.Tag;
        DecisionBar = decisionBar;
        Trade = trade;
    }

    /// <summary>Symbol of the asset.</summary>
    public string Asset => Book.Series.Asset;

    /// <summary>Whether it buys; it sells otherwise.</summary>
    public bool IsBuy => Sign > 0;

    /// <summary>How much was asked.</summary>
    public OrderSize Size { get; }

    /// <summary>Units still to be filled; NaN while a share of the buying power is not yet known in units.</summary>
    public double Remaining { get; internal set; }

    /// <summary>The worst price to accept; null without.</summary>
    public double? Limit { get; internal set; }

    /// <summary>The price that wakes it; null without, or once reached.</summary>
    public double? Stop { get; internal set; }

    /// <summary>Distance of a trailing stop; null without.</summary>
    public TrailingDistance? Trail { get; internal set; }

    /// <summary>Stop-loss of the trade it opens; null without.</summary>
    public double? StopLoss { get; internal set; }

    /// <summary>Trailing stop-loss of the trade it opens; null without.</summary>
    public TrailingDistance? TrailingStopLoss { get; internal set; }

    /// <summary>Take-profit of the trade it opens; null without.</summary>
    public double? TakeProfit { get; internal set; }

    /// <summary>Whether it waits for the close of a session.</summary>
    public bool AtClose { get; }

    /// <summary>Whether it is filled as far as the account can afford.</summary>
    public bool ReduceToMargin { get; }

    /// <summary>How long it lives.</summary>
    public TimeInForce TimeInForce { get; }

    /// <summary>Its name; null without.</summary>
    public string? Tag { get; }

    /// <summary>Index of the bar after which it was placed.</summary>
    public int DecisionBar { get; }

    /// <summary>What has become of it.</summary>
    public OrderStatus Status { get; internal set; }

    /// <summary>The trade it closes; null when it stands for itself.</summary>
    public Trade? Trade { get; }

    internal Broker Broker { get; }

    internal AssetBook Book { get; }

    /// <summary>1 to buy, -1 to sell.</summary>
    internal double Sign { get; }

    internal bool IsOpen => Status == OrderStatus.Open;

    /// <summary>Whether it is the stop-loss or the take-profit of a trade.</summary>
    internal bool IsContingent => Trade is { } trade && (trade.StopLossOrder == this || trade.TakeProfitOrder == this);

    /// <summary>Its place in the queue: smaller comes first.</summary>
    internal long Rank { get; set; }

    /// <summary>Where it waits for a price; null when it is looked at on every bar.</summary>
    internal TriggerHeap? Heap { get; set; }

    internal int HeapIndex { get; set; } = -1;

    internal double HeapKey { get; set; }

    internal Order? PreviousInQueue { get; set; }

    internal Order? NextInQueue { get; set; }

    /// <summary>Best price since placement, for a trailing stop.</summary>
    internal double BestPrice { get; set; } = double.NaN;

    /// <summary>The stop was reached on this bar without a fill, so the limit counts from the next.</summary>
    internal int WokenAtBar { get; set; } = -1;

    /// <summary>The session it could first be filled in, for a day order.</summary>
    internal DateOnly? ActiveSession { get; set; }

    /// <summary>Orders of which only one may be filled.</summary>
    internal List<Order>? Group { get; set; }

    /// <summary>Whether it was filled before, so that a fee by order has been charged.</summary>
    internal bool HasFills { get; set; }

    /// <summary>Takes it back. An order that has ended stays as it is.</summary>
    public void Cancel()
    {
        if (IsOpen)
        {
            Broker.CancelByStrategy(this);
        }
    }
}
