using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Sequence.Daemon.Clustering;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Http;

/// <summary>Whether the process lives, and whether it can take in observations.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("health");
        health.MapGet("/live", () => TypedResults.Text("live")).WithSummary("Answers as long as the process does.");
        health.MapGet("/ready", ReadyAsync)
            .WithSummary("200 when observations can be taken in, otherwise 503 with the reason.")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> ReadyAsync(
        IHostApplicationLifetime lifetime, IObservationStore store, ClusterHealth cluster, CancellationToken cancellationToken)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw new DaemonException(DaemonFault.Unavailable, "The daemon is stopping.");
        }

        // After a write that failed only another write can tell that the store has recovered.
        if (store.WriteFault is not null)
        {
            await store.ProbeAsync(cancellationToken);
        }

        return TypedResults.Text(await cluster.DegradedAsync(cancellationToken) is { } reason ? $"degraded: {reason}" : "ready");
    }
}
