namespace Sequence.Backtesting;

/// <summary>
/// Fills orders by our own rules. A bar is gone through in the order its prices are known: what the open reaches is filled at
/// the open; then stops and limits inside the bar at their own price, stop-losses first; then at-close orders at the close.
/// Where the path inside the bar is not known, the worse is taken: a stop-loss inside the bar of its entry is hit, a take-profit
/// only if the price passed the entry on the way to it, and a stop-limit order woken past its limit waits for the next bar.
/// </summary>
internal sealed class StandardBroker : Broker
{
    private readonly List<Order> _reached = [];
    private readonly List<Trade> _entered = [];
    private readonly HashSet<Trade> _enteredByStop = [];
    private readonly SessionOrders _sessions;
    private readonly CorporateActions? _actions;
    private readonly FillDesk _desk;
    private DateTimeOffset? _accruedTo;
    private bool _isInsideBar;

    public StandardBroker(Market market, BacktestOptions options)
        : base(market, options)
    {
        _sessions = new SessionOrders(market, options.Calendar);
        _desk = new FillDesk(this);
        _actions = market.Splits.Count + market.Dividends.Count > 0 ? new CorporateActions(this, _desk) : null;
    }

    public override double ReferencePrice(AssetBook book, double sign) => book.Close * (1 + (sign * Options.Spread / 2));

    public override void ProcessBar()
    {
        AccrueInterest();
        _sessions.MoveTo(Bar);
        foreach (var book in Books)
        {
            if (book.HasBar)
            {
                book.Mark = book.Open;
                book.Trades = _sessions.IsOpen;
                if (Options.VolumeLimit is { } share)
                {
                    book.VolumeLeft = share * book.Volume;
                }

                _actions?.Apply(book);
            }
        }

        foreach (var order in _sessions.Expiring())
        {
            End(order, OrderStatus.Expired);
        }

        FillAtOpen();
        FillInsideBar();
        if (HasActiveOrders() && _sessions.IsLastBar)
        {
            FillWaiting(order => order.AtClose);
        }

        foreach (var book in Books)
        {
            if (book.HasBar)
            {
                book.Mark = book.Close;
                FollowTrails(book);
            }
        }

        RevalueAll();
        foreach (var order in _sessions.Unfilled())
        {
            End(order, OrderStatus.Expired);
        }

        CheckMargin();
    }

    public override void AfterDecision()
    {
        if (Options.TradeOnClose)
        {
            FillWaiting(order => !order.AtClose && order.Trail is null);
            RevalueAll();
        }
    }

    public override void Finish()
    {
        if (Options.CloseAtEnd)
        {
            CloseEverything();
        }
        else if (Books.Sum(book => book.TradeCount) is > 0 and var open)
        {
            Report(BacktestEventKind.OpenAtEnd, null, $"{open} trades were open at the end; they are valued at the last close.");
        }
    }

    public override void Record(Order order, double units, double price, int bar, double commission)
    {
        order.HasFills = true;
        order.Book.VolumeLeft -= units;
        base.Record(order, units, price, bar, commission);
        if (order.Group is not { } group)
        {
            return;
        }

        foreach (var other in group)
        {
            if (other != order)
            {
                End(other, OrderStatus.Cancelled);
            }
        }
    }

    /// <summary>Opens a trade of an order's fill, with its brackets.</summary>
    internal void Enter(Order order, double units, double price, double commission, bool byStop)
    {
        var trade = OpenTrade(order.Book, order.Sign * units, price, Bar, order.Tag, commission);
        if (order.TakeProfit is { } profit)
        {
            AddTakeProfit(trade, profit, order.DecisionBar);
        }

        if (order.StopLoss is not null || order.TrailingStopLoss is not null)
        {
            var stopLoss = AddStopLoss(trade, order.StopLoss, order.TrailingStopLoss, order.DecisionBar);
            stopLoss.BestPrice = price;
            trade.StopLossPrice ??= order.TrailingStopLoss?.StopBehind(price, order.Sign < 0);
        }

        if (_isInsideBar && (trade.StopLossOrder ?? trade.TakeProfitOrder) is not null)
        {
            _entered.Add(trade);
            if (byStop)
            {
                _enteredByStop.Add(trade);
            }
        }
    }

    /// <summary>Values an asset at a price from now on.</summary>
    internal void MarkAt(AssetBook book, double price)
    {
        book.Mark = price;
        Revalue(book);
    }

