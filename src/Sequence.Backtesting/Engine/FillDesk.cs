namespace Sequence.Backtesting;

/// <summary>Works out what a fill of the standard profile comes to: units, price, commission, and whether the account can bear it.</summary>
internal sealed class FillDesk(StandardBroker broker)
{
    private readonly BacktestOptions _options = broker.Options;

    /// <summary>Fills an order as far as volume and margin allow.</summary>
    /// <param name="order">A waiting order.</param>
    /// <param name="basis">Price before spread and slippage.</param>
    /// <param name="isPassive">Whether the price is the order's own limit, which costs neither.</param>
    /// <param name="byStop">Whether its stop was reached inside the bar.</param>
    public void Fill(Order order, double basis, bool isPassive, bool byStop = false)
    {
        // At this moment the asset trades at this price: sizing and margin go by it.
        broker.MarkAt(order.Book, basis);
        if (order.Trade is { } trade)
        {
            Exit(order, trade, basis, isPassive);
        }
        else
        {
            Enter(order, basis, isPassive, byStop);
        }
    }

    /// <summary>Closes a whole trade at a price, whatever the volume.</summary>
    public void CloseNow(Trade trade, Order order, double price) => Close(order, trade, Math.Abs(trade.Size), new FillPrice(price, 0, 0));

    /// <summary>Units rounded up to whole lots.</summary>
    public double CeilingOfLots(double units) =>
        _options.LotSize == 0 ? units : Math.Ceiling((units / _options.LotSize) - 1e-9) * _options.LotSize;

    private void Exit(Order order, Trade trade, double basis, bool isPassive)
    {
        if (!trade.IsOpen)
        {
            broker.End(order, OrderStatus.Cancelled);
            return;
        }

        var wanted = Math.Min(Math.Abs(trade.Size), order.Remaining);
        var units = wanted <= order.Book.VolumeLeft ? wanted : FloorOfLots(order.Book.VolumeLeft);
        if (units > 0)
        {
            Close(order, trade, units, isPassive ? new FillPrice(basis, 0, 0) : Worsen(order.Book, order.Sign, basis, units));
        }
    }

    private void Close(Order order, Trade trade, double units, FillPrice fill)
    {
        var price = fill.Price;
        var commission = Charge(order, units, price);
        Count(fill, units);
        var entryCommission = trade.EntryCommission * units / Math.Abs(trade.Size);
        var isContingent = order.IsContingent;
        if (units >= Math.Min(order.Remaining, Math.Abs(trade.Size)) - broker.UnitsTolerance)
        {
            broker.End(order, OrderStatus.Filled);
        }

        broker.CloseUnits(trade, units, price, broker.Bar, commission, entryCommission);
        broker.Record(order, units, price, broker.Bar, commission);

        // A bracket's size follows its trade.
        if (!isContingent)
        {
            order.Remaining -= units;
        }
    }

    private void Enter(Order order, double basis, bool isPassive, bool byStop)
    {
        var book = order.Book;
        var isNetting = _options.PositionMode == PositionMode.Netting;
        var opposite = isNetting ? Math.Max(0, -order.Sign * book.Units) : 0;
        if (double.IsNaN(order.Remaining) && !Resolve(order, basis, isPassive, opposite))
        {
            return;
        }

        var units = order.Remaining <= book.VolumeLeft ? order.Remaining : FloorOfLots(book.VolumeLeft);
        if (units <= broker.UnitsTolerance)
        {
            return;
        }

        var fill = isPassive ? new FillPrice(basis, 0, 0) : Worsen(book, order.Sign, basis, units);
        var price = fill.Price;
        var closing = Math.Min(units, opposite);
        var opening = units - closing <= broker.UnitsTolerance ? 0 : units - closing;
        var reason = string.Empty;
        var reduces = order.ReduceToMargin || order.Size.IsFraction;
        if (opening > 0)
        {
            var affordable = Affordable(order, price, closing, 1);
            if (order.Sign < 0 && !_options.AllowShort)
            {
                reason = $"{opening} units would be sold short, which AllowShort forbids";
                opening = 0;
            }
            else if (opening > affordable)
            {
                reason = $"{opening} units at {price} need more margin than the {broker.FreeMargin} there is";
                opening = reduces ? affordable : 0;
            }
        }

        Trade(order, closing, opening, fill, byStop);
        order.Remaining -= closing + opening;
        if (reason.Length > 0 && (!reduces || closing + opening == 0))
        {
            broker.End(order, OrderStatus.Rejected);
            broker.Report(BacktestEventKind.OrderRejected, book, $"{reason}; the rest of the order was rejected.");
        }
        else if (reason.Length > 0 || order.Remaining <= broker.UnitsTolerance)
        {
            broker.End(order, OrderStatus.Filled);
        }
    }

    /// <summary>
    /// Turns a share of the buying power into units: what is held the other way is closed first, the share is of what is then
    /// free. False when nothing more can be done on this bar.
    /// </summary>
    private bool Resolve(Order order, double basis, bool isPassive, double opposite)
    {
        var book = order.Book;
        if (opposite > book.VolumeLeft)
        {
            var closing = FloorOfLots(book.VolumeLeft);
            if (closing > 0)
            {
                Trade(order, closing, 0, isPassive ? new FillPrice(basis, 0, 0) : Worsen(book, order.Sign, basis, closing), byStop: false);
            }

            return false;
        }

        var price = (isPassive ? new FillPrice(basis, 0, 0) : Worsen(book, order.Sign, basis, opposite)).Price;
        var opening = order.Sign < 0 && !_options.AllowShort ? 0 : Affordable(order, price, opposite, order.Size.Value);
        order.Remaining = opposite + opening;
        if (order.Remaining > 0)
        {
            return true;
        }

        broker.End(order, OrderStatus.Rejected);
        broker.Report(
            BacktestEventKind.OrderRejected,
            book,
            $"{order.Size} of {broker.FreeMargin} free margin do not reach for a lot at {price}, or may not be sold short.");
        return false;
    }

