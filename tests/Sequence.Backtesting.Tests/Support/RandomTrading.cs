namespace Sequence.Backtesting.Tests;

/// <summary>Markets, accounts and order streams drawn from a seed, for laws that hold for all of them.</summary>
internal sealed class RandomTrading(uint seed)
{
    private readonly Random _random = new((int)seed);

    public int Bars { get; } = 24;

    public Market Market(int assets)
    {
        var series = Enumerable.Range(0, assets).Select(index => Series($"A{index}")).ToArray();
        var splits = new List<Split>();
        var dividends = new List<Dividend>();
        foreach (var one in series.Where(one => one.Length > 6))
        {
            if (_random.Next(3) == 0)
            {
                splits.Add(new Split(one.Asset, one.Times.Span[_random.Next(2, one.Length)], Pick(2.0, 3, 0.5, 1.5)));
            }

            if (_random.Next(3) == 0)
            {
                dividends.Add(new Dividend(one.Asset, one.Times.Span[_random.Next(2, one.Length)], 0.5));
            }
        }

        return new Market(series, splits, dividends);
    }

    public BacktestOptions Options() => new()
    {
        Cash = Pick(1_000.0, 10_000, 100_000),
        Commission = Pick(Commission.None, Commission.Rate(0.002), Commission.PerShare(0.01, 1), Commission.FixedAndRate(2, -0.0005),
            Commission.Tiered([new CommissionTier(0, 0.003), new CommissionTier(20_000, 0.001)])),
        Slippage = Pick(Slippage.None, Slippage.Fixed(0.03), Slippage.Rate(0.001), Slippage.VolumeShare(), Slippage.SquareRoot(0.5, 3)),
        Spread = Pick(0, 0.002),
        InitialMargin = Pick(1, 0.5, 0.1),
        MaintenanceMargin = Pick<double?>(null, 0, 0.05),
        BorrowRate = Pick(0, 0.05),
        FinancingRate = Pick(0, 0.08),
        PositionMode = Pick(PositionMode.Netting, PositionMode.Hedging),
        TradeOnClose = _random.Next(5) == 0,
        ExclusiveOrders = _random.Next(6) == 0,
        CloseAtEnd = _random.Next(2) == 0,
        AllowShort = _random.Next(4) != 0,
        LotSize = Pick(1, 0, 0.01),
        VolumeLimit = Pick<double?>(null, 0.05),
    };

    /// <summary>A strategy that places, cancels and closes at random; <paramref name="check"/> sees the account after every bar.</summary>
    public Strategy Strategy(Action<StrategyContext>? check = null) => new("random", context =>
    {
        check?.Invoke(context);
        foreach (var asset in context.Assets)
        {
            if (asset.Bars > 0 && _random.Next(2) == 0)
            {
                Act(context, asset);
            }
        }
    });

    private void Act(StrategyContext context, AssetContext asset)
    {
        switch (_random.Next(8))
        {
            case 0:
                asset.ClosePosition(Pick(1, 0.5, 0.25));
                break;
            case 1:
                asset.CancelOrders();
                break;
            case 2 when asset.TradeCount > 0:
                asset.Trades.First().SetStopLoss(asset.Price * Pick(0.97, 1.03));
                break;
            case 3:
                var first = Place(asset);
                var second = Place(asset);
                if (first.Status == OrderStatus.Open && second.Status == OrderStatus.Open)
                {
                    context.OneCancelsOther(first, second);
                }

                break;
            default:
                Place(asset);
                break;
        }
    }

    private Order Place(AssetContext asset)
    {
        var buys = _random.Next(2) == 0;
        var sign = buys ? 1 : -1;
        var price = asset.Price;
        var kind = _random.Next(7);
        double? stop = kind is 2 or 3 ? price * (1 + (sign * 0.01)) : null;
        double? limit = kind switch
        {
            1 => price * (1 - (sign * 0.01)),
            3 => price * (1 + (sign * Pick(0.005, 0.01, 0.02))),
            _ => null,
        };
        var entry = limit ?? stop ?? price;
        var request = new OrderRequest
        {
            Size = _random.Next(3) == 0 ? OrderSize.Fraction(Pick(1, 0.5, 0.1)) : OrderSize.Units(_random.Next(1, 60)),
            Limit = limit,
            Stop = stop,
            Trail = kind == 4 ? Pick(TrailingDistance.Fraction(0.02), TrailingDistance.Amount(1)) : null,
            AtClose = kind == 5,
            StopLoss = _random.Next(3) == 0 ? entry * (1 - (sign * 0.02)) : null,
            TakeProfit = _random.Next(3) == 0 ? entry * (1 + (sign * 0.02)) : null,
            ReduceToMargin = _random.Next(2) == 0,
            TimeInForce = Pick(TimeInForce.GoodTillCancelled, TimeInForce.Day, TimeInForce.ImmediateOrCancel),
        };
        return buys ? asset.Buy(request) : asset.Sell(request);
    }

    private BarSeries Series(string asset)
    {
        var time = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var price = 20 + (80 * _random.NextDouble());
        var bars = new List<Bar>();
        for (var index = 0; index < Bars; index++)
        {
            if (asset != "A0" && _random.Next(5) == 0)
            {
                continue;
            }

            var open = price * (1 + (0.02 * (_random.NextDouble() - 0.5)));
            var close = open * (1 + (0.06 * (_random.NextDouble() - 0.5)));
            bars.Add(new Bar(
                time.AddDays(index),
                open,
                Math.Max(open, close) * (1 + (0.02 * _random.NextDouble())),
                Math.Min(open, close) * (1 - (0.02 * _random.NextDouble())),
                close,
                _random.Next(0, 2_000)));
            price = close;
        }

        return BarSeries.FromBars(asset, bars);
    }

    private T Pick<T>(params ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];
}
