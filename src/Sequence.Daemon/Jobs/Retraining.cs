using Sequence.Daemon.Registry;

namespace Sequence.Daemon.Jobs;

/// <summary>Queues trainings: those asked for, and those that are due or that drift calls for.</summary>
internal sealed class Retraining(ModelRecords records, JobQueue queue, SeriesExport series, TimeProvider clock)
{
    /// <summary>Trains as asked, and later again in the same way.</summary>
    /// <exception cref="DaemonException">The request is wrong.</exception>
    public async Task<JobRecord> TrainAsync(string model, TrainRequest request, CancellationToken cancellationToken)
    {
        if (request.Series.Length == 0)
        {
            return await RetrainAsync(model, "asked for", cancellationToken);
        }

        var arguments = JobArguments.Read(JobKind.Train, request.Options);
        if (request.RetrainEvery < TimeSpan.FromMinutes(1))
        {
            throw new DaemonException(DaemonFault.Invalid, $"retrainEvery is {request.RetrainEvery}; give a minute or more, or leave it out.");
        }

        await series.RequireAsync(request.Series, cancellationToken);
        await records.ChangeAsync(
            model, old => old with { Recipe = request, TrainedAt = clock.GetUtcNow() }, create: true, cancellationToken);
        return await AddAsync(model, request, arguments, "asked for", cancellationToken);
    }

    /// <summary>Trains a model as the last time, unless a training of it waits or runs already.</summary>
    /// <param name="model">The model.</param>
    /// <param name="reason">Why; kept with the job.</param>
    /// <param name="cancellationToken">Stops before it is queued.</param>
    /// <returns>The job that was queued, or the one there is.</returns>
    /// <exception cref="DaemonException">There is no such model, or it was never trained here.</exception>
    public async Task<JobRecord> RetrainAsync(string model, string reason, CancellationToken cancellationToken = default)
    {
        var recipe = (await records.GetAsync(model, cancellationToken)).Recipe ?? throw new DaemonException(
            DaemonFault.Conflict, $"Model '{model}' was never trained by this daemon, so it does not know how; give series and options.");
        if ((await queue.ListAsync(cancellationToken)).Find(job => !job.IsEnded && string.Equals(job.Model, model, StringComparison.Ordinal)) is { } there)
        {
            return there;
        }

        await records.ChangeAsync(model, old => old with { TrainedAt = clock.GetUtcNow() }, cancellationToken: cancellationToken);
        return await AddAsync(model, recipe, JobArguments.Read(JobKind.Train, recipe.Options), reason, cancellationToken);
    }

    /// <summary>Trains every model whose time has come. Of several nodes that look at one time, one queues the job.</summary>
    public async Task TrainDueAsync(CancellationToken cancellationToken)
    {
        foreach (var record in await records.ListAsync(cancellationToken))
        {
            if (!IsDue(record))
            {
                continue;
            }

            var isMine = false;
            await records.ChangeAsync(
                record.Name,
                old =>
                {
                    isMine = IsDue(old);
                    return isMine ? old with { TrainedAt = clock.GetUtcNow() } : old;
                },
                cancellationToken: cancellationToken);
            if (isMine)
            {
                await RetrainAsync(record.Name, $"every {record.Recipe!.RetrainEvery}", cancellationToken);
            }
        }

        bool IsDue(ModelRecord record) =>
            record is { Recipe.RetrainEvery: { } every, TrainedAt: { } last } && clock.GetUtcNow() - last >= every;
    }

    private Task<JobRecord> AddAsync(string model, TrainRequest request, string[] arguments, string reason, CancellationToken cancellationToken) =>
        queue.AddAsync(
            (id, now) => new JobRecord(id, JobKind.Train, request.Series, arguments, reason, now) { Model = model, Alias = request.Alias },
            cancellationToken);
}
