using System.Threading.Channels;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Events;

/// <summary>What waits for one subscriber, up to a bound.</summary>
internal sealed class ForecastSubscription : IDisposable
{
    private readonly Channel<IssuedForecast> _waiting;
    private readonly IReadOnlySet<string>? _series;
    private readonly Action _dropped;
    private readonly Action<ForecastSubscription> _leave;

    public ForecastSubscription(IReadOnlySet<string>? series, int backlog, Action dropped, Action<ForecastSubscription> leave)
    {
        _series = series;
        _dropped = dropped;
        _leave = leave;
        _waiting = Channel.CreateBounded<IssuedForecast>(new BoundedChannelOptions(backlog) { SingleReader = true });
    }

    /// <summary>Ends when the subscriber is dropped.</summary>
    public ChannelReader<IssuedForecast> Waiting => _waiting.Reader;

    /// <summary>Adds a forecast that is wanted; without room for it the subscriber is dropped.</summary>
    public void Offer(IssuedForecast forecast)
    {
        if ((_series is null || _series.Contains(forecast.Forecast.SeriesId)) && !_waiting.Writer.TryWrite(forecast)
            && _waiting.Writer.TryComplete())
        {
            _leave(this);
            _dropped();
        }
    }

    public void Dispose()
    {
        // From here on nothing is offered, so that nobody is dropped who has left.
        _waiting.Writer.TryComplete();
        _leave(this);
    }
}
