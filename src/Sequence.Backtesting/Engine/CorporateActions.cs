namespace Sequence.Backtesting;

/// <summary>Applies splits and dividends before the open of the first bar they hold for.</summary>
internal sealed class CorporateActions
{
    private readonly Queue<Split>[] _splits;
    private readonly Queue<Dividend>[] _dividends;

    public CorporateActions(Market market)
    {
        _splits = [.. market.Assets.Select(series => new Queue<Split>(
            market.Splits.Where(split => split.Asset == series.Asset).OrderBy(split => split.Time)))];
        _dividends = [.. market.Assets.Select(series => new Queue<Dividend>(
            market.Dividends.Where(dividend => dividend.Asset == series.Asset).OrderBy(dividend => dividend.Time)))];
    }

    public void Apply(StandardBroker broker, AssetBook book)
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
            broker.ApplySplit(book, split.Ratio);
        }
    }
}
