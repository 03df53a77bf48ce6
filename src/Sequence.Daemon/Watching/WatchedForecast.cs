using Sequence.Forecasting;

namespace Sequence.Daemon.Watching;

/// <summary>An issued forecast whose outcomes come in. Steps of which there is no observation are left out.</summary>
internal sealed class WatchedForecast
{
    private readonly Forecast _forecast;
    private readonly int[] _intervals;
    private int _next;
    private double _absolute;
    private double _squared;
    private double _signed;

    /// <param name="forecast">The forecast.</param>
    /// <param name="levels">The levels to watch.</param>
    /// <param name="number">Its number in the store; null where that is not known.</param>
    public WatchedForecast(Forecast forecast, double[] levels, long? number = null)
    {
        _forecast = forecast;
        Number = number;
        _intervals = Array.ConvertAll(levels, level => forecast.Intervals.ToList().FindIndex(interval => interval.Level == level));
        Missed = new int[levels.Length];
    }

    public DateTimeOffset Origin => _forecast.Origin;

    /// <summary>Its number in the store; null where that is not known.</summary>
    public long? Number { get; }

    public DateTimeOffset Last => _forecast.Timestamps[^1];

    /// <summary>Steps whose outcome is known.</summary>
    public int Steps { get; private set; }

    /// <summary>Steps outside their interval, by level.</summary>
    public int[] Missed { get; }

    /// <summary>Whether the forecast has an interval of a level.</summary>
    public bool Has(int level) => _intervals[level] >= 0;

    public void Observe(DateTimeOffset time, double value)
    {
        while (_next < _forecast.Horizon && _forecast.Timestamps[_next] < time)
        {
            _next++;
        }

        if (_next == _forecast.Horizon || _forecast.Timestamps[_next] != time)
        {
            return;
        }

        var error = _forecast.Mean[_next] - value;
        _absolute += Math.Abs(error);
        _squared += error * error;
        _signed += error;
        for (var level = 0; level < _intervals.Length; level++)
        {
            if (Has(level) && _forecast.Intervals[_intervals[level]] is var interval && (value < interval.Lower[_next] || value > interval.Upper[_next]))
            {
                Missed[level]++;
            }
        }

        Steps++;
        _next++;
    }

    public WatchedErrors Errors() => new(Steps, (float)(_absolute / Steps), (float)Math.Sqrt(_squared / Steps), (float)(_signed / Steps));
}
