namespace Sequence.Daemon.Engine;

/// <summary>
/// Counts the series in memory, and gives memory back to the system once many have left it. The collector would keep it: it runs when memory is asked
/// for, and where the series are idle nobody asks. Thread-safe.
/// </summary>
internal sealed class IdleMemory : IDisposable
{
    // Fewer hold less than the runtime itself.
    private const int Many = 1_000;

    // Series that are idle together leave together; one collection is to find most of them gone.
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Action _collect;
    private readonly ITimer _timer;
    private int _active;
    private int _most;
    private bool _waits;

    public IdleMemory(TimeProvider clock)
        : this(clock, () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true))
    {
    }

    /// <param name="clock">Times the wait.</param>
    /// <param name="collect">Gives the memory back.</param>
    internal IdleMemory(TimeProvider clock, Action collect)
    {
        _collect = collect;
        _timer = clock.CreateTimer(_ => GiveBack(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Series in memory.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>Notes that a series is in memory.</summary>
    public void Enter()
    {
        lock (_lock)
        {
            _most = Math.Max(_most, ++_active);
        }
    }

    /// <summary>
    /// Notes that a series leaves memory. It is given back a little after half of those that were there have left since the
    /// last time, so that series which come and go all the time never pay for it.
    /// </summary>
    public void Leave()
    {
        lock (_lock)
        {
            _active--;
            if (!_waits && _most >= Many && _active <= _most / 2)
            {
                _waits = true;
                _timer.Change(Wait, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private void GiveBack()
    {
        lock (_lock)
        {
            _waits = false;
            _most = _active;
        }

        _collect();
    }
}
