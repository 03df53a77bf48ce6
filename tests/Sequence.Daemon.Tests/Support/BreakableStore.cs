using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Tests;

/// <summary>The daemon's store, to whose appends can be said that it does not work.</summary>
internal sealed class BreakableStore(IObservationStore inner) : IObservationStore
{
    private readonly TaskCompletionSource _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Lock _lock = new();
    private TaskCompletionSource? _hold;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Appends that wait at the moment.</summary>
    public int Holding { get; private set; }

    /// <summary>How many have waited at a time.</summary>
    public int MostHeld { get; private set; }

    public bool IsAway { get; set; } = true;

    /// <summary>Ends at the first append that was refused.</summary>
    public Task Refused => _refused.Task;

    public Task Completion => inner.Completion;

    public string? WriteFault => inner.WriteFault;

    /// <summary>Puts itself before the store of a daemon that is being built.</summary>
    public static BreakableStore Replace(IServiceCollection services)
    {
        var store = new BreakableStore((IObservationStore)services.Last(one => one.ServiceType == typeof(IObservationStore)).ImplementationInstance!);
        services.Replace(ServiceDescriptor.Singleton<IObservationStore>(store));
        return store;
    }

    public Task<AppendOutcome[]> AppendAsync(string id, IReadOnlyList<Measurement> batch, CancellationToken cancellationToken = default)
    {
        if (IsAway)
        {
            _refused.TrySetResult();
            throw new DaemonException(DaemonFault.Unavailable, "The store is away.");
        }

        return _hold is null ? inner.AppendAsync(id, batch, cancellationToken) : LaterAsync();

        async Task<AppendOutcome[]> LaterAsync()
        {
            Count(1);
            await _hold.Task;
            Count(-1);
            return await inner.AppendAsync(id, batch, cancellationToken);
        }
    }

    /// <summary>Lets appends wait until what is returned is disposed.</summary>
    public IDisposable Hold()
    {
        _hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return new Release(_hold);
    }

    /// <summary>Ends when so many appends wait.</summary>
    public async Task HoldsAsync(int count)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (Holding >= count)
                {
                    return;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(TimeSpan.FromSeconds(20));
        }
    }

    public Task ProbeAsync(CancellationToken cancellationToken = default) => inner.ProbeAsync(cancellationToken);

    public Task<bool> CreateAsync(SeriesDefinition series, CancellationToken cancellationToken = default) => inner.CreateAsync(series, cancellationToken);

    public Task<SeriesDefinition?> FindAsync(string id, CancellationToken cancellationToken = default) => inner.FindAsync(id, cancellationToken);

    public Task<IReadOnlyList<SeriesDefinition>> ListAsync(string? after, int limit, CancellationToken cancellationToken = default) =>
        inner.ListAsync(after, limit, cancellationToken);

    public Task<IReadOnlyList<Observation>> ReadAsync(string id, ObservationQuery query, CancellationToken cancellationToken = default) =>
        inner.ReadAsync(id, query, cancellationToken);

    public Task<IReadOnlyList<Observation>> ReadNewestAsync(string id, int count, CancellationToken cancellationToken = default) =>
        inner.ReadNewestAsync(id, count, cancellationToken);

    public Task RecordAsync(IssuedForecast forecast, CancellationToken cancellationToken = default) => inner.RecordAsync(forecast, cancellationToken);

    public Task<IReadOnlyList<ForecastRecord>> ReadForecastsAsync(string id, long? before, int limit, CancellationToken cancellationToken = default) =>
        inner.ReadForecastsAsync(id, before, limit, cancellationToken);

    /// <summary>The store is the daemon's, which disposes of it.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Count(int change)
    {
        lock (_lock)
        {
            Holding += change;
            MostHeld = Math.Max(MostHeld, Holding);
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private sealed class Release(TaskCompletionSource hold) : IDisposable
    {
        public void Dispose() => hold.TrySetResult();
    }
}
