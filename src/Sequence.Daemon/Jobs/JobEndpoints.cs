using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Sequence.Daemon.Http;
using Sequence.Daemon.Security;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Jobs;

/// <summary>Asking for trainings and evaluations, and following them.</summary>
internal static class JobEndpoints
{
    private const string TrainExample = """{"series":["demand"],"options":{"model":"lstm-20","horizon":7,"epochs":50},"retrainEvery":"7.00:00:00"}""";
    private const string WalkForwardExample = """{"series":["demand"],"options":{"models":"theta,ets","horizon":7,"firstOrigin":"0.8"}}""";

    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/models/{name}/train", TrainAsync)
            .RequireAuthorization(Policies.Admin)
            .WithTags("models", "jobs")
            .WithSummary("Queues a training; its checkpoint becomes a version. Without series it is trained as the last time.")
            .Accepts<TrainRequest>(RequestBody.Json)
            .Produces<JobRecord>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        var jobs = routes.MapGroup("/jobs").WithTags("jobs");
        jobs.MapPost("/walk-forward", WalkForwardAsync)
            .RequireAuthorization(Policies.Admin)
            .WithSummary("Queues an evaluation by rolling origin; its accuracy is in the job's result.")
            .Accepts<WalkForwardRequest>(RequestBody.Json)
            .Produces<JobRecord>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        jobs.MapGet("/", ListAsync)
            .WithSummary("All jobs that are kept, newest first, without their results.")
            .Produces<JobRecord[]>();
        jobs.MapGet("/{id}", DescribeAsync)
            .WithSummary("A job with its progress and, at its end, its result or its fault.")
            .Produces<JobRecord>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        jobs.MapDelete("/{id}", CancelAsync)
            .RequireAuthorization(Policies.Admin)
            .WithSummary("Asks a job to end; its node does so within a few seconds.")
            .Produces<JobRecord>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> TrainAsync(string name, HttpRequest request, Retraining retraining, CancellationToken cancellationToken)
    {
        SeriesName.RequireModel(name);
        var train = await RequestBody.ReadAsync<TrainRequest>(request, TrainExample, cancellationToken);
        return Accepted(await retraining.TrainAsync(name, train, cancellationToken));
    }

    private static async Task<IResult> WalkForwardAsync(
        HttpRequest request, SeriesExport series, JobQueue queue, CancellationToken cancellationToken)
    {
        var walk = await RequestBody.ReadAsync<WalkForwardRequest>(request, WalkForwardExample, cancellationToken);
        var arguments = JobArguments.Read(JobKind.WalkForward, walk.Options);
        await series.RequireAsync(walk.Series, cancellationToken);
        return Accepted(await queue.AddAsync(
            (id, now) => new JobRecord(id, JobKind.WalkForward, walk.Series, arguments, "asked for", now), cancellationToken));
    }

    private static async Task<IResult> ListAsync(JobQueue queue, CancellationToken cancellationToken) => TypedResults.Ok(
        (await queue.ListAsync(cancellationToken)).Select(job => job with { Result = null, Errors = null }).Reverse().ToArray());

    private static async Task<IResult> DescribeAsync(string id, JobQueue queue, CancellationToken cancellationToken) => TypedResults.Ok(
        await queue.FindAsync(id, cancellationToken) ?? throw new DaemonException(DaemonFault.NotFound, "There is no such job; see GET /jobs."));

    private static async Task<IResult> CancelAsync(string id, JobQueue queue, CancellationToken cancellationToken) =>
        Accepted(await queue.CancelAsync(id, cancellationToken));

    private static Accepted<JobRecord> Accepted(JobRecord job) => TypedResults.Accepted($"/jobs/{job.Id}", job);
}
