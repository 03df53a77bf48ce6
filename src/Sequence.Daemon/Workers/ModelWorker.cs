using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Sequence.Forecasting;

namespace Sequence.Daemon.Workers;

/// <summary>
/// Serves one checkpoint by a worker process that it keeps alive. Questions that come while a batch is being answered make the
/// next batch, so that a busy worker computes many series at once and a free one answers at once. A worker that ends is
/// started again after a pause, which doubles until a batch succeeds; until then questions are refused. Thread-safe.
/// </summary>
internal sealed partial class ModelWorker : IAsyncDisposable
{
    private readonly string _checkpoint;
    private readonly string _version;
    private readonly IReadOnlyList<string> _program;
    private readonly WorkerOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Channel<Waiting> _waiting;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;
    private volatile string? _down;

    /// <param name="checkpoint">Its name, for what is said of it.</param>
    /// <param name="version">Its hash; a worker that opens another is refused.</param>
    /// <param name="program">The worker's program and arguments.</param>
    /// <param name="options">Limits and pauses.</param>
    /// <param name="clock">Measures them.</param>
    /// <param name="log">Told when a worker starts and ends.</param>
    public ModelWorker(string checkpoint, string version, IReadOnlyList<string> program, WorkerOptions options, TimeProvider clock, ILogger log)
    {
        _checkpoint = checkpoint;
        _version = version;
        _program = program;
        _options = options;
        _clock = clock;
        _log = log;
        _waiting = Channel.CreateBounded<Waiting>(options.MostWaiting);
        _run = Task.Run(RunAsync);
    }

    /// <summary>How often a worker was started.</summary>
    public int Starts { get; private set; }

    /// <summary>Process of the worker; 0 when none is ready.</summary>
    public int ProcessId { get; private set; }

    /// <summary>Asks for a forecast.</summary>
    /// <exception cref="DaemonException">The worker is down or has too much to do; or it cannot forecast this.</exception>
    public async Task<Forecast> AskAsync(WorkerQuestion question)
    {
        if (_down is { } reason)
        {
            throw Down(reason);
        }

        var waiting = new Waiting(question, new TaskCompletionSource<WorkerAnswer>(TaskCreationOptions.RunContinuationsAsynchronously));
        if (!_waiting.Writer.TryWrite(waiting))
        {
            throw new DaemonException(
                DaemonFault.Unavailable,
                $"{_options.MostWaiting} forecasts wait for the worker of checkpoint '{_checkpoint}', or the daemon is stopping; ask again later.");
        }

        var answer = await waiting.Answer.Task;
        return answer.Forecast ?? throw new DaemonException(DaemonFault.Conflict, answer.Fault!);
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _stop.CancelAsync();
        await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Refuse("the daemon is stopping");
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var pause = _options.FirstPause;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using var worker = await WorkerProcess.StartAsync(_program, _version, _options.StartLimit, _clock, _stop.Token);
                (Starts, ProcessId, _down) = (Starts + 1, worker.Id, null);
                LogStarted(_checkpoint, worker.Id);
                await ServeAsync(worker, () => pause = _options.FirstPause);
            }
            catch (WorkerException error)
            {
                _down = error.Message;
                ProcessId = 0;
                LogEnded(_checkpoint, pause, error.Message);
            }

            Refuse(_down ?? "the daemon is stopping");
            await Task.Delay(pause, _clock, _stop.Token);
            pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, _options.LongestPause.Ticks));
        }
    }

    /// <exception cref="WorkerException">The worker ended.</exception>
    private async Task ServeAsync(WorkerProcess worker, Action succeeded)
    {
        List<Waiting> batch = [];
        while (true)
        {
            var more = _waiting.Reader.WaitToReadAsync(_stop.Token).AsTask();
            if (await Task.WhenAny(more, worker.Exited) == worker.Exited && !more.IsCompleted)
            {
                throw new WorkerException("It ended while it had nothing to do.");
            }

            if (!await more)
            {
                return;
            }

            batch.Clear();
            while (batch.Count < _options.LargestBatch && _waiting.Reader.TryRead(out var one))
            {
                batch.Add(one);
            }

            try
            {
                var answers = await worker.AskAsync([.. batch.Select(one => one.Question)], _options.AnswerLimit, _clock, _stop.Token);
                for (var index = 0; index < answers.Length; index++)
                {
                    batch[index].Answer.SetResult(answers[index]);
                }
            }
            catch (Exception error) when (error is WorkerException or OperationCanceledException)
            {
                var reason = error is WorkerException ? error.Message : "the daemon is stopping";
                batch.ForEach(one => one.Answer.SetException(Down(reason)));
                throw;
            }

            succeeded();
        }
    }

    private void Refuse(string reason)
    {
        while (_waiting.Reader.TryRead(out var one))
        {
            one.Answer.SetException(Down(reason));
        }
    }

    private DaemonException Down(string reason) => new(
        DaemonFault.Unavailable, $"The worker process of checkpoint '{_checkpoint}' is being started again: {reason} Ask again later.");

    [LoggerMessage(LogLevel.Warning, "The worker of checkpoint {Checkpoint} is ready as process {Process}")]
    private partial void LogStarted(string checkpoint, int process);

    [LoggerMessage(LogLevel.Error, "The worker of checkpoint {Checkpoint} is down and will be started again in {Pause}: {Reason}")]
    private partial void LogEnded(string checkpoint, TimeSpan pause, string reason);

    private readonly record struct Waiting(WorkerQuestion Question, TaskCompletionSource<WorkerAnswer> Answer);
}
