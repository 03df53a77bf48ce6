namespace Sequence.Backtesting;

/// <summary>
/// Fills orders as backtesting.py 0.6 does, quirks included; what differs from <see cref="StandardBroker"/> is said where it
/// happens. Written from a description of its behaviour.
/// </summary>
internal sealed class BacktestingPyBroker : Broker
{
    /// <summary>What "everything" means there: the largest share below one.</summary>
    private const double Everything = 1 - (1.0 / (1L << 52));

    private readonly List<Order> _queue = [];
    private readonly AssetBook _book;
    private readonly double _leverage;

    public BacktestingPyBroker(Market market, BacktestOptions options)
        : base(market, options)
    {
        _book = Books[0];
        _leverage = 1 / options.InitialMargin;
    }

    public override double ReferencePrice(AssetBook book, double sign) => Adjusted(sign, book.Close);

    public override void ProcessBar()
    {
        // Quirk: sizing and margin are valued at the close of the bar whose open fills the order.
        _book.Mark = _book.Close;
        RevalueAll();
        while (ProcessQueue())
        {
        }

        RevalueAll();
        if (Equity > 0)
        {
            return;
        }

        while (_book.FirstTrade is { } trade)
        {
            Close(trade, Math.Abs(trade.Size), _book.Close, Bar);
        }

        Settled = 0;
        RevalueAll();
        IsBankrupt = true;
        Report(BacktestEventKind.Bankruptcy, null, "The equity came to nothing; all trades were closed and the account set to zero.");
    }

    /// <summary>Quirk: closing orders of the end are filled on the last bar, which was processed before, at its open.</summary>
    public override void Finish()
    {
        if (IsBankrupt)
        {
            return;
        }

        if (Options.CloseAtEnd)
        {
            for (var trade = _book.LastTrade; trade is not null; trade = trade.Previous)
            {
                CloseOrder(trade, Math.Abs(trade.Size), trade.Tag);
            }

            ProcessBar();
        }
        else if (_book.FirstTrade is not null)
        {
            Report(BacktestEventKind.OpenAtEnd, null, $"{_book.TradeCount} trades were open at the end.");
        }
    }

    /// <summary>One pass over the queue; whether another is due, because brackets of a new trade may be reached in this bar.</summary>
    private bool ProcessQueue()
    {
        _queue.Clear();
        _book.PopReached(_book.Low, _book.High, _queue);
        foreach (var order in _book.Active)
        {
            if (order.IsOpen)
            {
                _queue.Add(order);
            }
        }

        _book.Active.Clear();
        if (_queue.Count == 0)
        {
            return false;
        }

        _queue.Sort(static (first, second) => first.Rank.CompareTo(second.Rank));
        var again = false;
        foreach (var order in _queue)
        {
            if (order.IsOpen)
            {
                again |= Process(order);
                if (order.IsOpen)
                {
                    _book.Rest(order);
                }
            }
        }

        return again;
    }

    private bool Process(Order order)
    {
        var stop = order.Stop;
        order.Stop = null;
        double price;
        if (order.Limit is { } limit)
        {
            var reached = order.IsBuy ? _book.Low <= limit : _book.High >= limit;
            var reachedBeforeStop = stop is { } woken && (order.IsBuy ? limit <= woken : limit >= woken);
            if (!reached || reachedBeforeStop)
            {
                return false;
            }

            // Quirk: a stop-limit order is filled at its stop even where the bar opens past it.
            price = order.IsBuy ? Math.Min(stop ?? _book.Open, limit) : Math.Max(stop ?? _book.Open, limit);
        }
        else
        {
            price = Options.TradeOnClose && !order.IsContingent ? _book.PreviousClose : _book.Open;
            if (stop is { } woken)
            {
                price = order.IsBuy ? Math.Max(price, woken) : Math.Min(price, woken);
            }
        }

        var isMarket = order.Limit is null && stop is null;
        var bar = isMarket && Options.TradeOnClose && !order.IsContingent ? Bar - 1 : Bar;
        if (order.Trade is { } closing)
        {
            End(order, OrderStatus.Filled);
            if (closing.IsOpen)
            {
                Close(closing, Math.Min(Math.Abs(closing.Size), order.Remaining), price, bar, order);
            }

            return false;
        }

        return Enter(order, price, stop, bar, isMarket);
    }

