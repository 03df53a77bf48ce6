namespace Sequence.Backtesting;

/// <summary>Applies splits and dividends before the open of the first bar they hold for.</summary>
internal sealed class CorporateActions(StandardBroker broker, FillDesk desk)
{
    private readonly Queue<Split>[] _splits = [.. broker.Market.Assets.Select(series => new Queue<Split>(
        broker.Market.Splits.Where(split => split.Asset == series.Asset).OrderBy(split => split.Time)))];

    private readonly Queue<Dividend>[] _dividends = [.. broker.Market.Assets.Select(series => new Queue<Dividend>(
        broker.Market.Dividends.Where(dividend => dividend.Asset == series.Asset).OrderBy(dividend => dividend.Time)))];

    public void Apply(AssetBook book)
    {
        // A dividend is of the units held over the close before, so it comes before a split of the same bar.
        var dividends = _dividends[book.Index];
        while (dividends.TryPeek(out var dividend) && dividend.Time <= broker.Time)
        {
            dividends.Dequeue();
            if (book.Units != 0)
            {
                broker.PayDividend(book, dividend.Amount);
            }
        }

        var splits = _splits[book.Index];
        while (splits.TryPeek(out var split) && split.Time <= broker.Time)
        {
            splits.Dequeue();
            ApplySplit(book, split.Ratio);
        }
    }

    /// <summary>
    /// Counts trades and waiting orders in new units. What does not come out in whole lots is paid in cash at the open, without
    /// commission.
    /// </summary>
    private void ApplySplit(AssetBook book, double ratio)
    {
        for (var order = broker.FirstOrder; order is not null;)
        {
            var next = order.NextInQueue;
            if (order.Book == book)
            {
                SplitOrder(order, ratio);
            }

            order = next;
        }

        for (var trade = book.FirstTrade; trade is not null;)
        {
            var next = trade.Next;
            book.Split(trade, ratio);
            var size = Math.Abs(trade.Size);
            var lots = desk.FloorOfLots(size);
            if (size - lots > 1e-9)
            {
                broker.CloseUnits(trade, size - lots, book.Open, broker.Bar, 0, trade.EntryCommission * (size - lots) / size);
            }

            if (trade.IsOpen)
            {
                book.Resize(trade, Math.CopySign(lots, trade.Size));
            }

            trade = next;
        }

        if (book.TradeCount > 0)
        {
            broker.Report(BacktestEventKind.Split, book, $"One unit became {ratio}; the position is now {book.Units} units.");
        }
    }

    private void SplitOrder(Order order, double ratio)
    {
        var waitsInHeap = order.Heap is not null;
        order.Heap?.Remove(order);
        order.Remaining = order.Trade is null ? desk.FloorOfLots(order.Remaining * ratio) : order.Remaining * ratio;
        order.Limit /= ratio;
        order.Stop /= ratio;
        order.StopLoss /= ratio;
        order.TakeProfit /= ratio;
        order.BestPrice /= ratio;
        order.Trail = SplitTrail(order.Trail, ratio);
        order.TrailingStopLoss = SplitTrail(order.TrailingStopLoss, ratio);
        if (order.Remaining == 0)
        {
            broker.End(order, OrderStatus.Cancelled);
        }
        else if (waitsInHeap)
        {
            order.Book.Rest(order);
        }
    }

    private static TrailingDistance? SplitTrail(TrailingDistance? trail, double ratio) =>
        trail is { IsFraction: false } amount ? TrailingDistance.Amount(amount.Value / ratio) : trail;
}
