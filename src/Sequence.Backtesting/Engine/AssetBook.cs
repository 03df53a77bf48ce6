using System.Runtime.InteropServices;

namespace Sequence.Backtesting;

/// <summary>What the broker holds of one asset: its current bar, its open trades and its waiting orders.</summary>
internal sealed class AssetBook(Broker broker, BarSeries series, int index)
{
    private readonly ArraySegment<double> _open = AsArray(series.Open);
    private readonly ArraySegment<double> _high = AsArray(series.High);
    private readonly ArraySegment<double> _low = AsArray(series.Low);
    private readonly ArraySegment<double> _close = AsArray(series.Close);
    private readonly ArraySegment<double> _volume = AsArray(series.Volume);
    private readonly bool _isOnEveryBar = series.Times.Equals(broker.Market.Times);
    private RunningSum _entryValue;

    public Broker Broker { get; } = broker;

    public BarSeries Series { get; } = series;

    /// <summary>Position among the market's assets.</summary>
    public int Index { get; } = index;

    /// <summary>The last bar of the asset up to now; -1 before its first.</summary>
    public int Cursor { get; private set; } = -1;

    /// <summary>Whether the asset has a bar at this time.</summary>
    public bool HasBar { get; private set; }

    /// <summary>Whether orders can be filled on that bar.</summary>
    public bool Trades { get; set; }

    public double Open { get; private set; }

    public double High { get; private set; }

    public double Low { get; private set; }

    public double Close { get; private set; }

    public double PreviousClose { get; private set; }

    public double Volume { get; private set; } = double.NaN;

    /// <summary>The price positions are valued at.</summary>
    public double Mark { get; set; }

    /// <summary>Units that the volume limit still allows on this bar.</summary>
    public double VolumeLeft { get; set; } = double.PositiveInfinity;

    public TriggerHeap BuyStops { get; } = new(highestFirst: false);

    public TriggerHeap SellStops { get; } = new(highestFirst: true);

    public TriggerHeap BuyLimits { get; } = new(highestFirst: true);

    public TriggerHeap SellLimits { get; } = new(highestFirst: false);

    /// <summary>Orders looked at on every bar: market, at-close and trailing ones. Ended ones are dropped when passed over.</summary>
    public List<Order> Active { get; } = [];

    public Trade? FirstTrade { get; private set; }

    public Trade? LastTrade { get; private set; }

    public int TradeCount { get; private set; }

    /// <summary>Sum of the sizes of open trades.</summary>
    public double Units { get; private set; }

    /// <summary>Sum of their absolute sizes.</summary>
    public double GrossUnits { get; private set; }

    /// <summary>Sum of size times entry price.</summary>
    public double EntryValue => _entryValue.Value;

    public double Unrealised => (Units * Mark) - EntryValue;

    public double GrossValue => GrossUnits * Mark;

    /// <summary>What the account's total holds of <see cref="Unrealised"/>.</summary>
    public double CountedUnrealised { get; set; }

    /// <summary>What the account's total holds of <see cref="GrossValue"/>.</summary>
    public double CountedGrossValue { get; set; }

    /// <summary>Moves on to a time of the market.</summary>
    public bool MoveTo(DateTimeOffset time)
    {
        var next = Cursor + 1;
        HasBar = _isOnEveryBar || (next < Series.Length && Series.Times.Span[next] == time);
        if (HasBar)
        {
            Cursor = next;
            PreviousClose = Close;
            Open = _open[next];
            High = _high[next];
            Low = _low[next];
            Close = _close[next];
            Volume = _volume.Count == 0 ? double.NaN : _volume[next];
        }

        Trades = HasBar;
        return HasBar;
    }

    public void Add(Trade trade)
    {
        trade.Previous = LastTrade;
        if (LastTrade is null)
        {
            FirstTrade = trade;
        }
        else
        {
            LastTrade.Next = trade;
        }

        LastTrade = trade;
        TradeCount++;
        Count(trade.Size, trade.Size * trade.EntryPrice);
    }

    public void Remove(Trade trade)
    {
        if (trade.Previous is { } previous)
        {
            previous.Next = trade.Next;
        }
        else
        {
            FirstTrade = trade.Next;
        }

        if (trade.Next is { } next)
        {
            next.Previous = trade.Previous;
        }
        else
        {
            LastTrade = trade.Previous;
        }

        trade.IsOpen = false;
        TradeCount--;
        Uncount(trade.Size, trade.EntryPrice);
    }

    public void Resize(Trade trade, double size)
    {
        Uncount(trade.Size, trade.EntryPrice);
        trade.Size = size;
        Count(size, size * trade.EntryPrice);
    }

    /// <summary>Counts a trade in new units: every unit becomes <paramref name="ratio"/> units at a price as much lower.</summary>
    public void Split(Trade trade, double ratio)
    {
        Uncount(trade.Size, trade.EntryPrice);
        trade.Size *= ratio;
        trade.EntryPrice /= ratio;
        trade.StopLossPrice /= ratio;
        Count(trade.Size, trade.Size * trade.EntryPrice);
    }

    /// <summary>Puts an order where it will be found when its price comes.</summary>
    public void Rest(Order order)
    {
        if (order.AtClose || order.Trail is not null || (order.Stop is null && order.Limit is null))
        {
            Active.Add(order);
        }
        else if (order.Stop is { } stop)
        {
            (order.IsBuy ? BuyStops : SellStops).Push(order, stop);
        }
        else
        {
            (order.IsBuy ? BuyLimits : SellLimits).Push(order, order.Limit!.Value);
        }
    }

    /// <summary>Takes out every order whose price lies in [low, high].</summary>
    public void PopReached(double low, double high, List<Order> reached)
    {
        BuyStops.PopReached(high, reached);
        SellLimits.PopReached(high, reached);
        SellStops.PopReached(low, reached);
        BuyLimits.PopReached(low, reached);
    }

    /// <summary>A bar is read on every step, for which a span taken anew each time is slow.</summary>
    private static ArraySegment<double> AsArray(ReadOnlyMemory<double> column) =>
        MemoryMarshal.TryGetArray(column, out var segment) ? segment : new ArraySegment<double>(column.ToArray());

    private void Count(double size, double value)
    {
        Units += size;
        GrossUnits += Math.Abs(size);
        _entryValue.Add(value);
    }

    private void Uncount(double size, double entryPrice)
    {
        Units -= size;
        GrossUnits -= Math.Abs(size);
        _entryValue.Add(-size * entryPrice);
        if (FirstTrade is null)
        {
            Units = 0;
            GrossUnits = 0;
            _entryValue = default;
        }
    }
}
