using Microsoft.Extensions.Hosting;

namespace Sequence.Daemon.Hosting;

/// <summary>Leaves signals to the caller of the daemon, who asks it to stop by a token.</summary>
internal sealed class CallerLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
