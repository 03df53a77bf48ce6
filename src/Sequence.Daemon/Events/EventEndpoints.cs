using System.Globalization;
using System.Net.ServerSentEvents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sequence.Daemon.Security;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Events;

/// <summary>New forecasts as server-sent events.</summary>
internal static class EventEndpoints
{
    private const string ContentType = "text/event-stream";
    private const string Kind = "forecast";
    private const string HeartbeatKind = "heartbeat";
    private const int MostSeries = 1000;

    private static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(3);

    public static IServiceCollection AddEvents(this IServiceCollection services, EventOptions options) =>
        services.AddSingleton(options).AddSingleton<ForecastFeed>().AddSingleton<ForecastStream>();

    public static void MapEvents(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/events", All)
            .WithTags("events")
            .WithSummary("New forecasts of all series, or of those in series=a,b, as server-sent events from now on.")
            .Produces<ForecastEvent>(StatusCodes.Status200OK, ContentType)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        routes.MapGet("/series/{id}/events", OneAsync)
            .WithTags("events")
            .WithSummary("New forecasts of a series as server-sent events; Last-Event-ID goes on after that number.")
            .Produces<ForecastEvent>(StatusCodes.Status200OK, ContentType)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static ServerSentEventsResult<ForecastEvent?> All(string? series, HttpContext context, ForecastStream stream, KeyRing keys)
    {
        var wanted = series?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        if (wanted is not null && (wanted.Count is 0 or > MostSeries || !wanted.All(SeriesName.IsValid)))
        {
            throw new DaemonException(
                DaemonFault.Invalid, $"series is a list of 1 to {MostSeries} ids parted by commas, each of {SeriesName.Rule}.");
        }

        var subscription = Subscribe(context, stream, wanted);
        return TypedResults.ServerSentEvents(Frames(stream.FollowAsync(subscription, context.RequestAborted), context, keys));
    }

    private static async Task<ServerSentEventsResult<ForecastEvent?>> OneAsync(
        string id, HttpContext context, ForecastStream stream, IObservationStore store, KeyRing keys)
    {
        SeriesName.Require(id);
        if (await store.FindAsync(id, context.RequestAborted) is null)
        {
            throw DaemonException.NoSeries(id);
        }

        var after = LastEventId(context.Request);
        var subscription = Subscribe(context, stream, new HashSet<string>(StringComparer.Ordinal) { id });
        return TypedResults.ServerSentEvents(Frames(stream.FollowAsync(subscription, id, after, context.RequestAborted), context, keys));
    }

    private static long? LastEventId(HttpRequest request)
    {
        var given = request.Headers["Last-Event-ID"].ToString();
        return given.Length == 0 ? null
            : long.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw new DaemonException(DaemonFault.Invalid, "Last-Event-ID is no number of a forecast; give the id of the last event received.");
    }

    private static ForecastSubscription Subscribe(HttpContext context, ForecastStream stream, IReadOnlySet<string>? series)
    {
        // A client that does not read would otherwise hold its last frame, and with it this request, as long as it likes.
        var subscription = stream.Subscribe(series, context.Abort);
        context.Response.RegisterForDispose(subscription);
        return subscription;
    }

    /// <summary>Ends as well when the key that began it is removed; who comes again is told so.</summary>
    private static async IAsyncEnumerable<SseItem<ForecastEvent?>> Frames(IAsyncEnumerable<ForecastEvent?> events, HttpContext context, KeyRing keys)
    {
        await foreach (var one in events.WithCancellation(context.RequestAborted))
        {
            if (!keys.Admits(context.User, KeyScopes.Read))
            {
                yield break;
            }

            yield return one is null
                ? new SseItem<ForecastEvent?>(null, HeartbeatKind) { ReconnectionInterval = Reconnect }
                : new SseItem<ForecastEvent?>(one, Kind) { EventId = one.Number?.ToString(CultureInfo.InvariantCulture) };
        }
    }
}
