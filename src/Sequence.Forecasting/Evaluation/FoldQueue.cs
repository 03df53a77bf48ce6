using System.Runtime.ExceptionServices;

namespace Sequence.Forecasting;

/// <summary>
/// Hands fits and forecasts to workers. A forecast waits for the model of its stretch, a warm fit for the one before it.
/// A fit is begun ahead of waiting forecasts while fewer models are held than there are workers.
/// </summary>
internal sealed class FoldQueue : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _changed = new(0);
    private readonly Walk _walk;
    private readonly int _workers;
    private readonly bool _isChain;
    private readonly Stretch[] _stretches;
    private int _firstOpen;
    private int _nextFit;
    private int _limit;
    private int _highestBegun;
    private int _waiting;
    private int _running;
    private FoldFault? _fault;
    private Exception? _other;

    public FoldQueue(
        IReadOnlyList<RollingOriginFold> folds, FinishedFold?[] finished, RollingOriginOptions options, Walk walk)
    {
        _walk = walk;
        _isChain = options.RefitStart == RefitStart.Warm;
        _limit = folds.Count - 1;
        var stretches = new List<Stretch>();
        foreach (var fold in folds)
        {
            if (fold.Fit)
            {
                stretches.Add(new Stretch(fold));
            }

            if (finished[fold.Index] is null)
            {
                stretches[^1].Add(fold);
            }
        }

        // A stretch whose folds are all finished needs no model, unless a later warm fit starts from it.
        var last = stretches.FindLastIndex(stretch => stretch.Open > 0);
        _stretches = [.. stretches.Take(last + 1).Where(stretch => _isChain || stretch.Open > 0)];
        _highestBegun = _stretches.Select(stretch => stretch.Pending).FirstOrDefault(pending => pending.Count > 0)?.Peek().Index ?? 0;
        _workers = Math.Min(options.Workers, Math.Max(1, _stretches.Sum(stretch => stretch.Open)));
    }

    /// <exception cref="FoldFault">The first fold that fails, by its number.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Run(CancellationToken cancellationToken)
    {
        var others = Enumerable.Range(1, _workers - 1)
            .Select(_ => Task.Factory.StartNew(
                () => Work(cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))
            .ToArray();
        Work(cancellationToken);
        Task.WaitAll(others, CancellationToken.None);
        if ((_other ?? _fault) is { } exception)
        {
            ExceptionDispatchInfo.Throw(exception);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    public void Dispose() => _changed.Dispose();

    private void Work(CancellationToken cancellationToken)
    {
        while (Take(cancellationToken) is { } job)
        {
            Action? done = null;
            Exception? failure = null;
            try
            {
                done = job();
            }
            catch (Exception exception)
            {
                failure = exception;
            }

            lock (_gate)
            {
                done?.Invoke();
                if (failure is FoldFault fault)
                {
                    // Folds before it may fail too, and are kept if they do not; those after it are of no use.
                    _fault = _fault is null || fault.Fold < _fault.Fold ? fault : _fault;
                    _limit = Math.Min(_limit, fault.Fold - 1);
                }
                else if (failure is not null)
                {
                    _other ??= failure;
                    _limit = -1;
                }

                _running--;
                WakeAll();
            }
        }
    }

    /// <summary>The next job, which returns what to do under the lock when it is done; null when there is none any more.</summary>
    private Func<Action>? Take(CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (_gate)
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    _limit = -1;
                }
                else if (_walk.IsOutOfTime)
                {
                    _limit = Math.Min(_limit, _highestBegun);
                }

                if (NextJob() is { } job)
                {
                    _running++;
                    return job;
                }

                if (_running == 0)
                {
                    WakeAll();
                    return null;
                }

                _waiting++;
            }

            _changed.Wait(CancellationToken.None);
        }
    }

    private Func<Action>? NextJob()
    {
        while (_firstOpen < _nextFit && _stretches[_firstOpen].IsDone)
        {
            _firstOpen++;
        }

        var begun = _stretches[_firstOpen.._nextFit];
        if (begun.Count(stretch => !stretch.IsDone) < _workers && NextFit() is { } fit)
        {
            return fit;
        }

        var ready = begun.FirstOrDefault(
            stretch => stretch.Model is not null && stretch.Pending.TryPeek(out var next) && next.Index <= _limit);
        if (ready is null)
        {
            return null;
        }

        var fold = ready.Pending.Dequeue();
        var model = ready.Model!;
        _highestBegun = Math.Max(_highestBegun, fold.Index);
        return () =>
        {
            _walk.Forecast(fold, model);
            return () =>
            {
                ready.Open--;
                Release(Array.IndexOf(_stretches, ready));
            };
        };
    }

    private Func<Action>? NextFit()
    {
        if (_nextFit == _stretches.Length)
        {
            return null;
        }

        var stretch = _stretches[_nextFit];
        var before = _isChain && _nextFit > 0 ? _stretches[_nextFit - 1] : null;
        if (before is { IsFitted: false } || (_isChain ? stretch.Fold : stretch.Pending.Peek()).Index > _limit)
        {
            return null;
        }

        var index = _nextFit++;
        return () =>
        {
            var model = _walk.Fit(stretch.Fold, before?.Model);
            return () =>
            {
                stretch.Model = model;
                stretch.IsFitted = true;
                Release(index);
                Release(index - 1);
            };
        };
    }

    /// <summary>Lets go of a model that no forecast and no later fit needs.</summary>
    private void Release(int index)
    {
        if (index >= 0 && _stretches[index].IsDone &&
            (!_isChain || index + 1 == _stretches.Length || _stretches[index + 1].IsFitted))
        {
            _stretches[index].Model = null;
        }
    }

    private void WakeAll()
    {
        if (_waiting > 0)
        {
            _changed.Release(_waiting);
            _waiting = 0;
        }
    }

    /// <summary>The folds from one fit to the next.</summary>
    private sealed class Stretch(RollingOriginFold fold)
    {
        public RollingOriginFold Fold => fold;

        /// <summary>Forecasts not begun.</summary>
        public Queue<RollingOriginFold> Pending { get; } = new();

        /// <summary>Forecasts not done.</summary>
        public int Open { get; set; }

        public bool IsFitted { get; set; }

        public FittedModel? Model { get; set; }

        public bool IsDone => IsFitted && Open == 0;

        public void Add(RollingOriginFold one)
        {
            Pending.Enqueue(one);
            Open++;
        }
    }
}
