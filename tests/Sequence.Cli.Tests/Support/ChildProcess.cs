using System.Diagnostics;

namespace Sequence.Cli.Tests;

/// <summary>The command as a process of its own, for what only a process has: signals, streams, an exit code.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _output;

    public ChildProcess(params string[] arguments)
    {
        // A shell that starts jobs in the background lets them ignore SIGINT, and children inherit that.
        string[] before = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", "dotnet"] : ["dotnet"];
        _process = Process.Start(new ProcessStartInfo(
            before[0], [.. before[1..], Path.Combine(AppContext.BaseDirectory, "sequence.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _output = _process.StandardOutput.ReadToEndAsync();
    }

    public StreamReader Error => _process.StandardError;

    public bool HasExited => _process.HasExited;

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, _process.Id.ToString()]);
        kill.WaitForExit();
    }

    public async Task<Outcome> WaitAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(limit.Token);
        return new Outcome(_process.ExitCode, await _output, await _process.StandardError.ReadToEndAsync(limit.Token));
    }

    /// <summary>Waits until something is there, as long as the process lives.</summary>
    public async Task WaitForAsync(Func<bool> isThere)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!isThere())
        {
            Assert.IsFalse(_process.HasExited, "The process ended before its time.");
            await Task.Delay(TimeSpan.FromMilliseconds(10), limit.Token);
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
