using Sequence.Data;

namespace Sequence.Backtesting;

/// <summary>One run of a strategy over a market.</summary>
internal sealed class BacktestRun
{
    private const int BarsBetweenCancellationChecks = 1024;

    private readonly Strategy _strategy;
    private readonly Broker _broker;
    private readonly StrategySetup _setup;
    private readonly StrategyContext _context;
    private readonly double[] _equity;
    private (Indicator Indicator, int Asset)[] _indicators = [];
    private int _warmUpBar = -1;

    public BacktestRun(Market market, Strategy strategy, BacktestOptions options, Action<Decision>? decided)
    {
        _strategy = strategy;
        _broker = options.Profile == ExecutionProfile.BacktestingPy
            ? new BacktestingPyBroker(market, options)
            : new StandardBroker(market, options);
        _broker.Decided = decided;
        _setup = new StrategySetup(market);
        _context = new StrategyContext(_broker);
        _equity = new double[market.Length];
    }

    public BacktestResult Run(CancellationToken cancellationToken)
    {
        var market = _broker.Market;
        var everyBar = Start();

        // backtesting.py takes its first decision one bar after the indicators have their first value.
        var wait = _broker.Options.Profile == ExecutionProfile.BacktestingPy ? 1 : 0;
        for (var bar = 0; bar < market.Length; bar++)
        {
            if (bar % BarsBetweenCancellationChecks == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            _broker.MoveTo(bar);
            UpdateIndicators();
            var isWarm = _warmUpBar >= 0 && bar >= _warmUpBar + wait;
            if (_warmUpBar < 0 && bar >= _setup.WarmUp && IndicatorsAreReady())
            {
                _warmUpBar = bar;
                isWarm = wait == 0;
            }

            if (!isWarm)
            {
                _equity[bar] = _broker.Options.Cash;
                continue;
            }

            _broker.ProcessBar();
            _equity[bar] = _broker.Equity;
            if (_broker.IsBankrupt)
            {
                _equity.AsSpan(bar).Fill(_broker.Equity);
                break;
            }

            Decide(everyBar, bar);
        }

        if (_warmUpBar < 0 || _warmUpBar + wait >= market.Length)
        {
            throw new DataFormatException(
                $"Strategy '{_strategy.Name}' has made no decision in the {market.Length} bars of the market: its indicators or its " +
                "warm-up need more. Give more bars or shorter look-backs.");
        }

        if (!_broker.IsBankrupt)
        {
            _broker.Finish();
            _equity[^1] = _broker.Equity;
        }

        return Result(market.Length);
    }

    private Action<StrategyContext> Start()
    {
        try
        {
            var everyBar = _strategy.Start(_setup);
            _indicators = _setup.Indicators;
            return everyBar;
        }
        catch (Exception cause) when (cause is not OperationCanceledException)
        {
            throw new StrategyException(_strategy.Name, 0, _broker.Market.Times.Span[0], null, cause);
        }
    }

    private void Decide(Action<StrategyContext> everyBar, int bar)
    {
        try
        {
            everyBar(_context);
        }
        catch (Exception cause) when (cause is not OperationCanceledException)
        {
            throw new StrategyException(_strategy.Name, bar, _broker.Time, Result(bar + 1), cause);
        }

        _broker.AfterDecision();
        _equity[bar] = _broker.Equity;
    }

    private void UpdateIndicators()
    {
        foreach (var (indicator, asset) in _indicators)
        {
            var book = _broker.Books[asset];
            if (book.HasBar)
            {
                indicator.Update(new Bar(_broker.Time, book.Open, book.High, book.Low, book.Close, book.Volume));
            }
        }
    }

    private bool IndicatorsAreReady()
    {
        foreach (var (indicator, _) in _indicators)
        {
            if (double.IsNaN(indicator.Value))
            {
                return false;
            }
        }

        return true;
    }

    private BacktestResult Result(int bars)
    {
        var open = new List<ClosedTrade>();
        foreach (var book in _broker.Books)
        {
            for (var trade = book.FirstTrade; trade is not null; trade = trade.Next)
            {
                open.Add(AsIfClosed(trade, bars - 1));
            }
        }

        _broker.Ledger.Unrealised = open.Sum(trade => trade.Size * (trade.ExitPrice - trade.EntryPrice));
        return new BacktestResult(
            _strategy.Name,
            new EquityCurve(_broker.Market.Times[..bars], _equity.AsMemory(0, bars)),
            _broker.ClosedTrades,
            open,
            _broker.Fills,
            _broker.Events,
            _broker.Ledger,
            Math.Max(_warmUpBar, 0));
    }

    private ClosedTrade AsIfClosed(Trade trade, int bar)
    {
        var gross = trade.UnrealisedProfitLoss;
        return new ClosedTrade(
            trade.Asset,
            trade.Size,
            trade.EntryBar,
            bar,
            _broker.Market.Times.Span[trade.EntryBar],
            _broker.Market.Times.Span[bar],
            trade.EntryPrice,
            trade.Book.Mark,
            trade.StopLoss,
            trade.TakeProfit,
            trade.EntryCommission,
            gross - trade.EntryCommission,
            (gross - trade.EntryCommission) / (Math.Abs(trade.Size) * trade.EntryPrice),
            trade.Tag);
    }
}
