namespace Sequence.Backtesting;

/// <summary>
/// The account of a backtest: the queue of orders, open trades, cash and records. What fills an order, and at what price, is
/// the business of a profile.
/// </summary>
internal abstract class Broker
{
    private long _front;
    private long _back;
    private double _unrealised;
    private double _grossValue;

    protected Broker(Market market, BacktestOptions options)
    {
        Market = market;
        Options = options;
        Settled = options.Cash;
        Books = new AssetBook[market.Assets.Count];
        for (var index = 0; index < Books.Length; index++)
        {
            Books[index] = new AssetBook(this, market.Assets[index], index);
        }
    }

    public Market Market { get; }

    public BacktestOptions Options { get; }

    public AssetBook[] Books { get; }

    /// <summary>Index of the market's bar.</summary>
    public int Bar { get; private set; } = -1;

    public DateTimeOffset Time { get; private set; }

    /// <summary>Cash at the start plus what closed trades made, less costs: the account if nothing were open at a price of its entry.</summary>
    public double Settled { get; protected set; }

    /// <summary>Worth of the account at the marks.</summary>
    public double Equity => Settled + _unrealised;

    /// <summary>Sum of the absolute values of all open trades at the marks.</summary>
    public double GrossValue => _grossValue;

    /// <summary>Equity that is not bound by open trades, at least 0.</summary>
    public double MarginAvailable => Math.Max(0, FreeMargin);

    public double FreeMargin => Equity - (_grossValue * Options.InitialMargin);

    /// <summary>Fewer units than this are what rounding left, not a position.</summary>
    public double UnitsTolerance => Options.LotSize == 0 ? 1e-12 : 1e-9 * Options.LotSize;

    /// <summary>Whether the account has come to nothing, so that nothing more is done.</summary>
    public bool IsBankrupt { get; protected set; }

    public Order? FirstOrder { get; private set; }

    public Order? LastOrder { get; private set; }

    public List<ClosedTrade> ClosedTrades { get; } = [];

    public List<Fill> Fills { get; } = [];

    public List<BacktestEvent> Events { get; } = [];

    public Ledger Ledger { get; } = new();

    /// <summary>Told every decision of the strategy; null when nobody listens.</summary>
    public Action<Decision>? Decided { get; set; }

    /// <summary>Moves on to the next bar of the market.</summary>
    public void MoveTo(int bar)
    {
        Bar = bar;
        Time = Market.Times.Span[bar];
        foreach (var book in Books)
        {
            book.MoveTo(Time);
        }
    }

    /// <summary>Fills what the bar reaches and values the account at its close.</summary>
    public abstract void ProcessBar();

    /// <summary>After the strategy has seen the bar.</summary>
    public virtual void AfterDecision()
    {
    }

    /// <summary>After the last bar.</summary>
    public abstract void Finish();

    /// <summary>Price of a market order of this direction if it were filled now, for checking brackets.</summary>
    public abstract double ReferencePrice(AssetBook book, double sign);

    /// <summary>A new order of the strategy, standing for itself.</summary>
    public Order Place(AssetBook book, double sign, in OrderRequest request)
    {
        OrderCheck.Require(this, book, sign, request);
        if (Options.ExclusiveOrders)
        {
            CancelAll(null);
            foreach (var other in Books)
            {
                for (var trade = other.FirstTrade; trade is not null; trade = trade.Next)
                {
                    CloseByOrder(trade, 1);
                }
            }
        }

        var order = new Order(this, book, sign, request, Bar, null);
        Enqueue(order, atFront: false);
        book.Rest(order);
        Placed(order);
        Decided?.Invoke(Decision.Placed(this, order));
        return order;
    }

    /// <summary>Cancels every waiting order that is no bracket, of one asset or of all.</summary>
    public void CancelAll(AssetBook? book)
    {
        for (var order = FirstOrder; order is not null;)
        {
            var next = order.NextInQueue;
            if (!order.IsContingent && (book is null || order.Book == book))
            {
                CancelByStrategy(order);
            }

            order = next;
        }
    }

    public void CancelByStrategy(Order order)
    {
        Decided?.Invoke(Decision.Cancelled(this, order));
        End(order, OrderStatus.Cancelled);
        if (order.Trade is { } trade)
        {
            Unlink(trade, order);
        }
    }

