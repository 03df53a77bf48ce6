using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Sequence.Daemon.Registry;

/// <summary>
/// Has the versions that the aliases name ready before the daemon listens, and follows the aliases from then on: what another
/// node moved is seen at the next reading.
/// </summary>
internal sealed partial class RegistryWatch(
    ModelRegistry registry, VersionCache versions, RegistryOptions options, TimeProvider clock, ILogger<RegistryWatch> log) : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        versions.RemoveAbandoned();
        await registry.RefreshAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.PollEvery, clock);

        // Not by the time of day: a clock that is set back would put the test off until it has caught up.
        var tested = clock.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await registry.RefreshAsync(stoppingToken);
                    if (options.Promotion.Automatic && clock.GetElapsedTime(tested) >= options.Promotion.Every)
                    {
                        tested = clock.GetTimestamp();
                        await registry.PromoteAutomaticallyAsync(stoppingToken);
                    }
                }
                catch (Exception error) when (error is SequenceException or IOException or UnauthorizedAccessException)
                {
                    // The store or the disk is not there at the moment; what serves goes on serving.
                    LogFailed(error.Message);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The daemon stops.
        }
    }

    [LoggerMessage(LogLevel.Warning, "The aliases of the models could not be followed: {Reason}")]
    private partial void LogFailed(string reason);
}
