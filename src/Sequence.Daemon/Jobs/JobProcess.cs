using System.Diagnostics;
using System.Globalization;
using Sequence.Daemon.Hosting;

namespace Sequence.Daemon.Jobs;

/// <summary>
/// One child process: started without a shell in a folder of its own, read until it ends, ended with its children when it takes
/// too long or too much memory. Whatever it dies of stays with it.
/// </summary>
internal sealed class JobProcess(JobOptions options, TimeProvider clock)
{
    /// <summary>Holds the mark of the process that runs in a folder.</summary>
    public const string MarkFile = "process";

    /// <summary>Begins a line of standard error that tells the share that is done.</summary>
    public const string ProgressPrefix = "progress ";

    /// <summary>Letters of standard output that are kept.</summary>
    public const int MostOutput = 16 * 1024 * 1024;

    private const int MostErrors = 4096;

    // What a process ends with that was told to stop: by the signal itself, or as sequence does after either of them.
    private const int Interrupted = 128 + 2;
    private const int Terminated = 128 + 15;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Notice = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private string _errors = string.Empty;

    /// <summary>Share that is done.</summary>
    public double Progress { get; private set; }

    /// <summary>The last lines of standard error.</summary>
    public string Errors
    {
        get
        {
            lock (_lock)
            {
                return _errors;
            }
        }
    }

    /// <summary>Runs it to its end.</summary>
    /// <param name="folder">Where it works.</param>
    /// <param name="arguments">Behind the program.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Its standard output; null when that was more than is kept.</returns>
    /// <exception cref="JobFailedException">It failed, or was ended for what it took.</exception>
    /// <exception cref="OperationCanceledException">It was ended because it was asked for.</exception>
    public async Task<string?> RunAsync(string folder, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Start(folder, arguments);
        using var limit = new CancellationTokenSource(options.TimeLimit, clock);
        using var memory = new CancellationTokenSource();
        using var ended = new CancellationTokenSource();
        using var all = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token, memory.Token);
        var output = ReadOutputAsync(process.StandardOutput);
        var errors = ReadErrorsAsync(process.StandardError);
        var watch = options.MemoryLimit > 0 ? WatchMemoryAsync(process, memory, ended.Token) : Task.CompletedTask;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, MarkFile), ProcessMark.Of(process.Id) ?? string.Empty, all.Token);
            await process.WaitForExitAsync(all.Token);
        }
        catch (Exception error)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            if (error is not OperationCanceledException)
            {
                throw;
            }
        }
        finally
        {
            await ended.CancelAsync();
            await watch;
            File.Delete(Path.Combine(folder, MarkFile));
        }

        // A child of it that goes on holds the pipes open; it is not waited for.
        await Task.WhenAny(Task.WhenAll(output, errors), Task.Delay(LastWords, clock, CancellationToken.None));
        if (process.ExitCode is Interrupted or Terminated)
        {
            // Ctrl-C goes to the daemon and its children at one time, and the daemon may be the last to notice.
            await Task.Delay(Notice, clock, cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return memory.IsCancellationRequested ? throw new JobFailedException($"It held more than {options.MemoryLimit:N0} bytes of memory and was ended.")
            : limit.IsCancellationRequested ? throw new JobFailedException($"It took longer than {options.TimeLimit} and was ended.")
            : process.ExitCode != 0 ? throw new JobFailedException($"Its process ended with {Describe(process.ExitCode)}.")
            : output.IsCompletedSuccessfully ? await output
            : throw new JobFailedException("Its process ended, but its output did not.");
    }

    private static string Describe(int exitCode) => exitCode is > 128 and < 160 && !OperatingSystem.IsWindows()
        ? string.Create(CultureInfo.InvariantCulture, $"exit code {exitCode}: signal {exitCode - 128}")
        : string.Create(CultureInfo.InvariantCulture, $"exit code {exitCode}");

    private static async Task<string?> ReadOutputAsync(StreamReader reader)
    {
        var text = new System.Text.StringBuilder();
        var buffer = new char[8192];
        var isWhole = true;
        for (int read; (read = await reader.ReadAsync(buffer)) > 0;)
        {
            // What is too much is read all the same: the process would wait for ever.
            isWhole = isWhole && read <= MostOutput - text.Length;
            if (isWhole)
            {
                text.Append(buffer, 0, read);
            }
        }

        return isWhole ? text.ToString() : null;
    }

    private Process Start(string folder, IReadOnlyList<string> arguments)
    {
        var program = OwnProgram.Or(options.Program);
        try
        {
            var process = Process.Start(new ProcessStartInfo(program[0], [.. program[1..], .. arguments])
            {
                WorkingDirectory = folder,
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            process.StandardInput.Close();
            Yield(process);
            return process;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new JobFailedException($"The program '{program[0]}' cannot be started: {error.Message}");
        }
    }

    /// <summary>Serving comes before training.</summary>
    private static void Yield(Process process)
    {
        try
        {
            process.PriorityClass = ProcessPriorityClass.BelowNormal;
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            // It has ended already, or the system does not let us.
        }
    }

    private async Task ReadErrorsAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(ProgressPrefix, StringComparison.Ordinal)
                && double.TryParse(line.AsSpan(ProgressPrefix.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out var share))
            {
                Progress = Math.Clamp(share, 0, 1);
                continue;
            }

            lock (_lock)
            {
                _errors = $"{_errors}{line}\n";
                _errors = _errors[Math.Max(0, _errors.Length - MostErrors)..];
            }
        }
    }

    private async Task WatchMemoryAsync(Process process, CancellationTokenSource exceeded, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(Look, clock);
        try
        {
            do
            {
                process.Refresh();
                if (!process.HasExited && process.WorkingSet64 > options.MemoryLimit)
                {
                    await exceeded.CancelAsync();
                    return;
                }
            }
            while (await timer.WaitForNextTickAsync(ended));
        }
        catch (Exception error) when (error is OperationCanceledException or InvalidOperationException)
        {
            // It has ended.
        }
    }
}
