using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Sequence.Daemon.Clustering;
using Sequence.Daemon.Security;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Http;

/// <summary>Whether the process lives, and whether it can take in observations.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("health").AllowAnonymous();
        health.MapGet("/live", () => TypedResults.Text("live"))
            .DisableRateLimiting()
            .WithSummary("Answers as long as the process does.");
        health.MapGet("/ready", ReadyAsync)
            .WithSummary("200 when observations can be taken in, otherwise 503; the reason is for who may read.")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> ReadyAsync(
        ClaimsPrincipal user, KeyRing keys, IHostApplicationLifetime lifetime, IObservationStore store, ClusterHealth cluster, CancellationToken cancellationToken)
    {
        try
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

            return TypedResults.Text(await cluster.DegradedAsync(cancellationToken) is { } degraded
                ? $"degraded{(MayKnow(user, keys) ? $": {degraded}" : string.Empty)}"
                : "ready");
        }
        catch (DaemonException reason) when (!MayKnow(user, keys))
        {
            throw new DaemonException(DaemonFault.Unavailable, "The daemon cannot take in observations; a key that may read learns why.", reason);
        }
    }

    private static bool MayKnow(ClaimsPrincipal user, KeyRing keys) =>
        user.HasClaim(ScopeHandler.Claim, nameof(KeyScopes.Read)) || (!keys.IsBroken && keys.IsOpen);
}
