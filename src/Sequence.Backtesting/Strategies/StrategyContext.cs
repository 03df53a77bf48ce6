namespace Sequence.Backtesting;

/// <summary>
/// What a strategy sees after a bar: everything up to its close and nothing later. The members that name no asset are those of
/// the first.
/// </summary>
public sealed class StrategyContext
{
    private readonly Broker _broker;
    private readonly AssetContext[] _assets;

    internal StrategyContext(Broker broker)
    {
        _broker = broker;
        _assets = Array.ConvertAll(broker.Books, book => new AssetContext(book));
    }

    /// <summary>Index of the market's bar, from 0.</summary>
    public int Bar => _broker.Bar;

    /// <summary>Time of the bar.</summary>
    public DateTimeOffset Time => _broker.Time;

    /// <summary>Every asset, in the market's order.</summary>
    public IReadOnlyList<AssetContext> Assets => _assets;

    /// <summary>Worth of the account at the last closes, in cash.</summary>
    public double Equity => _broker.Equity;

    /// <summary>Equity that is not bound by open trades; times the leverage it is the buying power.</summary>
    public double MarginAvailable => _broker.MarginAvailable;

    /// <summary>Waiting orders in the order they are looked at, brackets included.</summary>
    public IEnumerable<Order> Orders
    {
        get
        {
            for (var order = _broker.FirstOrder; order is not null;)
            {
                var next = order.NextInQueue;
                yield return order;
                order = next;
            }
        }
    }

    /// <summary>How many of the first asset's bars there are up to now.</summary>
    public int Bars => _assets[0].Bars;

    /// <inheritdoc cref="AssetContext.Open" />
    public ReadOnlySpan<double> Open => _assets[0].Open;

    /// <inheritdoc cref="AssetContext.High" />
    public ReadOnlySpan<double> High => _assets[0].High;

    /// <inheritdoc cref="AssetContext.Low" />
    public ReadOnlySpan<double> Low => _assets[0].Low;

    /// <inheritdoc cref="AssetContext.Close" />
    public ReadOnlySpan<double> Close => _assets[0].Close;

    /// <inheritdoc cref="AssetContext.Volume" />
    public ReadOnlySpan<double> Volume => _assets[0].Volume;

    /// <inheritdoc cref="AssetContext.Price" />
    public double Price => _assets[0].Price;

    /// <inheritdoc cref="AssetContext.Position" />
    public double Position => _assets[0].Position;

    /// <inheritdoc cref="AssetContext.Trades" />
    public IEnumerable<Trade> Trades => _assets[0].Trades;

    /// <summary>An asset by its symbol.</summary>
    /// <exception cref="OrderException">There is none of this symbol.</exception>
    public AssetContext this[string asset] => _assets[_broker.Market.IndexOf(asset)];

    /// <inheritdoc cref="AssetContext.Covariate" />
    public ReadOnlySpan<double> Covariate(string name) => _assets[0].Covariate(name);

    /// <inheritdoc cref="AssetContext.Buy(OrderSize?, double?, double?, double?, double?, string?)" />
    public Order Buy(
        OrderSize? size = null, double? limit = null, double? stop = null, double? stopLoss = null, double? takeProfit = null, string? tag = null) =>
        _assets[0].Buy(size, limit, stop, stopLoss, takeProfit, tag);

    /// <inheritdoc cref="AssetContext.Sell(OrderSize?, double?, double?, double?, double?, string?)" />
    public Order Sell(
        OrderSize? size = null, double? limit = null, double? stop = null, double? stopLoss = null, double? takeProfit = null, string? tag = null) =>
        _assets[0].Sell(size, limit, stop, stopLoss, takeProfit, tag);

    /// <inheritdoc cref="AssetContext.Buy(in OrderRequest)" />
    public Order Buy(in OrderRequest request) => _assets[0].Buy(request);

    /// <inheritdoc cref="AssetContext.Sell(in OrderRequest)" />
    public Order Sell(in OrderRequest request) => _assets[0].Sell(request);

    /// <inheritdoc cref="AssetContext.ClosePosition" />
    public void ClosePosition(double portion = 1) => _assets[0].ClosePosition(portion);

    /// <summary>Cancels every waiting order of every asset, brackets left alone.</summary>
    public void CancelOrders() => _broker.CancelAll(null);

    /// <summary>
    /// Rebalances to wanted shares of the account: units = weight Equity / Price in whole lots, toward zero, and an order for
    /// the difference from what is held, sells before buys, cut to what can be afforded at the fill. Waiting orders that are no
    /// brackets are cancelled first.
    /// </summary>
    /// <param name="weights">Share of the equity in each asset, in the market's order; negative is short; 0 closes. [assets]</param>
    /// <param name="tolerance">An asset within this distance of its weight is left alone, unless the weight is 0; not negative.</param>
    /// <exception cref="OrderException">A weight is not finite, is not 0 before an asset's first bar, positions are hedged, or orders exclusive.</exception>
    public void SetTargetWeights(ReadOnlySpan<double> weights, double tolerance = 0) => TargetWeights.Set(_broker, weights, tolerance);

    /// <summary>Ties orders together: the first fill of one cancels the others.</summary>
    /// <param name="orders">At least two waiting orders.</param>
    /// <exception cref="OrderException">There are fewer than two, or one has ended or is tied already.</exception>
    public void OneCancelsOther(params Order[] orders)
    {
        ArgumentNullException.ThrowIfNull(orders);
        if (orders.Length < 2 || orders.Any(order => order.Broker != _broker || !order.IsOpen || order.Group is not null))
        {
            throw new OrderException("One-cancels-other needs at least two orders of this run that wait and are not tied to others yet.");
        }

        var group = orders.ToList();
        foreach (var order in orders)
        {
            order.Group = group;
        }
    }
}
