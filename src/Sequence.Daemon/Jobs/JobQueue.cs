using System.Text.Json;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Jobs;

/// <summary>
/// Jobs in the store. A node takes one by changing its record, which of several nodes only one can; it holds it as long as it
/// renews the lease. Thread-safe.
/// </summary>
internal sealed class JobQueue(IDocumentStore store, JobOptions options, TimeProvider clock) : IDisposable
{
    private const string Kind = "job";

    // Apart from the jobs, which are all read at every look.
    private const string ResultKind = "job-result";
    private const int Page = 500;
    private const int Attempts = 50;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly SemaphoreSlim _changed = new(0);

    /// <summary>Waits until something of this node changes a job, or the time to look for changes of others has come.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _changed.WaitAsync(options.PollEvery, cancellationToken);

    /// <summary>Ends the waiting.</summary>
    public void Nudge() => _changed.Release();

    /// <summary>Queues a job.</summary>
    /// <param name="make">Makes it of its identifier and the time.</param>
    /// <param name="cancellationToken">Stops before it is stored.</param>
    public async Task<JobRecord> AddAsync(Func<string, DateTimeOffset, JobRecord> make, CancellationToken cancellationToken = default)
    {
        await PruneAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var job = make(Guid.CreateVersion7(now).ToString("N"), now);
        await store.PutAsync(Kind, job.Id, 0, JsonSerializer.SerializeToUtf8Bytes(job, Json), cancellationToken);
        Nudge();
        return job;
    }

    /// <summary>A job with its result, or null when there is none.</summary>
    public async Task<JobRecord?> FindAsync(string id, CancellationToken cancellationToken = default) =>
        await store.FindAsync(Kind, id, cancellationToken) is not { } document ? null
        : await store.FindAsync(ResultKind, id, cancellationToken) is { } result ? Read(document) with { Result = JsonSerializer.Deserialize<JsonElement>(result.Body) }
        : Read(document);

    /// <summary>All jobs without their results, oldest first.</summary>
    public async Task<List<JobRecord>> ListAsync(CancellationToken cancellationToken = default)
    {
        List<JobRecord> all = [];
        IReadOnlyList<Document> page;
        do
        {
            page = await store.ListAsync(Kind, all.Count == 0 ? null : all[^1].Id, Page, cancellationToken);
            all.AddRange(page.Select(Read));
        }
        while (page.Count == Page);

        return all;
    }

    /// <summary>Changes a job.</summary>
    /// <param name="id">The job.</param>
    /// <param name="change">May be called several times; null leaves it as it is.</param>
    /// <param name="cancellationToken">Stops between two attempts.</param>
    /// <returns>The job as stored; null when it is gone or was left as it is.</returns>
    public async Task<JobRecord?> ChangeAsync(string id, Func<JobRecord, JobRecord?> change, CancellationToken cancellationToken = default)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (await store.FindAsync(Kind, id, cancellationToken) is not { } document || Read(document) is not { } old || change(old) is not { } changed)
            {
                return null;
            }

