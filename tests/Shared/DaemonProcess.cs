using System.Collections.Concurrent;
using System.Diagnostics;

namespace Sequence.Tests;

/// <summary>`sequence daemon run` as a process of its own, on a free port.</summary>
internal sealed class DaemonProcess : IDisposable
{
    private const string Greeting = "Listening on ";

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _error = new();

    private DaemonProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) => _error.Enqueue(line.Data ?? string.Empty);
        process.BeginErrorReadLine();
    }

    public Uri Address { get; private set; } = null!;

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <summary>Standard error so far.</summary>
    public string Error => string.Join('\n', _error);

    /// <summary>Starts it and waits until it listens, which it does only when it is ready.</summary>
    /// <param name="folder">Its data folder.</param>
    /// <param name="more">Further arguments.</param>
    public static Task<DaemonProcess> StartAsync(string folder, params string[] more) =>
        ListeningAsync(Launch(["daemon", "run", "--data-dir", folder, "--urls", "http://127.0.0.1:0", .. more]));

    /// <summary>Waits until it listens.</summary>
    public static async Task<DaemonProcess> ListeningAsync(DaemonProcess daemon)
    {
        var line = await daemon._process.StandardOutput.ReadLineAsync();
        if (line?.StartsWith(Greeting, StringComparison.Ordinal) != true)
        {
            await daemon._process.WaitForExitAsync();
            throw new InvalidOperationException($"The daemon did not start, exit code {daemon._process.ExitCode}: {line} {daemon.Error}");
        }

        daemon.Address = new Uri(line[Greeting.Length..]);
        return daemon;
    }

    /// <summary>Starts the command with any arguments.</summary>
    public static DaemonProcess Launch(params string[] arguments) => LaunchProgram("sequence", arguments);

    /// <summary>Starts another program of this folder.</summary>
    public static DaemonProcess LaunchProgram(string program, params string[] arguments) => LaunchProgram(program, [], arguments);

    /// <summary>Starts a program of this folder.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="variables">Of its environment, each NAME=VALUE.</param>
    /// <param name="arguments">Its arguments.</param>
    public static DaemonProcess LaunchProgram(string program, IReadOnlyList<string> variables, IReadOnlyList<string> arguments)
    {
        // A shell that starts jobs in the background lets them ignore SIGINT, and children inherit that.
        string[] before = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", .. variables, "dotnet"] : ["dotnet"];
        return new DaemonProcess(Process.Start(new ProcessStartInfo(
            before[0], [.. before[1..], Path.Combine(AppContext.BaseDirectory, $"{program}.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
    }

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, _process.Id.ToString()]);
        kill.WaitForExit();
    }

    /// <summary>Ends it as kill -9 does, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async Task<int> WaitAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
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
