using Orleans.Concurrency;
using Sequence.Daemon.Storage;
using Sequence.Daemon.Watching;

namespace Sequence.Daemon.Engine;

/// <summary>One series, addressed by its identifier. Calls of one series are done one after the other.</summary>
internal interface ISeriesGrain : IGrainWithStringKey
{
    /// <summary>Appends observations; completes when they are durable and the forecast is fresh.</summary>
    /// <exception cref="DaemonException">
    /// The batch is refused and nothing of it stored; or the store fails, and sending the batch again is safe.
    /// </exception>
    Task<AppendReceipt> AppendAsync(Immutable<Measurement[]> batch);

    /// <summary>The forecast from the last observation.</summary>
    /// <param name="horizon">Steps ahead; null for what the series was created with.</param>
    /// <param name="levels">Coverage in percent; null likewise.</param>
    /// <exception cref="DaemonException">There is none yet, or not of this horizon or these levels.</exception>
    Task<CurrentForecast> ForecastAsync(int? horizon, double[]? levels);

    /// <summary>Issues the forecast from the last observation, where it was not yet: its schedule has come round.</summary>
    /// <param name="knownBefore">Only when the last observation came before this; a later one waits for the next round. Null for any.</param>
    /// <exception cref="DaemonException">The store cannot be read, or the series is gone.</exception>
    Task IssueAsync(DateTimeOffset? knownBefore);

    /// <summary>What the series' state is.</summary>
    Task<SeriesStatus> StatusAsync();

    /// <summary>How well the series is forecast.</summary>
    Task<WatchReport> WatchAsync();
}
