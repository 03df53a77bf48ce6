namespace Sequence.Backtesting;

/// <summary>One asset as a strategy sees it after a bar: its bars so far, its position, and a way to trade it.</summary>
public sealed class AssetContext
{
    internal AssetContext(AssetBook book) => Book = book;

    /// <summary>Symbol.</summary>
    public string Asset => Book.Series.Asset;

    /// <summary>How many of its bars there are up to now.</summary>
    public int Bars => Book.Cursor + 1;

    /// <summary>Whether it has a bar now; otherwise it last had one earlier.</summary>
    public bool HasBar => Book.HasBar;

    /// <summary>Times so far, oldest first.</summary>
    public ReadOnlySpan<DateTimeOffset> Times => Book.Series.Times.Span[..Bars];

    /// <summary>Opens so far, oldest first.</summary>
    public ReadOnlySpan<double> Open => Book.Series.Open.Span[..Bars];

    /// <summary>Highs so far, oldest first.</summary>
    public ReadOnlySpan<double> High => Book.Series.High.Span[..Bars];

    /// <summary>Lows so far, oldest first.</summary>
    public ReadOnlySpan<double> Low => Book.Series.Low.Span[..Bars];

    /// <summary>Closes so far, oldest first; the last is the newest.</summary>
    public ReadOnlySpan<double> Close => Book.Series.Close.Span[..Bars];

    /// <summary>Volumes so far, oldest first; empty when not known.</summary>
    public ReadOnlySpan<double> Volume => Book.Series.Volume.IsEmpty ? default : Book.Series.Volume.Span[..Bars];

    /// <summary>Close of the last bar; NaN before the first.</summary>
    public double Price => Book.Cursor < 0 ? double.NaN : Book.Close;

    /// <summary>Units held: positive long, negative short; the sum of all open trades.</summary>
    public double Position => Book.Units;

    /// <summary>Number of open trades.</summary>
    public int TradeCount => Book.TradeCount;

    /// <summary>Open trades, oldest first.</summary>
    public IEnumerable<Trade> Trades
    {
        get
        {
            for (var trade = Book.FirstTrade; trade is not null;)
            {
                var next = trade.Next;
                yield return trade;
                trade = next;
            }
        }
    }

    internal AssetBook Book { get; }

    /// <summary>A further column so far, oldest first.</summary>
    /// <param name="name">Name of the column.</param>
    /// <exception cref="OrderException">The asset has no such column.</exception>
    public ReadOnlySpan<double> Covariate(string name) => Book.Series.Covariates.TryGetValue(name, out var column)
        ? column.Span[..Bars]
        : throw new OrderException(
            $"'{Asset}' has no covariate '{name}'; it has {(Book.Series.Covariates.Count == 0 ? "none" : string.Join(", ", Book.Series.Covariates.Keys))}.");

    /// <summary>Places an order to buy.</summary>
    /// <param name="size">How much; null for all of the buying power.</param>
    /// <param name="limit">Most to pay.</param>
    /// <param name="stop">Price that wakes the order.</param>
    /// <param name="stopLoss">Price at which a stop closes the trade.</param>
    /// <param name="takeProfit">Price at which a limit closes the trade.</param>
    /// <param name="tag">Name for the records.</param>
    /// <exception cref="OrderException">A size or price cannot be.</exception>
    public Order Buy(
        OrderSize? size = null, double? limit = null, double? stop = null, double? stopLoss = null, double? takeProfit = null, string? tag = null) =>
        Buy(Request(size, limit, stop, stopLoss, takeProfit, tag));

    /// <summary>Places an order to sell; without a long position it sells short.</summary>
    /// <inheritdoc cref="Buy(OrderSize?, double?, double?, double?, double?, string?)" />
    public Order Sell(
        OrderSize? size = null, double? limit = null, double? stop = null, double? stopLoss = null, double? takeProfit = null, string? tag = null) =>
        Sell(Request(size, limit, stop, stopLoss, takeProfit, tag));

    /// <summary>Places an order to buy.</summary>
    /// <exception cref="OrderException">A size or price cannot be.</exception>
    public Order Buy(in OrderRequest request) => Book.Broker.Place(Book, 1, request);

    /// <summary>Places an order to sell; without a long position it sells short.</summary>
    /// <exception cref="OrderException">A size or price cannot be.</exception>
    public Order Sell(in OrderRequest request) => Book.Broker.Place(Book, -1, request);

    /// <summary>Closes a portion of every open trade at the next market price.</summary>
    /// <param name="portion">In (0, 1], of each trade.</param>
    /// <exception cref="OrderException">The portion is outside.</exception>
    public void ClosePosition(double portion = 1)
    {
        for (var trade = Book.FirstTrade; trade is not null; trade = trade.Next)
        {
            trade.Close(portion);
        }
    }

    /// <summary>Cancels its waiting orders, brackets left alone.</summary>
    public void CancelOrders() => Book.Broker.CancelAll(Book);

    /// <summary>
    /// Trades to a wanted share of the account: units = weight equity / Price in whole lots, toward zero, and an order for the
    /// difference from what is held, cut to what can be afforded at the fill. Its waiting orders that are no brackets are
    /// cancelled first.
    /// </summary>
    /// <param name="weight">Share of the equity; negative is short; 0 closes.</param>
    /// <param name="tolerance">Within this distance of the weight nothing is traded, unless the weight is 0; not negative.</param>
    /// <exception cref="OrderException">The weight is not finite, is not 0 before the first bar, positions are hedged, or orders exclusive.</exception>
    public void SetTargetWeight(double weight, double tolerance = 0) => TargetWeights.Set(Book, weight, tolerance);

    private static OrderRequest Request(
        OrderSize? size, double? limit, double? stop, double? stopLoss, double? takeProfit, string? tag) => new()
        {
            Size = size ?? OrderSize.All,
            Limit = limit,
            Stop = stop,
            StopLoss = stopLoss,
            TakeProfit = takeProfit,
            Tag = tag,
        };
}