    /// <summary>An order that closes a portion of a trade at the next market price, before all others.</summary>
    public void CloseByOrder(Trade trade, double portion)
    {
        var units = Math.Min(Math.Abs(trade.Size), PortionUnits(Math.Abs(trade.Size), portion));
        var order = CloseOrder(trade, units, trade.Tag);
        Decided?.Invoke(Decision.Placed(this, order));
    }

    public void SetStopLoss(Trade trade, double? price) => Replace(trade, price, isStop: true);

    public void SetTakeProfit(Trade trade, double? price) => Replace(trade, price, isStop: false);

    protected Order CloseOrder(Trade trade, double units, string? tag)
    {
        var order = new Order(this, trade.Book, -Math.Sign(trade.Size), new OrderRequest { Size = units, Tag = tag }, Bar, trade);
        Enqueue(order, atFront: true);
        trade.Book.Rest(order);
        return order;
    }

    /// <summary>
    /// Adds a stop-loss, at the front of the queue, so that it comes before everything else. It was decided with the order that
    /// opened the trade, or now when the strategy sets it.
    /// </summary>
    protected Order AddStopLoss(Trade trade, double? price, TrailingDistance? trail, int decisionBar)
    {
        var request = new OrderRequest { Size = Math.Abs(trade.Size), Stop = price, Trail = trail, Tag = trade.Tag };
        var order = new Order(this, trade.Book, -Math.Sign(trade.Size), request, decisionBar, trade);
        trade.StopLossOrder = order;
        trade.StopLossPrice = price;
        Enqueue(order, atFront: true);
        trade.Book.Rest(order);
        return order;
    }

    protected Order AddTakeProfit(Trade trade, double price, int decisionBar)
    {
        var request = new OrderRequest { Size = Math.Abs(trade.Size), Limit = price, Tag = trade.Tag };
        var order = new Order(this, trade.Book, -Math.Sign(trade.Size), request, decisionBar, trade);
        trade.TakeProfitOrder = order;
        Enqueue(order, atFront: false);
        trade.Book.Rest(order);
        return order;
    }

    /// <summary>Told when the strategy has placed an order.</summary>
    protected virtual void Placed(Order order)
    {
    }

    /// <summary>Takes an order out of the queue.</summary>
    public void End(Order order, OrderStatus status)
    {
        if (!order.IsOpen)
        {
            return;
        }

        order.Status = status;
        order.Heap?.Remove(order);
        if (order.PreviousInQueue is { } previous)
        {
            previous.NextInQueue = order.NextInQueue;
        }
        else
        {
            FirstOrder = order.NextInQueue;
        }

        if (order.NextInQueue is { } next)
        {
            next.PreviousInQueue = order.PreviousInQueue;
        }
        else
        {
            LastOrder = order.PreviousInQueue;
        }

        order.PreviousInQueue = null;
        order.NextInQueue = null;
    }

    protected Trade OpenTrade(AssetBook book, double size, double price, int bar, string? tag, double commission)
    {
        var trade = new Trade(book, size, price, bar, tag) { EntryCommission = commission };
        book.Add(trade);
        Settled -= commission;
        Revalue(book);
        return trade;
    }

    /// <summary>
    /// Closes units of a trade: cash += units (exit - entry) less the exit's commission, and a record of it with the entry's
    /// commission as <paramref name="entryCommission"/> says.
    /// </summary>
    public void CloseUnits(Trade trade, double units, double price, int bar, double exitCommission, double entryCommission)
    {
        var book = trade.Book;
        var whole = Math.Abs(trade.Size) - units <= UnitsTolerance;
        units = whole ? Math.Abs(trade.Size) : units;
        var size = Math.CopySign(units, trade.Size);
        var stopLoss = whole ? trade.StopLoss : null;
        var takeProfit = whole ? trade.TakeProfit : null;
        if (whole)
        {
            book.Remove(trade);
            EndBracket(trade.StopLossOrder);
            EndBracket(trade.TakeProfitOrder);
        }
        else
        {
            book.Resize(trade, trade.Size - size);
            trade.EntryCommission -= entryCommission;
            Resize(trade.StopLossOrder, trade);
            Resize(trade.TakeProfitOrder, trade);
        }

        var gross = size * (price - trade.EntryPrice);
        Settled += gross - exitCommission;
        Ledger.Realised += gross;
        var commission = exitCommission + entryCommission;
        ClosedTrades.Add(new ClosedTrade(
            trade.Asset,
            size,
            trade.EntryBar,
            bar,
            Market.Times.Span[trade.EntryBar],
            Market.Times.Span[bar],
            trade.EntryPrice,
            price,
            stopLoss,
            takeProfit,
            commission,
            gross - commission,
            (Math.Sign(size) * ((price / trade.EntryPrice) - 1)) - (commission / (units * trade.EntryPrice)),
            trade.Tag));
        Revalue(book);
    }

