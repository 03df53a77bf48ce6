using Microsoft.Extensions.Hosting;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Hosting;

/// <summary>Ends the daemon when the writer of the store breaks: without it nothing can be acknowledged.</summary>
internal sealed class StoreWatch(IObservationStore store) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => store.Completion.WaitAsync(stoppingToken);
}
