using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Tests;

/// <summary>The daemon's store, to whose appends can be said that it does not work.</summary>
[SuppressMessage("Performance", "CA1852", Justification = "The proxy is made as a class derived from this one.")]
internal class BreakableStore : DispatchProxy
{
    private readonly TaskCompletionSource _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Lock _lock = new();
    private IObservationStore? _inner;
    private TaskCompletionSource? _hold;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Appends that wait at the moment.</summary>
    public int Holding { get; private set; }

    /// <summary>How many have waited at a time.</summary>
    public int MostHeld { get; private set; }

    public bool IsAway { get; set; } = true;

    /// <summary>How many appends succeed before it is away.</summary>
    public int? Passing { get; set; }

    /// <summary>Whether it does not work at all, not for reading either.</summary>
    public bool IsGone { get; set; }

    /// <summary>How many forecasts were asked for at a time, in the order of asking.</summary>
    public ConcurrentQueue<int> ForecastsAsked { get; } = new();

    /// <summary>Names of what was asked of it while it was gone.</summary>
    public ConcurrentBag<string> RefusedWhileGone { get; } = [];

    /// <summary>Ends at the first append that was refused.</summary>
    public Task Refused => _refused.Task;

    /// <summary>Puts itself before the store of a daemon that is being built.</summary>
    public static BreakableStore Replace(IServiceCollection services)
    {
        var proxy = Create<IObservationStore, BreakableStore>();
        var store = (BreakableStore)(object)proxy;
        store._inner = (IObservationStore)services.Last(one => one.ServiceType == typeof(IObservationStore)).ImplementationInstance!;
        services.Replace(ServiceDescriptor.Singleton(proxy));
        return store;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (IsGone)
        {
            RefusedWhileGone.Add(targetMethod!.Name);
            throw new DaemonException(DaemonFault.Unavailable, "The store is gone.");
        }

        if (string.Equals(targetMethod!.Name, nameof(IObservationStore.ReadForecastsAsync), StringComparison.Ordinal))
        {
            ForecastsAsked.Enqueue((int)args![2]!);
        }

        if (!string.Equals(targetMethod.Name, nameof(IObservationStore.AppendAsync), StringComparison.Ordinal))
        {
            return targetMethod.Invoke(_inner, args);
        }

        if (Passing is { } left)
        {
            (IsAway, Passing) = (left == 0, Math.Max(0, left - 1));
        }

        if (IsAway)
        {
            _refused.TrySetResult();
            throw new DaemonException(DaemonFault.Unavailable, "The store is away.");
        }

        return LaterAsync();

        async Task<AppendResult> LaterAsync()
        {
            if (_hold is not null)
            {
                Count(1);
                await _hold.Task;
                Count(-1);
            }

            return await (Task<AppendResult>)targetMethod.Invoke(_inner, args)!;
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