    public void Report(BacktestEventKind kind, AssetBook? book, string message) =>
        Events.Add(new BacktestEvent(kind, Bar, Time, book?.Series.Asset, message));

    public virtual void Record(Order order, double units, double price, int bar, double commission)
    {
        Ledger.Commissions += commission;
        Ledger.Traded += units * price;
        Fills.Add(new Fill(order.Asset, bar, Market.Times.Span[bar], order.Sign * units, price, commission, order.DecisionBar, order.Tag));
    }

    /// <summary>Values every asset anew, at its mark.</summary>
    protected void RevalueAll()
    {
        _unrealised = 0;
        _grossValue = 0;
        foreach (var book in Books)
        {
            CountIn(book);
        }
    }

    /// <summary>Values one asset anew, at its mark.</summary>
    protected void Revalue(AssetBook book)
    {
        if (Books.Length == 1)
        {
            _unrealised = book.Unrealised;
            _grossValue = book.GrossValue;
            return;
        }

        _unrealised -= book.CountedUnrealised;
        _grossValue -= book.CountedGrossValue;
        CountIn(book);
    }

    private void CountIn(AssetBook book)
    {
        book.CountedUnrealised = book.Unrealised;
        book.CountedGrossValue = book.GrossValue;
        _unrealised += book.CountedUnrealised;
        _grossValue += book.CountedGrossValue;
    }

    private void Enqueue(Order order, bool atFront)
    {
        if (atFront)
        {
            order.Rank = --_front;
            order.NextInQueue = FirstOrder;
            if (FirstOrder is { } first)
            {
                first.PreviousInQueue = order;
            }

            FirstOrder = order;
            LastOrder ??= order;
            return;
        }

        order.Rank = ++_back;
        order.PreviousInQueue = LastOrder;
        if (LastOrder is { } last)
        {
            last.NextInQueue = order;
        }

        LastOrder = order;
        FirstOrder ??= order;
    }

    private void Replace(Trade trade, double? price, bool isStop)
    {
        OrderCheck.RequireBracket(trade, price, isStop ? "stop-loss" : "take-profit");
        if ((isStop ? trade.StopLossOrder : trade.TakeProfitOrder) is { } old)
        {
            CancelByStrategy(old);
        }

        if (price is not { } wanted)
        {
            return;
        }

        var order = isStop ? AddStopLoss(trade, wanted, null, Bar) : AddTakeProfit(trade, wanted, Bar);
        Decided?.Invoke(Decision.Placed(this, order));
    }

    private void EndBracket(Order? order)
    {
        if (order is not null)
        {
            End(order, OrderStatus.Cancelled);
        }
    }

    private static void Resize(Order? order, Trade trade)
    {
        if (order is not null)
        {
            order.Remaining = Math.Abs(trade.Size);
        }
    }

    /// <summary>Whole lots of a portion, half to even, at least one.</summary>
    private double PortionUnits(double units, double portion) => Options.LotSize == 0
        ? units * portion
        : Math.Max(1, Math.Round(units / Options.LotSize * portion)) * Options.LotSize;

    private static void Unlink(Trade trade, Order order)
    {
        if (trade.StopLossOrder == order)
        {
            trade.StopLossOrder = null;
            trade.StopLossPrice = null;
        }
        else if (trade.TakeProfitOrder == order)
        {
            trade.TakeProfitOrder = null;
        }
    }
}
