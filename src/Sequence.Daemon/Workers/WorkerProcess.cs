using System.Diagnostics;
using System.Text.Json;

namespace Sequence.Daemon.Workers;

/// <summary>One worker as a child process, asked one batch after the other. Whatever it dies of stays with it.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private const int MostErrors = 2048;

    private readonly Process _process;
    private readonly Lock _lock = new();
    private string _errors = string.Empty;

    private WorkerProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_lock)
            {
                _errors = $"{_errors}{line.Data}\n";
                _errors = _errors[Math.Max(0, _errors.Length - MostErrors)..];
            }
        };
        process.BeginErrorReadLine();
        Exited = process.WaitForExitAsync();
    }

    /// <summary>Ends when the process does.</summary>
    public Task Exited { get; }

    public int Id => _process.Id;

    /// <summary>Starts a worker and waits until its model is loaded.</summary>
    /// <param name="program">The worker's program and arguments.</param>
    /// <param name="version">Hash of the checkpoint that it must open.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="clock">Measures that.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="WorkerException">It does not start, or not in time; or it opened another checkpoint.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop waiting.</exception>
    public static async Task<WorkerProcess> StartAsync(
        IReadOnlyList<string> program, string version, TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        WorkerProcess worker;
        try
        {
            worker = new WorkerProcess(Process.Start(new ProcessStartInfo(program[0], [.. program.Skip(1)])
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!);
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new WorkerException($"The program '{program[0]}' cannot be started: {error.Message}", error);
        }

        try
        {
            var opened = WorkerProtocol.ReadyVersion(await worker.ReadAsync(limit, clock, cancellationToken));
            return opened is null ? throw new WorkerException("It said something else than that it is ready.")
                : string.Equals(opened, version, StringComparison.Ordinal) ? worker
                : throw new WorkerException(
                    $"The checkpoint was changed: its files are those of {opened}, and the daemon serves {version}. Restart the daemon to serve " +
                    "the new one, or put the old files back.");
        }
        catch
        {
            await worker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks a batch.</summary>
    /// <exception cref="WorkerException">It ended, does not answer in time, or answers something else. It can be asked no more.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop waiting.</exception>
    public async Task<WorkerAnswer[]> AskAsync(
        WorkerQuestion[] questions, TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(WorkerProtocol.Line(questions).AsMemory(), cancellationToken);
            await _process.StandardInput.FlushAsync(cancellationToken);
        }
        catch (IOException)
        {
            // It has closed its input: it is ending, and the reading below says how.
        }

        var line = await ReadAsync(limit, clock, cancellationToken);
        try
        {
            return WorkerProtocol.Answers(line, questions.Length);
        }
        catch (JsonException error)
        {
            throw new WorkerException($"It answered what is no answer: {error.Message}", error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }

        await Exited;
        _process.Dispose();
    }

    private async Task<string> ReadAsync(TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            if (await _process.StandardOutput.ReadLineAsync(either.Token) is { } line)
            {
                return line;
            }

            await Exited.WaitAsync(either.Token);
            throw new WorkerException($"It ended with exit code {_process.ExitCode}.{Said()}");
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new WorkerException($"It did not answer within {limit}.{Said()}", error);
        }
    }

    private string Said()
    {
        lock (_lock)
        {
            return _errors.Trim() is { Length: > 0 } text ? $" It said: {text}" : string.Empty;
        }
    }
}