            if (await store.PutAsync(Kind, id, old.Revision, JsonSerializer.SerializeToUtf8Bytes(changed, Json), cancellationToken) is { } revision)
            {
                return changed with { Revision = revision };
            }
        }

        throw new DaemonException(DaemonFault.Unavailable, $"Job '{id}' is being changed by too many at one time; send it again later.");
    }

    /// <summary>Takes the oldest job that nobody has; null when there is none.</summary>
    public async Task<JobRecord?> ClaimAsync(string node, CancellationToken cancellationToken)
    {
        foreach (var candidate in (await ListAsync(cancellationToken)).Where(IsFree))
        {
            var claimed = await ChangeAsync(candidate.Id, job => IsFree(job) ? Take(job, node) : null, cancellationToken);
            if (claimed?.State == JobState.Running)
            {
                return claimed;
            }
        }

        return null;
    }

    /// <summary>Keeps a job for another lease, and notes its progress.</summary>
    /// <returns>The job; null when it is this node's no more.</returns>
    public Task<JobRecord?> RenewAsync(JobRecord held, double progress, CancellationToken cancellationToken) => ChangeAsync(
        held.Id,
        job => job.IsHeldBy(held.Node!, held.Attempts) ? job with { LeaseUntil = clock.GetUtcNow() + options.Lease, Progress = progress } : null,
        cancellationToken);

    /// <summary>Stores what a job found, before it is ended.</summary>
    public Task KeepResultAsync(JobRecord held, JsonElement result, CancellationToken cancellationToken) =>
        store.ReplaceAsync(ResultKind, held.Id, revision: null, JsonSerializer.SerializeToUtf8Bytes(result), cancellationToken);

    /// <summary>Ends a job, if it is still this node's.</summary>
    public Task<JobRecord?> EndAsync(JobRecord held, JobState state, Func<JobRecord, JobRecord> note, CancellationToken cancellationToken = default) => ChangeAsync(
        held.Id,
        job => job.IsHeldBy(held.Node!, held.Attempts) ? note(job) with { State = state, EndedAt = clock.GetUtcNow(), LeaseUntil = null } : null,
        cancellationToken);

    /// <summary>Queues again what a node held when it ended.</summary>
    public async Task ReleaseAsync(string node, CancellationToken cancellationToken = default)
    {
        foreach (var held in (await ListAsync(cancellationToken)).Where(IsHeld))
        {
            await ChangeAsync(held.Id, job => IsHeld(job) ? job with { State = JobState.Queued, Node = null, LeaseUntil = null } : null, cancellationToken);
        }

        bool IsHeld(JobRecord job) => job.State == JobState.Running && string.Equals(job.Node, node, StringComparison.Ordinal);
    }

    /// <summary>Asks a job to end.</summary>
    /// <exception cref="DaemonException">There is none, or it has ended.</exception>
    public async Task<JobRecord> CancelAsync(string id, CancellationToken cancellationToken)
    {
        var cancelled = await ChangeAsync(
            id,
            job => job.State switch
            {
                JobState.Queued => job with { State = JobState.Cancelled, EndedAt = clock.GetUtcNow(), IsCancelRequested = true },
                JobState.Running => job with { IsCancelRequested = true },
                _ => throw new DaemonException(DaemonFault.Conflict, $"Job '{id}' has ended: it is {job.State}."),
            },
            cancellationToken) ?? throw new DaemonException(DaemonFault.NotFound, $"There is no job '{id}'.");
        Nudge();
        return cancelled;
    }

    public void Dispose() => _changed.Dispose();

    private static JobRecord Read(Document document) =>
        JsonSerializer.Deserialize<JobRecord>(document.Body, Json)! with { Revision = document.Revision };

    /// <summary>A lease that ends further away than any can be was given before the clock was set back.</summary>
    private bool IsFree(JobRecord job)
    {
        var now = clock.GetUtcNow();
        return job.State == JobState.Queued || (job.State == JobState.Running && (job.LeaseUntil < now || job.LeaseUntil > now + (2 * options.Lease)));
    }

    private JobRecord Take(JobRecord job, string node)
    {
        var now = clock.GetUtcNow();
        return job.IsCancelRequested ? job with { State = JobState.Cancelled, EndedAt = now, LeaseUntil = null }
            : job.Attempts >= options.MostAttempts ? job with
            {
                State = JobState.Failed,
                EndedAt = now,
                LeaseUntil = null,
                Fault = $"It was begun {job.Attempts} times, and each time the node that had it ended before it did.",
            }
            : job with
            {
                State = JobState.Running,
                Node = node,
                LeaseUntil = now + options.Lease,
                Attempts = job.Attempts + 1,
                StartedAt = now,
                Progress = 0,
            };
    }

    private async Task PruneAsync(CancellationToken cancellationToken)
    {
        foreach (var job in (await ListAsync(cancellationToken)).Where(job => job.IsEnded).SkipLast(options.Kept - 1))
        {
            await store.DeleteAsync(Kind, job.Id, job.Revision, cancellationToken);
            if (await store.FindAsync(ResultKind, job.Id, cancellationToken) is { } result)
            {
                await store.DeleteAsync(ResultKind, job.Id, result.Revision, cancellationToken);
            }
        }
    }
}
