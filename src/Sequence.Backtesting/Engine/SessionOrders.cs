namespace Sequence.Backtesting;

/// <summary>Sessions of a market and the orders that do not outlive them.</summary>
internal sealed class SessionOrders(Market market, TradingCalendar? calendar)
{
    private readonly List<Order> _immediate = [];
    private readonly List<Order> _fresh = [];
    private readonly List<Order> _today = [];
    private readonly List<Order> _ended = [];
    private DateOnly? _session;
    private bool _isKnown;
    private int _bar;

    /// <summary>Whether orders can be filled now.</summary>
    public bool IsOpen => calendar is null || Session is not null;

    /// <summary>Whether the session has no further bar.</summary>
    public bool IsLastBar => Session is { } session && (_bar + 1 >= market.Length || SessionAt(_bar + 1) != session);

    /// <summary>The day of the bar's session, worked out when somebody asks; null when the market is closed.</summary>
    private DateOnly? Session
    {
        get
        {
            if (!_isKnown)
            {
                _session = SessionAt(_bar);
                _isKnown = true;
            }

            return _session;
        }
    }

    public void MoveTo(int bar)
    {
        _bar = bar;
        _isKnown = false;
    }

    public void Add(Order order)
    {
        if (order.TimeInForce == TimeInForce.ImmediateOrCancel)
        {
            _immediate.Add(order);
        }
        else if (order.TimeInForce == TimeInForce.Day)
        {
            _fresh.Add(order);
        }
    }

    /// <summary>Day orders of a session that has ended. Those placed since then begin to count.</summary>
    public List<Order> Expiring()
    {
        _ended.Clear();
        if (_today.Count > 0 && Session is { } session && _today[0].ActiveSession != session)
        {
            _ended.AddRange(_today);
            _today.Clear();
        }

        if (_fresh.Count == 0 || !IsOpen)
        {
            return _ended;
        }

        foreach (var order in _fresh)
        {
            if (order.Book.Trades)
            {
                order.ActiveSession = Session;
                _today.Add(order);
            }
        }

        _fresh.RemoveAll(order => order.ActiveSession is not null);
        return _ended;
    }

    /// <summary>Immediate-or-cancel orders that have had their bar.</summary>
    public List<Order> Unfilled()
    {
        _ended.Clear();
        if (_immediate.Count > 0)
        {
            _ended.AddRange(_immediate.Where(order => order.Book.Trades && order.DecisionBar < _bar));
            _immediate.RemoveAll(order => !order.IsOpen || (order.Book.Trades && order.DecisionBar < _bar));
        }

        return _ended;
    }

    private DateOnly? SessionAt(int bar)
    {
        var time = market.Times.Span[bar];
        return calendar is null ? DateOnly.FromDayNumber((int)(time.UtcTicks / TimeSpan.TicksPerDay)) : calendar.SessionOf(time);
    }
}