    private void Trade(Order order, double closing, double opening, FillPrice fill, bool byStop)
    {
        var units = closing + opening;
        if (units <= broker.UnitsTolerance)
        {
            return;
        }

        var book = order.Book;
        var price = fill.Price;
        var commission = Charge(order, units, price);
        Count(fill, units);
        var left = closing;
        while (left > broker.UnitsTolerance && FirstOpposite(book, order.Sign) is { } trade)
        {
            var part = Math.Min(left, Math.Abs(trade.Size));
            var entryCommission = trade.EntryCommission * part / Math.Abs(trade.Size);
            broker.CloseUnits(trade, part, price, broker.Bar, commission * part / units, entryCommission);
            left -= part;
        }

        if (opening > 0)
        {
            broker.Enter(order, opening, price, commission * opening / units, byStop);
        }

        broker.Record(order, units, price, broker.Bar, commission);
    }

    private static Trade? FirstOpposite(AssetBook book, double sign)
    {
        var trade = book.FirstTrade;
        while (trade is not null && trade.Size * sign > 0)
        {
            trade = trade.Next;
        }

        return trade;
    }

    /// <summary>
    /// The most units that can be opened beside closing some the other way, so that a share of the free margin covers their
    /// margin, their loss at the mark and the commission.
    /// </summary>
    private double Affordable(Order order, double price, double closing, double share)
    {
        var mark = order.Book.Mark;
        var rate = _options.InitialMargin;
        var free = share * (broker.FreeMargin + (closing * ((mark * rate) - (order.Sign * (price - mark)))));
        var unitCost = (mark * rate) + Math.Max(0, order.Sign * (price - mark));
        if (free <= 0)
        {
            return 0;
        }

        double Cost(double units) => (units * unitCost) + Charge(order, closing + units, price);
        var most = free + (1e-12 * (free + broker.GrossValue));
        var units = FloorOfLots(free / unitCost);
        if (Cost(units) <= most)
        {
            return units;
        }

        // A commission may have steps and minimums, so that the units it leaves are searched for, not solved for.
        double low = 0;
        var high = units;
        for (var halving = 0; halving < 64 && high - low > _options.LotSize / 2; halving++)
        {
            var middle = (low + high) / 2;
            (low, high) = Cost(middle) <= most ? (middle, high) : (low, middle);
        }

        var lots = FloorOfLots(low + (_options.LotSize / 2));
        return Cost(lots) <= most ? lots : Math.Max(0, lots - _options.LotSize);
    }

    private FillPrice Worsen(AssetBook book, double sign, double basis, double units)
    {
        var half = basis * _options.Spread / 2;
        var slip = ReferenceEquals(_options.Slippage, Slippage.None) ? 0 : _options.Slippage.PerUnit(ImpactOf(book, basis, sign * units));
        var price = basis + (sign * (half + slip));
        if (price <= 0)
        {
            throw new ConfigurationException(
                $"Spread and slippage of {units} units of '{book.Series.Asset}' at {basis} leave a price of {price}; give smaller ones.");
        }

        return new FillPrice(price, half, slip);
    }

    /// <summary>Counts what is in the prices once it is known how much was filled; a price may be worked out for nothing.</summary>
    private void Count(FillPrice fill, double units)
    {
        broker.Ledger.Spread += units * fill.HalfSpread;
        broker.Ledger.Slippage += units * fill.Slip;
    }

    private SlippageContext ImpactOf(AssetBook book, double price, double size)
    {
        var lookBack = _options.Slippage.LookBack;
        if (lookBack == 0 || book.Cursor < lookBack + 1)
        {
            return new SlippageContext(book.Series.Asset, price, size, book.Volume, double.NaN, double.NaN);
        }

        // The bars before this one; returns need a close more.
        var volumes = book.Series.Volume.Span.Slice(book.Cursor - lookBack, lookBack);
        var closes = book.Series.Close.Span.Slice(book.Cursor - lookBack - 1, lookBack + 1);
        double volume = 0;
        double sum = 0;
        double squares = 0;
        for (var index = 0; index < lookBack; index++)
        {
            volume += volumes[index];
            var change = Math.Log(closes[index + 1] / closes[index]);
            sum += change;
            squares += change * change;
        }

        var variance = Math.Max(0, (squares - (sum * sum / lookBack)) / (lookBack - 1));
        return new SlippageContext(book.Series.Asset, price, size, book.Volume, volume / lookBack, Math.Sqrt(variance));
    }

    private double Charge(Order order, double units, double price) => units == 0
        ? 0
        : _options.Commission.Charge(
            new CommissionContext(order.Asset, order.Sign * units, price, broker.Ledger.Traded, !order.HasFills));

    /// <summary>Units rounded down to whole lots.</summary>
    public double FloorOfLots(double units) =>
        _options.LotSize == 0 ? units : Math.Floor((units / _options.LotSize) + 1e-9) * _options.LotSize;

    /// <summary>A price with the half spread and the slippage that are in it, by unit.</summary>
    private readonly record struct FillPrice(double Price, double HalfSpread, double Slip);
}
