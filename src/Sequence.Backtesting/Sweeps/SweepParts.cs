namespace Sequence.Backtesting;

/// <summary>
/// The trials of a sweep cut into parts. Workers take the next trial each, in order, so that a part is done soon after the one before it; who
/// does the last trial of a part writes it.
/// </summary>
internal sealed class SweepParts
{
    private readonly IReadOnlyList<ParameterSet> _trials;
    private readonly int _partTrials;
    private readonly SweepFolder? _folder;
    private readonly IProgress<double>? _progress;
    private readonly SweepTrial[] _results;
    private readonly int[] _left;
    private readonly Lock _progressLock = new();
    private int _next = -1;
    private int _done;

    public SweepParts(IReadOnlyList<ParameterSet> trials, int partTrials, SweepFolder? folder, IProgress<double>? progress)
    {
        (_trials, _partTrials, _folder, _progress) = (trials, partTrials, folder, progress);
        _results = new SweepTrial[trials.Count];
        _left = new int[((trials.Count - 1) / partTrials) + 1];
        for (var part = 0; part < _left.Length; part++)
        {
            var (start, count) = Bounds(part);
            _left[part] = count;
            if (folder?.Read(part, [.. Enumerable.Range(start, count).Select(index => trials[index])]) is { } finished)
            {
                finished.CopyTo(_results, start);
                _left[part] = 0;
                _done += count;
            }
        }
    }

    public IReadOnlyList<SweepTrial> Results => _results;

    /// <summary>Runs what is not done yet.</summary>
    public void Run(Func<int, SweepTrial> run, int workers, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        void Work()
        {
            try
            {
                while (!stop.IsCancellationRequested && Interlocked.Increment(ref _next) is var index && index < _trials.Count)
                {
                    var part = index / _partTrials;
                    if (_results[index] is null)
                    {
                        _results[index] = run(index);
                        if (Interlocked.Decrement(ref _left[part]) == 0)
                        {
                            Finish(part);
                        }
                    }
                }
            }
            catch
            {
                // The others need not go on when one cannot.
                stop.Cancel();
                throw;
            }
        }

        var tasks = new Task[Math.Min(workers, _trials.Count)];
        for (var worker = 0; worker < tasks.Length; worker++)
        {
            tasks[worker] = Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        Task.WhenAll(tasks).GetAwaiter().GetResult();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private void Finish(int part)
    {
        var (start, count) = Bounds(part);
        _folder?.Write(part, new ArraySegment<SweepTrial>(_results, start, count));
        lock (_progressLock)
        {
            _done += count;
            _progress?.Report((double)_done / _trials.Count);
        }
    }

    private (int Start, int Count) Bounds(int part)
    {
        var start = part * _partTrials;
        return (start, Math.Min(_partTrials, _trials.Count - start));
    }
}
