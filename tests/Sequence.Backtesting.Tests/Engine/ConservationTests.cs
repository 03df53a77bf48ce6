namespace Sequence.Backtesting.Tests.Engine;

/// <summary>No order stream makes or loses money but by prices and costs.</summary>
[TestClass]
public sealed class ConservationTests
{
    /// <summary>
    /// cash + position value = start + realised + unrealised - costs, recomputed from the fills, over 10,000 random order
    /// streams through all kinds of orders, costs and accounts.
    /// </summary>
    [TestMethod]
    public void Run_OverTenThousandRandomOrderStreams_ConservesCash()
    {
        Parallel.For(0, 10_000, stream =>
        {
            var trading = new RandomTrading((uint)stream);
            var market = trading.Market(1 + (stream % 3));
            var options = trading.Options();
            var result = Backtest.Run(market, trading.Strategy(), options);
            var ledger = result.Ledger;
            var costs = ledger.Commissions + ledger.Borrow + ledger.Financing - ledger.Dividends;
            var expected = options.Cash + ledger.Realised + ledger.Unrealised - costs;
            Assert.AreEqual(expected, result.Equity.Values.Span[^1], 1e-6, $"stream {stream}");

            var closed = result.Trades.Sum(trade => trade.ProfitLoss) + result.OpenTrades.Sum(trade => trade.ProfitLoss);
            var others = ledger.Borrow + ledger.Financing - ledger.Dividends;
            Assert.AreEqual(options.Cash + closed - others, result.Equity.Values.Span[^1], 1e-6, $"stream {stream}, from its trades");
            if (market.Splits.Count == 0)
            {
                var cash = options.Cash - others - result.Fills.Sum(fill => (fill.Size * fill.Price) + fill.Commission);
                var held = result.OpenTrades.Sum(trade => trade.Size * trade.ExitPrice);
                Assert.AreEqual(cash + held, result.Equity.Values.Span[^1], 1e-6, $"stream {stream}, from its fills");
                foreach (var asset in market.Assets)
                {
                    var filled = result.Fills.Where(fill => fill.Asset == asset.Asset).Sum(fill => fill.Size);
                    var open = result.OpenTrades.Where(trade => trade.Asset == asset.Asset).Sum(trade => trade.Size);
                    Assert.AreEqual(open, filled, 1e-6, $"stream {stream}, units of {asset.Asset}");
                }
            }
        });
    }

    /// <summary>A fill's price is one the bar has traded at.</summary>
    [TestMethod]
    public void Run_OverRandomOrderStreamsWithoutSpreadOrSlippage_FillsInsideTheBar()
    {
        for (var stream = 0; stream < 2_000; stream++)
        {
            var trading = new RandomTrading((uint)stream);
            var market = trading.Market(1 + (stream % 3));
            var options = trading.Options() with { Spread = 0, Slippage = Slippage.None, TradeOnClose = false };
            var result = Backtest.Run(market, trading.Strategy(), options);
            foreach (var fill in result.Fills)
            {
                var series = market[fill.Asset];
                var index = series.Times.Span.BinarySearch(fill.Time);
                if (index < 0)
                {
                    // Closed by the account's end, at the asset's last price.
                    Assert.IsTrue(fill.Bar == market.Length - 1 || IsBankrupt(result), $"stream {stream}: {fill}");
                    continue;
                }

                var bar = series[index];
                Assert.IsTrue(fill.Price >= bar.Low - 1e-9 && fill.Price <= bar.High + 1e-9, $"stream {stream}: {fill} in {bar}");
            }
        }

        static bool IsBankrupt(BacktestResult result) => result.Events.Any(happened => happened.Kind == BacktestEventKind.Bankruptcy);
    }

    [TestMethod]
    public void Run_Twice_GivesTheSame()
    {
        for (var stream = 0; stream < 200; stream++)
        {
            var first = Once((uint)stream);
            var second = Once((uint)stream);
            CollectionAssert.AreEqual(first.Equity.Values.ToArray(), second.Equity.Values.ToArray());
            CollectionAssert.AreEqual(first.Trades.ToArray(), second.Trades.ToArray());
        }

        static BacktestResult Once(uint seed)
        {
            var trading = new RandomTrading(seed);
            return Backtest.Run(trading.Market(2), trading.Strategy(), trading.Options());
        }
    }
}
