using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Sequence.Tests;

/// <summary>
/// A server on loopback in a temporary folder of its own. A shell between us and it waits for the end of its input, which comes
/// however this process ends, then ends the server and removes the folder: none outlives its tests.
/// </summary>
internal abstract class ServerProcess : IAsyncDisposable
{
    private Process? _supervisor;

    protected ServerProcess()
    {
        Folder = Directory.CreateTempSubdirectory("sequence-server-").FullName;
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        Port = ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public int Port { get; }

    protected string Folder { get; }

    /// <summary>Command that runs the server in the foreground.</summary>
    protected abstract string[] Command { get; }

    /// <summary>Signal on which it ends well and at once.</summary>
    protected abstract string EndSignal { get; }

    /// <summary>Where its programs are, or null when they are not installed.</summary>
    protected static string? Find(string name, params ReadOnlySpan<string> folders)
    {
        foreach (var folder in (string[])[.. folders, .. (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)])
        {
            if (File.Exists(Path.Combine(folder, name)))
            {
                return Path.Combine(folder, name);
            }
        }

        return null;
    }

    /// <summary>Runs it, and waits until it answers.</summary>
    public async Task StartAsync()
    {
        // Its own output goes to a file; ours would keep the pipe open that the shell waits for.
        const string Script =
            """
            folder=$1 signal=$2; shift 2
            "$@" </dev/null >>"$folder/log" 2>&1 & server=$!
            if read -r line; then keep=1; else keep=0; fi
            kill -CONT "$server" 2>/dev/null; kill -"${line:-$signal}" "$server" 2>/dev/null; wait "$server"
            [ "$keep" = 1 ] || rm -rf "$folder"
            """;
        _supervisor = Process.Start(new ProcessStartInfo("sh", ["-c", Script, "sh", Folder, EndSignal, .. Command])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
        })!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await AnswersAsync())
        {
            if (_supervisor.HasExited || limit.IsCancellationRequested)
            {
                throw new InvalidOperationException($"{Command[0]} did not start: {File.ReadAllText(Path.Combine(Folder, "log"))}");
            }

            await Task.Delay(20);
        }
    }

    /// <summary>Ends it, and keeps its folder for another start.</summary>
    /// <param name="signal">
    /// KILL ends Redis as a power cut would; QUIT ends PostgreSQL so, whose processes for its clients would outlive a KILL for a moment.
    /// </param>
    public async Task StopAsync(string signal)
    {
        await _supervisor!.StandardInput.WriteLineAsync(signal);
        await _supervisor.WaitForExitAsync();
        _supervisor.Dispose();
        _supervisor = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_supervisor is null)
        {
            Directory.Delete(Folder, recursive: true);
            return;
        }

        _supervisor.StandardInput.Close();
        await _supervisor.WaitForExitAsync();
        _supervisor.Dispose();
    }

    /// <summary>Whether it serves.</summary>
    protected abstract Task<bool> AnswersAsync();

    /// <summary>Runs a program to its end.</summary>
    protected static void Run(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)}: {output} {error.GetAwaiter().GetResult()}");
        }
    }
}
