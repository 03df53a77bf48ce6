using System.Runtime.CompilerServices;
using Microsoft.Extensions.Hosting;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Events;

/// <summary>
/// New forecasts as they come, with a null whenever nothing else was told for the time of a heartbeat, and first of all. Ends
/// when the daemon stops or the subscriber is dropped.
/// </summary>
internal sealed class ForecastStream(
    ForecastFeed feed, IObservationStore store, EventOptions options, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    /// <summary>How many forecasts back a subscriber can go on from; older ones are in the history.</summary>
    public const int LongestResume = 1000;

    private const int LongestPage = 100;

    /// <summary>Subscribes to several series, or to all; from now on, without numbers.</summary>
    /// <param name="series">The series wanted; null for all.</param>
    /// <param name="dropped">Called once when the subscriber does not keep up.</param>
    /// <exception cref="DaemonException">There are too many subscribers.</exception>
    public ForecastSubscription Subscribe(IReadOnlySet<string>? series, Action dropped) => feed.Subscribe(series, dropped);

    /// <summary>Tells what a subscription receives.</summary>
    public async IAsyncEnumerable<ForecastEvent?> FollowAsync(
        ForecastSubscription subscription, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ending = Ending(cancellationToken);
        yield return null;
        while (await NextAsync(subscription, ending.Token) is { } isForecast)
        {
            if (!isForecast)
            {
                yield return null;
            }

            while (!ending.IsCancellationRequested && subscription.Waiting.TryRead(out var issued))
            {
                yield return ForecastEvent.Of(issued);
            }
        }
    }

    /// <summary>
    /// Tells the forecasts of one series as they are stored, each once and in order, with their numbers; those that another process
    /// stored within the time of a heartbeat.
    /// </summary>
    /// <param name="subscription">Of this series.</param>
    /// <param name="id">The series.</param>
    /// <param name="after">The number after which to begin, at most <see cref="LongestResume"/> forecasts ago; null from now on.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<ForecastEvent?> FollowAsync(
        ForecastSubscription subscription, string id, long? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ending = Ending(cancellationToken);
        var last = after ?? (await store.ReadForecastsAsync(id, null, 1, cancellationToken) is [var newest, ..] ? newest.Number : 0);
        yield return null;
        while (true)
        {
            // What waits says only that the store has more; one look takes all of it.
            while (subscription.Waiting.TryRead(out _))
            {
            }

            foreach (var record in await NewerAsync(id, last, cancellationToken))
            {
                if (ending.IsCancellationRequested)
                {
                    yield break;
                }

                last = record.Number;
                yield return ForecastEvent.Of(record.Issued, record.Number);
            }

            // A heartbeat is a look into the store too: another process may have stored a forecast.
            switch (await NextAsync(subscription, ending.Token))
            {
                case null:
                    yield break;
                case false:
                    yield return null;
                    break;
            }
        }
    }

    private CancellationTokenSource Ending(CancellationToken cancellationToken) =>
        CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);

    /// <summary>True when a forecast waits, false when it is time for a heartbeat, null at the end.</summary>
    private async Task<bool?> NextAsync(ForecastSubscription subscription, CancellationToken ending)
    {
        using var heartbeat = new CancellationTokenSource(options.Heartbeat, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(heartbeat.Token, ending);
        try
        {
            return await subscription.Waiting.WaitToReadAsync(either.Token) ? true : null;
        }
        catch (OperationCanceledException)
        {
            return ending.IsCancellationRequested ? null : false;
        }
    }

    /// <summary>
    /// The newest forecasts after a number, oldest first. Reading one costs as much as its outcomes, and at a heartbeat there is none as a
    /// rule: so one is read first, and twice as many each time that all were new.
    /// </summary>
    private async Task<List<ForecastRecord>> NewerAsync(string id, long last, CancellationToken cancellationToken)
    {
        List<ForecastRecord> newer = [];
        long? before = null;
        for (var size = 1; ; size = Math.Min(Math.Min(2 * size, LongestPage), LongestResume - newer.Count))
        {
            var page = await store.ReadForecastsAsync(id, before, size, cancellationToken);
            newer.AddRange(page.TakeWhile(record => record.Number > last));
            if (page.Count < size || page[^1].Number <= last || newer.Count == LongestResume)
            {
                newer.Reverse();
                return newer;
            }

            before = page[^1].Number;
        }
    }
}
