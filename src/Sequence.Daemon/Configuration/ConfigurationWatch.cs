using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Sequence.Daemon.Configuration;

/// <summary>Reads the file again when it changes, and on SIGHUP.</summary>
internal sealed partial class ConfigurationWatch : BackgroundService
{
    // An editor writes a file in several steps.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(200);

    private readonly DaemonConfiguration _configuration;
    private readonly LiveOptions _live;
    private readonly TimeProvider _clock;
    private readonly ILogger<ConfigurationWatch> _log;
    private readonly SemaphoreSlim _asked = new(0);

    public ConfigurationWatch(DaemonConfiguration configuration, LiveOptions live, TimeProvider clock, ILogger<ConfigurationWatch> log)
    {
        _configuration = configuration;
        _live = live;
        _clock = clock;
        _log = log;
    }

    public override void Dispose()
    {
        _asked.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_configuration.File is not { } file)
        {
            return;
        }

        using var hangUp = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            Ask();
        });
        using var watcher = Watch(Path.GetFullPath(file));
        var seen = Text(file);
        try
        {
            while (true)
            {
                await _asked.WaitAsync(stoppingToken);
                await Task.Delay(Settling, _clock, stoppingToken);
                while (await _asked.WaitAsync(TimeSpan.Zero, stoppingToken))
                {
                }

                if (Text(file) is var text && text != seen)
                {
                    seen = text;
                    Reload();
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private static string? Text(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void Ask() => _asked.Release();

    private FileSystemWatcher? Watch(string file)
    {
        try
        {
            var watcher = new FileSystemWatcher(Path.GetDirectoryName(file)!);
            watcher.Changed += (_, change) => AskFor(change.Name);
            watcher.Created += (_, change) => AskFor(change.Name);
            watcher.Renamed += (_, change) => AskFor(change.Name);
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (IOException error)
        {
            LogNotWatched(file, error.Message);
            return null;
        }

        // A mounted configuration is a link whose target is swapped beside it, under a name such as ..data.
        void AskFor(string? name)
        {
            if (name == Path.GetFileName(file) || name?.StartsWith("..", StringComparison.Ordinal) == true)
            {
                Ask();
            }
        }
    }

    private void Reload()
    {
        try
        {
            var (taken, forRestart) = _live.Take(_configuration.Read());
            if (taken.Count > 0)
            {
                LogTaken(string.Join(", ", taken));
            }

            if (forRestart.Count > 0)
            {
                LogForRestart(string.Join(", ", forRestart));
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Whatever is wrong with a file, the daemon runs on without it.
            LogBroken(_configuration.File!, error.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The configuration was read again; changed now: {Options}")]
    private partial void LogTaken(string options);

    [LoggerMessage(LogLevel.Warning, "The configuration was read again; these need a restart, and stay as they are until then: {Options}")]
    private partial void LogForRestart(string options);

    [LoggerMessage(LogLevel.Error, "The configuration {File} has changed and cannot be used; the old one stays: {Faults}")]
    private partial void LogBroken(string file, string faults);

    [LoggerMessage(LogLevel.Warning, "The configuration {File} cannot be watched ({Reason}); send SIGHUP after a change")]
    private partial void LogNotWatched(string file, string reason);
}