    /// <summary>Cash that comes or goes beside fills: dividends, cash in lieu of fractions.</summary>
    internal void PayDividend(AssetBook book, double amount)
    {
        var cash = book.Units * amount;
        Settled += cash;
        Ledger.Dividends += cash;
        Report(BacktestEventKind.Dividend, book, $"{amount} a unit on {book.Units} units.");
    }

    protected override void Placed(Order order)
    {
        order.BestPrice = order.Book.Close;
        _sessions.Add(order);
    }

    private bool HasActiveOrders()
    {
        foreach (var book in Books)
        {
            if (book.Active.Count > 0)
            {
                return true;
            }
        }

        return false;
    }

    private static double TrailStop(Order order) => order.Trail!.Value.StopBehind(order.BestPrice, order.IsBuy);

    private static bool Reaches(Order order, double stop, double low, double high) => order.IsBuy ? high >= stop : low <= stop;

    private void FillAtOpen()
    {
        foreach (var book in Books)
        {
            if (book.Trades)
            {
                book.PopReached(book.Open, book.Open, _reached);
                TakeActive(book, order => !order.AtClose &&
                    (order.Trail is null || Reaches(order, TrailStop(order), order.Book.Open, order.Book.Open)));
            }
        }

        if (_reached.Count == 0)
        {
            return;
        }

        foreach (var order in InOrder())
        {
            order.Trail = null;
            order.Stop = null;
            if (order.Limit is not { } limit)
            {
                _desk.Fill(order, order.Book.Open, isPassive: false);
            }
            else if (order.IsBuy ? order.Book.Open <= limit : order.Book.Open >= limit)
            {
                _desk.Fill(order, order.Book.Open, isPassive: true);
            }
        }
    }

    private void FillInsideBar()
    {
        foreach (var book in Books)
        {
            if (book.Trades)
            {
                book.PopReached(book.Low, book.High, _reached);
                TakeActive(book, order => order.Trail is not null && Reaches(order, TrailStop(order), order.Book.Low, order.Book.High));
            }
        }

        if (_reached.Count == 0)
        {
            return;
        }

        _isInsideBar = true;
        foreach (var order in InOrder())
        {
            FillInside(order);
        }

        _isInsideBar = false;
        foreach (var trade in _entered)
        {
            FillBracket(trade);
        }

        _entered.Clear();
        _enteredByStop.Clear();
    }

    private void FillInside(Order order)
    {
        var book = order.Book;
        if ((order.Trail is null ? order.Stop : TrailStop(order)) is { } stop)
        {
            // A bracket of an entry at this open may lie on the open's wrong side already.
            var price = order.IsBuy ? Math.Max(stop, book.Open) : Math.Min(stop, book.Open);
            order.Trail = null;
            order.Stop = null;
            if (order.Limit is not { } worst)
            {
                _desk.Fill(order, price, isPassive: false, byStop: true);
            }
            else if (order.IsBuy ? price <= worst : price >= worst)
            {
                _desk.Fill(order, price, isPassive: true, byStop: true);
            }
            else
            {
                order.WokenAtBar = Bar;
            }
        }
        else if (order.Limit is { } limit && order.WokenAtBar != Bar)
        {
            _desk.Fill(order, order.IsBuy ? Math.Min(limit, book.Open) : Math.Max(limit, book.Open), isPassive: true);
        }
    }

    /// <summary>Brackets of an entry inside this bar.</summary>
    private void FillBracket(Trade trade)
    {
        var book = trade.Book;
        if (trade.StopLossOrder is { IsOpen: true } stopLoss)
        {
            var stop = stopLoss.Trail is null ? stopLoss.Stop!.Value : TrailStop(stopLoss);
            if (Reaches(stopLoss, stop, book.Low, book.High))
            {
                // A stop-limit entry may have come in past its own stop-loss.
                FillAlone(stopLoss, stopLoss.IsBuy ? Math.Max(stop, trade.EntryPrice) : Math.Min(stop, trade.EntryPrice), isPassive: false);
            }
        }

        if (trade.IsOpen && _enteredByStop.Contains(trade) && trade.TakeProfitOrder is { IsOpen: true } takeProfit)
        {
            var limit = takeProfit.Limit!.Value;
            if (takeProfit.IsBuy ? book.Low <= limit : book.High >= limit)
            {
                FillAlone(
                    takeProfit, takeProfit.IsBuy ? Math.Min(limit, trade.EntryPrice) : Math.Max(limit, trade.EntryPrice), isPassive: true);
            }
        }
    }

