using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;

namespace Sequence.Daemon.Hosting;

/// <summary>
/// Tells systemd, when it started the daemon: that it is ready once it listens, that it stops, and, when the unit asks for
/// that, that it still runs.
/// </summary>
internal sealed class SystemdNotice(IHostApplicationLifetime lifetime, TimeProvider clock) : BackgroundService
{
    private static readonly ServiceState Alive = new("WATCHDOG=1");

    private readonly SystemdNotifier _systemd = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_systemd.IsEnabled)
        {
            return;
        }

        using var started = lifetime.ApplicationStarted.Register(() => _systemd.Notify(ServiceState.Ready));
        await using var stopping = lifetime.ApplicationStopping.Register(() => _systemd.Notify(ServiceState.Stopping));
        using var timer = new PeriodicTimer(Interval(), clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                _systemd.Notify(Alive);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>Half of the time after which systemd takes us for dead; for ever when it does not watch.</summary>
    private static TimeSpan Interval()
    {
        var watched = Environment.GetEnvironmentVariable("WATCHDOG_PID") is not { Length: > 0 } process
            || process == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return watched && long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), CultureInfo.InvariantCulture, out var microseconds) && microseconds > 1
            ? TimeSpan.FromMicroseconds(microseconds / 2)
            : Timeout.InfiniteTimeSpan;
    }
}
