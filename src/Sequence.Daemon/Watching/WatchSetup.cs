using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sequence.Daemon.Engine;
using Sequence.Daemon.Http;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Watching;

/// <summary>The services and endpoints of watching.</summary>
internal static class WatchSetup
{
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
        SeriesName.Require(id);
        return TypedResults.Ok(await grains.GetGrain<ISeriesGrain>(id).WatchAsync());
    }

    private static async Task<IResult> ListAsync(DriftLog drift, string? after, int? limit, CancellationToken cancellationToken)
    {
        var most = PageSize.Of(limit);
        var list = await drift.ListAsync(after, most, cancellationToken);
        return TypedResults.Ok(new FindingsPage(list, list.Count == most ? list[^1].Id : null));
    }
}
