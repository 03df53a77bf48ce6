using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Sequence.Daemon.Http;
using Sequence.Daemon.Security;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Registry;

/// <summary>Registering versions of models and moving their aliases.</summary>
internal static class ModelEndpoints
{
    private const string Tar = "application/x-tar";
    private const string Zip = "application/zip";
    private const long ArchiveOverhead = 64 * 1024;
    private const int LongestPiece = 64 * 1024;

    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        var models = routes.MapGroup("/models").WithTags("models");
        models.MapGet("/", ListAsync).WithSummary("The registered models.").Produces<ModelView[]>();
        models.MapGet("/{name}", DescribeAsync)
            .WithSummary("A model: versions, aliases, what the test says of challenger and shadow.")
            .Produces<ModelView>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        models.MapPut("/{name}/versions", RegisterAsync)
            .RequireAuthorization(Policies.Admin)
            .WithSummary("Registers a checkpoint as a version: a tar or zip of its files, or the name of a folder in incoming. May be repeated.")
            .Accepts<FolderRequest>(RequestBody.Json, Tar, Zip)
            .Produces<ModelVersionView>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);
        models.MapDelete("/{name}/versions/{version}", DeleteAsync)
            .RequireAuthorization(Policies.Admin)
            .WithSummary("Deletes a version that no alias names.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        models.MapPut("/{name}/aliases/{alias}", MoveAsync)
            .RequireAuthorization(Policies.Admin)
            .WithSummary("Puts an alias (champion, challenger, shadow) on a version, once that is loaded and has passed its self-check.")
            .Accepts<AliasRequest>(RequestBody.Json)
            .Produces<ModelView>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        models.MapDelete("/{name}/aliases/{alias}", ClearAsync)
            .RequireAuthorization(Policies.Admin)
            .WithSummary("Takes the alias challenger or shadow away.")
            .Produces<ModelView>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        models.MapPost("/{name}/rollback", RollBackAsync)
            .RequireAuthorization(Policies.Admin)
            .WithSummary("Makes the champion before the champion again.")
            .Produces<ModelView>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        models.MapPost("/{name}/promote", PromoteAsync)
            .RequireAuthorization(Policies.Admin)
            .WithSummary("Makes the challenger the champion if the test says that it is better, or with force in any case.")
            .Accepts<PromotionRequest>(RequestBody.Json)
            .Produces<PromotionVerdict>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> ListAsync(ModelRecords records, ModelRegistry registry, CancellationToken cancellationToken) =>
        TypedResults.Ok((await records.ListAsync(cancellationToken)).Select(record => registry.View(record)).ToArray());

    private static async Task<IResult> DescribeAsync(string name, ModelRegistry registry, CancellationToken cancellationToken)
    {
        SeriesName.RequireModel(name);
        return TypedResults.Ok(await registry.DescribeAsync(name, cancellationToken));
    }

    private static async Task<IResult> RegisterAsync(
        string name, HttpRequest request, ModelRegistry registry, DaemonOptions options, CancellationToken cancellationToken)
    {
        SeriesName.RequireModel(name);
        var type = RequestBody.RequireType(request, Tar, Zip, RequestBody.Json);
        var limit = options.Registry.LargestVersion;
        Dictionary<string, byte[]> files;
        string source;
        if (type == RequestBody.Json)
        {
            var folder = (await RequestBody.ReadAsync<FolderRequest>(request, """{"path":"resnls-5"}""", cancellationToken)).Path;
            files = CheckpointArchive.ReadFolder(Incoming(options, folder), limit);
            source = $"folder {folder}";
        }
        else
        {
            // Larger than other bodies may be, but no larger than its files and what an archive adds.
            if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            {
                size.MaxRequestBodySize = limit + ArchiveOverhead;
            }

            using var body = new MemoryStream();
            var piece = new byte[LongestPiece];
            int read;
            while ((read = await RequestBody.InTimeAsync(token => request.Body.ReadAsync(piece, token).AsTask(), cancellationToken)) > 0)
            {
                body.Write(piece, 0, read);
            }

            body.Position = 0;
            files = type == Tar ? CheckpointArchive.ReadTar(body, limit) : CheckpointArchive.ReadZip(body, limit);
            source = "upload";
        }

        var version = await registry.AddAsync(name, files, source, cancellationToken: cancellationToken);
        return TypedResults.Ok(registry.View(name, version));
    }

    private static async Task<IResult> DeleteAsync(string name, string version, ModelRegistry registry, CancellationToken cancellationToken)
    {
        SeriesName.RequireModel(name);
        await registry.DeleteAsync(name, version, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> MoveAsync(
        string name, string alias, HttpRequest request, ModelRegistry registry, CancellationToken cancellationToken)
    {
        SeriesName.RequireModel(name);
        var target = Alias(alias);
        var version = (await RequestBody.ReadAsync<AliasRequest>(request, """{"version":"<sha256>"}""", cancellationToken)).Version;
        return TypedResults.Ok(registry.View(await registry.MoveAsync(name, target, version, cancellationToken: cancellationToken)));
    }

    private static async Task<IResult> ClearAsync(string name, string alias, ModelRegistry registry, CancellationToken cancellationToken)
    {
        SeriesName.RequireModel(name);
        return TypedResults.Ok(registry.View(await registry.ClearAsync(name, Alias(alias), cancellationToken)));
    }

    private static async Task<IResult> RollBackAsync(string name, ModelRegistry registry, CancellationToken cancellationToken)
    {
        SeriesName.RequireModel(name);
        return TypedResults.Ok(registry.View(await registry.RollBackAsync(name, cancellationToken)));
    }

    private static async Task<IResult> PromoteAsync(
        string name, HttpRequest request, ModelRegistry registry, CancellationToken cancellationToken)
    {
        SeriesName.RequireModel(name);
        var force = (await RequestBody.ReadAsync<PromotionRequest>(request, """{"force":false}""", cancellationToken)).Force;
        return TypedResults.Ok(await registry.PromoteAsync(name, force, cancellationToken));
    }

    private static ModelAlias Alias(string text) => text switch
    {
        "champion" => ModelAlias.Champion,
        "challenger" => ModelAlias.Challenger,
        "shadow" => ModelAlias.Shadow,
        _ => throw new DaemonException(DaemonFault.NotFound, "The aliases are champion, challenger and shadow."),
    };

    /// <summary>A folder in incoming, by one name: no path leads out of it, and a link is not followed.</summary>
    private static string Incoming(DaemonOptions options, string name)
    {
        var folder = new DirectoryInfo(Path.Combine(options.DataDir, "incoming", SeriesName.IsValid(name) ? name : "-"));
        return folder is { Exists: true, LinkTarget: null }
            ? folder.FullName
            : throw new DaemonException(DaemonFault.Invalid, $"There is no such folder in incoming of the data folder; give its name, which is {SeriesName.Rule}.");
    }
}
