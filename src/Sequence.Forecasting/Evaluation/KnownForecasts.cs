namespace Sequence.Forecasting;

/// <summary>The forecasts of the current model, each held back until its target has come.</summary>
internal sealed class KnownForecasts
{
    private readonly PriorityQueue<ForecastRow, (DateTimeOffset Target, int Order)> _waiting = new();
    private List<ForecastRow> _known = [];
    private int _order;

    /// <summary>Forgets everything: another model forecasts from here on.</summary>
    public void Clear()
    {
        _waiting.Clear();
        _known = [];
    }

    public void Add(IReadOnlyList<ForecastRow> rows)
    {
        foreach (var row in rows)
        {
            _waiting.Enqueue(row, (row.Timestamp, _order++));
        }
    }

    /// <summary>Those whose target lies at or before the moment, in order of the target.</summary>
    public IReadOnlyList<ForecastRow> UpTo(DateTimeOffset moment)
    {
        while (_waiting.TryPeek(out _, out var next) && next.Target <= moment)
        {
            _known.Add(_waiting.Dequeue());
        }

        return _known.AsReadOnly();
    }
}
