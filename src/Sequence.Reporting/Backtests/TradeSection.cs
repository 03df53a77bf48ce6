using System.Globalization;
using Sequence.Backtesting;

namespace Sequence.Reporting;

/// <summary>Trades on the price of the asset traded most, and the last of them as a table.</summary>
internal sealed class TradeSection(BacktestResult result, Market market)
{
    private const int TableRows = 50;
    private const int ManyTrades = 200;
    private const int TradesSeenClose = 30;

    private bool HasTags => result.Trades.Concat(result.OpenTrades).Any(trade => trade.Tag is not null);

    public void AddTo(HtmlReport report)
    {
        report.AddHeading("Trades");
        ClosedTrade[] all = [.. result.Trades, .. result.OpenTrades];
        if (all.Length == 0)
        {
            report.AddParagraph("There was no trade.");
            return;
        }

        var asset = all.CountBy(trade => trade.Asset, StringComparer.Ordinal)
            .OrderByDescending(pair => pair.Value).ThenBy(pair => market.IndexOf(pair.Key)).First().Key;
        ClosedTrade[] trades = [.. all.Where(trade => trade.Asset == asset)];
        report.AddChart(PriceChart(market[asset], trades, $"Entries and exits on the price of {asset}"));
        if (trades.Length > ManyTrades)
        {
            // So many marks show where it traded but no single trade.
            var last = trades[^TradesSeenClose..];
            report.AddChart(PriceChart(Around(market[asset], last), last, $"The last {TradesSeenClose} trades of {asset}"));
        }

        report.AddNote(
            (market.Assets.Count > 1 ? $"{asset} has the most trades of {market.Assets.Count} assets. " : string.Empty) +
            "The tip of a triangle and the middle of a dot are at the price of the fill; of marks that would cover one another one is drawn.");
        report.AddTable(Table(all));
    }

    /// <summary>The bars of some trades, with a tenth more on either side.</summary>
    private static BarSeries Around(BarSeries series, ClosedTrade[] trades)
    {
        var times = series.Times.Span;
        var (first, last) = (times.BinarySearch(trades.Min(trade => trade.EntryTime)), times.BinarySearch(trades.Max(trade => trade.ExitTime)));
        (first, last) = (first < 0 ? ~first : first, last < 0 ? ~last : last);
        var margin = 1 + ((last - first) / 10);
        first = Math.Max(0, first - margin);
        return series.Slice(first, Math.Min(series.Length, last + margin) - first);
    }

    private Chart PriceChart(BarSeries series, ClosedTrade[] trades, string title)
    {
        var (times, close) = Thinning.Of(Chart.Seconds(series.Times.ToArray()), series.Close.ToArray());
        var price = new LineLayer("close", times, close) { Color = 6 };

        // Marks lie upon the price, unless there are so many that they would hide it.
        ChartLayer[] layers =
        [
            .. trades.Length > ManyTrades ? Array.Empty<ChartLayer>() : [price],
            Marks("long entry", trades.Where(trade => trade.Size > 0), isEntry: true, PointShape.Up, 0),
            Marks("short entry", trades.Where(trade => trade.Size < 0), isEntry: true, PointShape.Down, 1),
            Marks("exit", Closed(trades), isEntry: false, PointShape.Dot, 4),
            .. trades.Length > ManyTrades ? [price] : Array.Empty<ChartLayer>(),
        ];
        layers = [.. layers.Where(layer => layer is LineLayer || layer.Horizontal.Any())];
        var isLogarithmic = EquitySection.IsWide(layers.SelectMany(layer => layer.Vertical));
        return new Chart(
            $"{title}{(isLogarithmic ? ", logarithmic" : string.Empty)}",
            string.Create(CultureInfo.InvariantCulture, $"The closes of {series.Asset} and the fills of {trades.Length:#,0} trades."),
            layers)
        {
            Axis = ChartAxis.Time,
            VerticalLabel = "price",
            IsLogarithmic = isLogarithmic,
        };

        static PointLayer Marks(string name, IEnumerable<ClosedTrade> trades, bool isEntry, PointShape shape, int color)
        {
            ClosedTrade[] marked = [.. trades];
            return new PointLayer(
                name,
                Chart.Seconds(marked.Select(trade => isEntry ? trade.EntryTime : trade.ExitTime)),
                [.. marked.Select(trade => isEntry ? trade.EntryPrice : trade.ExitPrice)])
            {
                Shape = shape,
                Color = color,
            };
        }
    }

    private ReportTable Table(ClosedTrade[] all)
    {
        var rows = all.Select((trade, index) => (trade, index)).Skip(Math.Max(0, all.Length - TableRows)).Reverse().Select(pair => Row(pair.trade, pair.index));
        var open = result.OpenTrades.Count > 0 ? " Those open at the end are valued at the last close." : string.Empty;
        var count = all.Length > TableRows
            ? string.Create(CultureInfo.InvariantCulture, $"The last {TableRows} of {all.Length:#,0} trades; {BacktestFiles.Trades}.csv and .parquet, where they were written, hold all.")
            : "All trades, the last first.";
        return new ReportTable(
            ["", "asset", "size", "entry", "price", "exit", "price", "profit", "return", .. HasTags ? ["tag"] : Array.Empty<string>()],
            [.. rows],
            count + open + " Profit is in cash after commissions.")
        {
            IsDense = true,
        };
    }

    private ReportRow Row(ClosedTrade trade, int index)
    {
        var isOpen = index >= result.Trades.Count;
        return new ReportRow(
        [
            new ReportCell((index + 1).ToString(CultureInfo.InvariantCulture)),
            new ReportCell(trade.Asset),
            new ReportCell(trade.Size) { Format = "#,0.####" },
            new ReportCell(ReportTime.Text(trade.EntryTime)),
            new ReportCell(trade.EntryPrice),
            new ReportCell(isOpen ? "open" : ReportTime.Text(trade.ExitTime)),
            new ReportCell(trade.ExitPrice),
            new ReportCell(trade.ProfitLoss) { Format = "#,0.00" },
            new ReportCell(trade.Return) { Format = "0.00%", Shade = trade.Return > 0 ? 0.2 : trade.Return < 0 ? -0.2 : 0 },
            .. HasTags ? [new ReportCell(trade.Tag ?? string.Empty)] : Array.Empty<ReportCell>(),
        ]);
    }

    private IEnumerable<ClosedTrade> Closed(ClosedTrade[] trades)
    {
        var open = result.OpenTrades.ToHashSet(ReferenceEqualityComparer.Instance);
        return trades.Where(trade => !open.Contains(trade));
    }
}
