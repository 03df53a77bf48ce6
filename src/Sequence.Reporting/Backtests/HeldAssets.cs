using Sequence.Backtesting;

namespace Sequence.Reporting;

/// <summary>
/// Buying and holding: equal cash for every asset, spent at its first close in any fraction of a unit and without costs, then left alone.
/// Splits multiply the units, dividends are kept as cash. An asset without a bar is worth its last close.
/// </summary>
internal static class HeldAssets
{
    public static EquityCurve Curve(Market market, double cash)
    {
        var times = market.Times.Span;
        var worth = new double[times.Length];
        var share = cash / market.Assets.Count;
        foreach (var asset in market.Assets)
        {
            Add(market, asset, share, times, worth);
        }

        return new EquityCurve(market.Times, worth);
    }

    private static void Add(Market market, BarSeries asset, double cash, ReadOnlySpan<DateTimeOffset> times, double[] worth)
    {
        var dividends = new Queue<Dividend>(market.Dividends.Where(action => action.Asset == asset.Asset).OrderBy(action => action.Time));
        var splits = new Queue<Split>(market.Splits.Where(action => action.Asset == asset.Asset).OrderBy(action => action.Time));
        var (units, row, price) = (0.0, 0, 0.0);
        for (var bar = 0; bar < times.Length; bar++)
        {
            if (row < asset.Length && asset.Times.Span[row] == times[bar])
            {
                // A dividend is of the units held over the close before, so it comes before a split of the same bar.
                while (dividends.TryPeek(out var dividend) && dividend.Time <= times[bar])
                {
                    cash += units * dividends.Dequeue().Amount;
                }

                while (splits.TryPeek(out var split) && split.Time <= times[bar])
                {
                    units *= splits.Dequeue().Ratio;
                }

                price = asset.Close.Span[row];
                if (row == 0)
                {
                    (units, cash) = (cash / price, 0);
                }

                row++;
            }

            worth[bar] += cash + (units * price);
        }
    }
}