    private bool Enter(Order order, double price, double? stop, int bar, bool isMarket)
    {
        var adjusted = Adjusted(order.Sign, price);

        // Quirk: for a share of the buying power the commission is that of the share, not of the units.
        var asked = order.Sign * (order.Size.IsFraction ? Math.Min(order.Size.Value, Everything) : order.Size.Value);
        var unitCost = adjusted + (Charge(asked, price) / Math.Abs(asked));
        var units = Math.Abs(asked);
        if (order.Size.IsFraction)
        {
            units = FloorDivide(MarginAvailable * _leverage * units, unitCost);
            if (units == 0)
            {
                End(order, OrderStatus.Rejected);
                Report(BacktestEventKind.OrderRejected, _book, "The buying power does not reach for a single unit; the order was cancelled.");
                return false;
            }
        }

        var left = units;
        if (Options.PositionMode == PositionMode.Netting)
        {
            for (var trade = _book.FirstTrade; trade is not null && left > 0;)
            {
                var next = trade.Next;
                if (trade.Size * order.Sign < 0)
                {
                    var closed = Math.Min(left, Math.Abs(trade.Size));
                    Close(trade, closed, price, bar, order);
                    left -= closed;
                }

                trade = next;
            }
        }

        if (left * unitCost > MarginAvailable * _leverage)
        {
            End(order, OrderStatus.Rejected);
            Report(
                BacktestEventKind.OrderRejected,
                _book,
                $"{left} units cost {left * unitCost} with commission, the buying power is {MarginAvailable * _leverage}; the order was cancelled.");
            return false;
        }

        End(order, OrderStatus.Filled);
        return left > 0 && Open(order, left, adjusted, stop, bar, isMarket);
    }

    /// <summary>Opens a trade with its brackets; whether these may be reached in the same bar.</summary>
    private bool Open(Order order, double units, double price, double? stop, int bar, bool isMarket)
    {
        var commission = Charge(order.Sign * units, price);
        var trade = OpenTrade(_book, order.Sign * units, price, bar, order.Tag, commission);
        Record(order, units, price, bar, commission);
        Ledger.Spread += units * Math.Abs(price - (price / (1 + (order.Sign * Options.Spread))));
        if (order.TakeProfit is { } profit)
        {
            AddTakeProfit(trade, profit, order.DecisionBar);
        }

        if (order.StopLoss is { } loss)
        {
            AddStopLoss(trade, loss, null, order.DecisionBar);
        }

        if (order.StopLoss is null && order.TakeProfit is null)
        {
            return false;
        }

        if (isMarket)
        {
            return true;
        }

        if (stop is not null && order.Limit is null && order.TakeProfit is { } target && (order.IsBuy
            ? target <= _book.High && (order.StopLoss ?? double.NegativeInfinity) < _book.Low
            : target >= _book.Low && (order.StopLoss ?? double.PositiveInfinity) > _book.High))
        {
            return true;
        }

        if (Inside(order.StopLoss) || Inside(order.TakeProfit))
        {
            Report(
                BacktestEventKind.BracketDeferred, _book, "A stop-loss or take-profit lies inside the bar of its entry; it counts from the next bar.");
        }

        return false;
    }

    private bool Inside(double? price) => price is { } value && _book.Low <= value && value <= _book.High;

    private void Close(Trade trade, double units, double price, int bar, Order? order = null)
    {
        var size = Math.CopySign(units, trade.Size);
        var exit = Charge(size, price);

        // Quirk: a fixed commission of the entry is counted again in the record of every part, though paid once.
        CloseUnits(trade, units, price, bar, exit, Charge(size, trade.EntryPrice));
        if (order is not null)
        {
            Record(order, units, price, bar, exit);
        }
        else
        {
            Ledger.Commissions += exit;
        }
    }

    private double Charge(double size, double price) =>
        Options.Commission.Charge(new CommissionContext(_book.Series.Asset, size, price, Ledger.Traded, true));

    private double Adjusted(double sign, double price) => price * (1 + (sign * Options.Spread));

    /// <summary>Python's floor division, which is exact where dividing first would round up to the next whole number.</summary>
    private static double FloorDivide(double dividend, double divisor)
    {
        var quotient = (dividend - (dividend % divisor)) / divisor;
        var floor = Math.Floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }
}
