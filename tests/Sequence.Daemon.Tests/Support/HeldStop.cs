using Microsoft.Extensions.Hosting;

namespace Sequence.Daemon.Tests;

/// <summary>Keeps a daemon in the first moment of its stopping.</summary>
internal sealed class HeldStop(Task until) : IHostedLifecycleService
{
    public Task StoppingAsync(CancellationToken cancellationToken) => until;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
