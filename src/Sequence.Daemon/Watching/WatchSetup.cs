using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sequence.Daemon.Engine;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Watching;

/// <summary>The services and endpoints of watching.</summary>
internal static class WatchSetup
{
    private const int LongestPage = 1000;

    public static IServiceCollection AddWatching(this IServiceCollection services, WatchOptions options) =>
        services.AddSingleton(options).AddSingleton<DriftLog>().AddSingleton<WatchService>();

    public static void MapWatch(this IEndpointRouteBuilder routes)
    {
        var watch = routes.MapGroup(string.Empty).WithTags("watch");
        watch.MapGet("/series/{id}/watch", ReportAsync)
            .WithSummary("How well the series is forecast: errors, coverage, drift, and the levels its intervals are made at.")
            .Produces<WatchReport>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        watch.MapGet("/watch", ListAsync)
            .WithSummary("Series in which something has drifted, in the order of their ids; page on with after.")
            .Produces<FindingsPage>();
    }

    private static async Task<IResult> ReportAsync(string id, IGrainFactory grains)
    {
        if (!SeriesName.IsValid(id))
        {
            throw new DaemonException(DaemonFault.Invalid, $"The id of a series is {SeriesName.Rule}.");
        }

        return TypedResults.Ok(await grains.GetGrain<ISeriesGrain>(id).WatchAsync());
    }

    private static async Task<IResult> ListAsync(DriftLog drift, string? after, int? limit, CancellationToken cancellationToken)
    {
        var most = limit ?? 100;
        if (most is < 1 or > LongestPage)
        {
            throw new DaemonException(DaemonFault.Invalid, $"The limit is {limit}; give 1 to {LongestPage}.");
        }

        var list = await drift.ListAsync(after, most, cancellationToken);
        return TypedResults.Ok(new FindingsPage(list, list.Count == most ? list[^1].Id : null));
    }
}
