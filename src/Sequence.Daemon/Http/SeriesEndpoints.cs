using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans.Concurrency;
using Sequence.Daemon.Engine;
using Sequence.Daemon.Registry;
using Sequence.Daemon.Security;
using Sequence.Daemon.Storage;
using Sequence.Daemon.Telemetry;

namespace Sequence.Daemon.Http;

/// <summary>Creating, feeding and asking series.</summary>
internal static class SeriesEndpoints
{
    private const string NewlineJson = "application/x-ndjson";

    public static void MapSeries(this IEndpointRouteBuilder routes)
    {
        var series = routes.MapGroup("/series").WithTags("series");
        series.MapGet("/", ListAsync)
            .WithSummary("Series in the order of their ids; page on with after.")
            .Produces<SeriesPage>();
        series.MapPut("/{id}", CreateAsync)
            .WithSummary("Creates a series. Repeating it with the same body changes nothing; with another it is refused.")
            .Accepts<SeriesRequest>(RequestBody.Json)
            .Produces<SeriesView>(StatusCodes.Status201Created)
            .Produces<SeriesView>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict);
        series.MapGet("/{id}", DescribeAsync)
            .WithSummary("The series and its state.")
            .Produces<SeriesView>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        series.MapPost("/{id}/observations", AppendAsync)
            .WithSummary("Appends observations, all or none; answered when they are synced to disk. May be repeated.")
            .Accepts<Measurement[]>(RequestBody.Json, NewlineJson, ObservationCsv.MediaType)
            .Produces<AppendReceipt>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        series.MapGet("/{id}/observations", ReadAsync)
            .WithSummary("Observations by event time, as known latest or at the time knownAt; page on with after.")
            .Produces<ObservationPage>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        series.MapGet("/{id}/forecast", ForecastAsync)
            .WithSummary("The forecast from the last observation; levels is a list such as 80,95.")
            .Produces<CurrentForecast>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        series.MapGet("/{id}/forecasts", HistoryAsync)
            .WithSummary("Forecasts issued, newest first, with what came of them; fewer than limit when they have more than 10,000 steps. Page on with before until it is null.")
            .Produces<ForecastPage>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> ListAsync(
        IObservationStore store, string? after, int? limit, CancellationToken cancellationToken)
    {
        var list = await store.ListAsync(after, PageSize.Of(limit), cancellationToken);
        return TypedResults.Ok(new SeriesPage(
            [.. list.Select(one => SeriesView.Of(one, null))], list.Count == PageSize.Of(limit) ? list[^1].Id : null));
    }

    private static async Task<IResult> CreateAsync(
        string id, HttpRequest request, IObservationStore store, SeriesQuota quota, ModelShelf models, ModelRegistry registry, CancellationToken cancellationToken)
    {
        RequestBody.RequireType(request, RequestBody.Json);
        var body = await BodyAsync(request, cancellationToken);
        SeriesDefinition definition;
        try
        {
            definition = SeriesRequest.Read(body.WrittenSpan).Describe(id);
            await registry.PrepareAsync(definition.Model, cancellationToken);
            models.Validate(definition);
        }
        catch (ConfigurationException error)
        {
            throw new DaemonException(DaemonFault.Invalid, error.Message, error);
        }

        await quota.RequireRoomAsync(id, cancellationToken);
        var view = SeriesView.Of(definition, null);
        return await store.CreateAsync(definition, cancellationToken)
            ? TypedResults.Created($"/series/{id}", view)
            : TypedResults.Ok(view);
    }

    private static async Task<IResult> DescribeAsync(
        string id, IObservationStore store, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var definition = await FindAsync(store, id, cancellationToken);
        return TypedResults.Ok(SeriesView.Of(definition, await grains.GetGrain<ISeriesGrain>(id).StatusAsync()));
    }

    private static async Task<IResult> AppendAsync(
        string id, HttpRequest request, IGrainFactory grains, DaemonMetrics metrics, CancellationToken cancellationToken)
    {
        var type = RequestBody.RequireType(request, RequestBody.Json, NewlineJson, ObservationCsv.MediaType);
        SeriesName.Require(id);
        var batch = type switch
        {
            RequestBody.Json => ObservationReader.ReadArray((await BodyAsync(request, cancellationToken)).WrittenSpan),
            NewlineJson => ObservationReader.ReadLines((await BodyAsync(request, cancellationToken)).WrittenSpan),
            _ => await RequestBody.InTimeAsync(token => ObservationCsv.ReadAsync(request.Body, token), cancellationToken),
        };
        return TypedResults.Ok(await metrics.AppendAsync(id, () => grains.GetGrain<ISeriesGrain>(id).AppendAsync(batch.AsImmutable())));
    }

    private static async Task<IResult> ReadAsync(
        string id,
        IObservationStore store,
        DateTimeOffset? after,
        DateTimeOffset? knownAt,
        int? limit,
        CancellationToken cancellationToken)
    {
        await FindAsync(store, id, cancellationToken);
        var query = new ObservationQuery { After = after, KnownAt = knownAt, Limit = PageSize.Of(limit, ObservationReader.LongestBatch) };
        var page = await store.ReadAsync(id, query, cancellationToken);
        return TypedResults.Ok(new ObservationPage(page, page.Count == query.Limit ? page[^1].EventTime : null));
    }

    private static async Task<IResult> ForecastAsync(string id, IGrainFactory grains, DaemonMetrics metrics, int? horizon, string? levels)
    {
        SeriesName.Require(id);
        List<string> faults = [];
        var wanted = levels?.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var level) ? level : double.NaN)
            .Order().ToArray();
        SeriesRequest.CheckForecast(horizon, wanted, faults);
        return faults.Count == 0
            ? TypedResults.Ok(await metrics.ForecastAsync(id, () => grains.GetGrain<ISeriesGrain>(id).ForecastAsync(horizon, wanted)))
            : throw new DaemonException(DaemonFault.Invalid, string.Join(' ', faults));
    }

    private static async Task<IResult> HistoryAsync(
        string id, IObservationStore store, long? before, int? limit, CancellationToken cancellationToken)
    {
        var series = await FindAsync(store, id, cancellationToken);
        var most = PageSize.OfForecasts(limit, series.Horizon);
        var page = await store.ReadForecastsAsync(id, before, most, cancellationToken);
        return TypedResults.Ok(new ForecastPage([.. page.Select(ForecastView.Of)], page.Count == most ? page[^1].Number : null));
    }

    private static async Task<SeriesDefinition> FindAsync(IObservationStore store, string id, CancellationToken cancellationToken)
    {
        SeriesName.Require(id);
        return await store.FindAsync(id, cancellationToken)
            ?? throw DaemonException.NoSeries(id);
    }

    private static Task<ArrayBufferWriter<byte>> BodyAsync(HttpRequest request, CancellationToken cancellationToken) => RequestBody.InTimeAsync(
        async token =>
        {
            var body = new ArrayBufferWriter<byte>(4096);
            int read;
            do
            {
                read = await request.Body.ReadAsync(body.GetMemory(4096), token);
                body.Advance(read);
            }
            while (read > 0);

            return body;
        },
        cancellationToken);
}
