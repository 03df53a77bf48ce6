using System.Collections.Concurrent;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Events;

/// <summary>
/// Passes the forecasts stored by this process on to those who wait for them. Publishing never waits: a subscriber that does
/// not keep up is dropped. Thread-safe.
/// </summary>
internal sealed class ForecastFeed(EventOptions options)
{
    private readonly ConcurrentDictionary<ForecastSubscription, bool> _subscribers = new();
    private int _count;

    /// <summary>Tells a forecast, once it is stored.</summary>
    public void Publish(IssuedForecast forecast)
    {
        foreach (var (subscriber, _) in _subscribers)
        {
            subscriber.Offer(forecast);
        }
    }

    /// <summary>Subscribes until the subscription is disposed.</summary>
    /// <param name="series">The series wanted; null for all.</param>
    /// <param name="dropped">Called once when the subscriber does not keep up.</param>
    /// <exception cref="DaemonException">There are as many subscribers as there may be.</exception>
    public ForecastSubscription Subscribe(IReadOnlySet<string>? series, Action dropped)
    {
        if (Interlocked.Increment(ref _count) > options.MostSubscribers)
        {
            Interlocked.Decrement(ref _count);
            throw new DaemonException(
                DaemonFault.Unavailable, $"There are {options.MostSubscribers} subscribers, as many as there may be; try again later.");
        }

        var subscription = new ForecastSubscription(series, options.Backlog, dropped, Leave);
        _subscribers[subscription] = true;
        return subscription;
    }

    private void Leave(ForecastSubscription subscription)
    {
        if (_subscribers.TryRemove(subscription, out _))
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
