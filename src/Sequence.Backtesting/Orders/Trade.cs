namespace Sequence.Backtesting;

/// <summary>An open trade.</summary>
public sealed class Trade
{
    internal Trade(AssetBook book, double size, double entryPrice, int entryBar, string? tag)
    {
        Book = book;
        Size = size;
        EntryPrice = entryPrice;
        EntryBar = entryBar;
        Tag = tag;
    }

    /// <summary>Symbol of the asset.</summary>
    public string Asset => Book.Series.Asset;

    /// <summary>Units: positive when long, negative when short.</summary>
    public double Size { get; internal set; }

    /// <summary>Price of the entry, costs other than commissions included.</summary>
    public double EntryPrice { get; internal set; }

    /// <summary>Index of the bar of the entry.</summary>
    public int EntryBar { get; }

    /// <summary>Name of the order that opened it; null without.</summary>
    public string? Tag { get; }

    /// <summary>Price of its stop-loss now; null without.</summary>
    public double? StopLoss => StopLossPrice;

    /// <summary>Price of its take-profit; null without.</summary>
    public double? TakeProfit => TakeProfitOrder?.Limit;

    /// <summary>Profit or loss at the last price, commissions left out, in cash: size (price - entry).</summary>
    public double UnrealisedProfitLoss => Size * (Book.Mark - EntryPrice);

    internal AssetBook Book { get; }

    internal Order? StopLossOrder { get; set; }

    internal Order? TakeProfitOrder { get; set; }

    /// <summary>Kept beside the order, which forgets its stop when it wakes.</summary>
    internal double? StopLossPrice { get; set; }

    internal double EntryCommission { get; set; }

    internal Trade? Previous { get; set; }

    internal Trade? Next { get; set; }

    internal bool IsOpen { get; set; } = true;

    /// <summary>Closes it, or a part of it, at the next market price.</summary>
    /// <param name="portion">Share of the units in (0, 1], rounded to whole lots, half to even, at least one.</param>
    /// <exception cref="OrderException">The portion is outside (0, 1].</exception>
    public void Close(double portion = 1)
    {
        if (portion is not (> 0 and <= 1))
        {
            throw new OrderException($"A trade of '{Asset}' cannot be closed to the portion {portion}; give one in (0, 1].");
        }

        if (IsOpen)
        {
            Book.Broker.CloseByOrder(this, portion);
        }
    }

    /// <summary>Sets, moves or (with null) removes the stop-loss.</summary>
    /// <exception cref="OrderException">The price is not positive.</exception>
    public void SetStopLoss(double? price) => Book.Broker.SetStopLoss(this, price);

    /// <summary>Sets, moves or (with null) removes the take-profit.</summary>
    /// <exception cref="OrderException">The price is not positive.</exception>
    public void SetTakeProfit(double? price) => Book.Broker.SetTakeProfit(this, price);
}
