using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Retention;

/// <summary>Deletes forecasts that are older than they are kept, at the start and then once an hour.</summary>
internal sealed partial class RetentionService(
    IObservationStore store, RetentionOptions options, TimeProvider clock, ILogger<RetentionService> log) : BackgroundService
{
    // What one commit deletes; appends are stored between two of them. More hold them up for longer and save little.
    private const int AtOnce = 250;

    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Forecasts is not { } age)
        {
            return;
        }

        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            do
            {
                await ForgetAsync(clock.GetUtcNow() - age, stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The daemon stops.
        }
    }

    private async Task ForgetAsync(DateTimeOffset issuedBefore, CancellationToken stoppingToken)
    {
        var deleted = 0L;
        try
        {
            while (await store.ForgetForecastsAsync(issuedBefore, AtOnce, stoppingToken) is > 0 and var more)
            {
                deleted += more;
            }
        }
        catch (DaemonException error) when (error.Fault == DaemonFault.Unavailable)
        {
            LogFailed(error.Message);
        }
        finally
        {
            if (deleted > 0)
            {
                LogDeleted(deleted, issuedBefore);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "{Count} forecasts issued before {IssuedBefore:O} were deleted, as Retention.Forecasts says")]
    private partial void LogDeleted(long count, DateTimeOffset issuedBefore);

    [LoggerMessage(LogLevel.Warning, "Old forecasts could not be deleted, and are in an hour: {Reason}")]
    private partial void LogFailed(string reason);
}