    private void FillAlone(Order order, double price, bool isPassive)
    {
        order.Heap?.Remove(order);
        order.Book.Active.Remove(order);
        order.Trail = null;
        order.Stop = null;
        _desk.Fill(order, price, isPassive);
        if (order.IsOpen)
        {
            order.Book.Rest(order);
        }
    }

    /// <summary>Fills waiting market orders at the close.</summary>
    private void FillWaiting(Func<Order, bool> wanted)
    {
        foreach (var book in Books)
        {
            if (book.Trades && book.Active.Count > 0)
            {
                book.Mark = book.Close;
                TakeActive(book, wanted);
            }
        }

        if (_reached.Count == 0)
        {
            return;
        }

        foreach (var order in InOrder())
        {
            _desk.Fill(order, order.Book.Close, isPassive: false);
        }
    }

    /// <summary>Moves the wanted active orders of an asset to those reached, and drops ended ones.</summary>
    private void TakeActive(AssetBook book, Func<Order, bool> wanted)
    {
        var active = book.Active;
        if (active.Count == 0)
        {
            return;
        }

        var kept = 0;
        for (var index = 0; index < active.Count; index++)
        {
            var order = active[index];
            if (!order.IsOpen)
            {
                continue;
            }

            if (wanted(order))
            {
                _reached.Add(order);
            }
            else
            {
                active[kept++] = order;
            }
        }

        active.RemoveRange(kept, active.Count - kept);
    }

    /// <summary>The reached orders by their place in the queue; those still open afterwards go back to wait.</summary>
    private IEnumerable<Order> InOrder()
    {
        // Sizing goes by the marks of this moment.
        RevalueAll();
        var orders = _reached.ToArray();
        _reached.Clear();
        Array.Sort(orders, static (first, second) => first.Rank.CompareTo(second.Rank));
        return Each(orders);

        static IEnumerable<Order> Each(Order[] orders)
        {
            foreach (var order in orders)
            {
                if (order.IsOpen)
                {
                    yield return order;
                    if (order.IsOpen)
                    {
                        order.Book.Rest(order);
                    }
                }
            }
        }
    }

    private static void FollowTrails(AssetBook book)
    {
        foreach (var order in book.Active)
        {
            if (order is { IsOpen: true, Trail: not null })
            {
                order.BestPrice = order.IsBuy ? Math.Min(order.BestPrice, book.Low) : Math.Max(order.BestPrice, book.High);
                if (order.Trade is { } trade)
                {
                    trade.StopLossPrice = TrailStop(order);
                }
            }
        }
    }

    private void AccrueInterest()
    {
        if (Options.BorrowRate == 0 && Options.FinancingRate == 0)
        {
            return;
        }

        var years = _accruedTo is { } from ? (Time - from).TotalDays / 365 : 0;
        _accruedTo = Time;

        double held = 0;
        double shorted = 0;
        foreach (var book in Books)
        {
            held += book.Units * book.Mark;
            shorted += (book.GrossUnits - book.Units) / 2 * book.Mark;
        }

        var borrow = Options.BorrowRate * years * shorted;
        var financing = Options.FinancingRate * years * Math.Max(0, held - Equity);
        Ledger.Borrow += borrow;
        Ledger.Financing += financing;
        Settled -= borrow + financing;
    }

    private void CheckMargin()
    {
        if (Equity <= 0)
        {
            CloseEverything();
            IsBankrupt = true;
            Report(BacktestEventKind.Bankruptcy, null, $"The equity came to {Equity}; all trades were closed at the close and trading ended.");
            return;
        }

        var needed = (Options.MaintenanceMargin ?? Options.InitialMargin / 2) * GrossValue;
        if (Equity >= needed)
        {
            return;
        }

        Report(BacktestEventKind.MarginCall, null, $"The equity of {Equity} is below the maintenance margin of {needed}; positions are cut at the next open.");
        CancelAll(null);
        var cut = 1 - (Equity / (Options.InitialMargin * GrossValue));
        foreach (var book in Books)
        {
            for (var trade = book.FirstTrade; trade is not null; trade = trade.Next)
            {
                CloseOrder(trade, Math.Min(Math.Abs(trade.Size), _desk.CeilingOfLots(Math.Abs(trade.Size) * cut)), "margin call");
            }
        }
    }

    private void CloseEverything()
    {
        foreach (var book in Books)
        {
            while (book.FirstTrade is { } trade)
            {
                _desk.CloseNow(trade, CloseOrder(trade, Math.Abs(trade.Size), trade.Tag), book.Mark);
            }
        }

        RevalueAll();
    }
}
