using Sequence.Daemon.Jobs;

namespace Sequence.Daemon.Dashboard;

/// <summary>Trainings and evaluations.</summary>
internal sealed class JobsPage(JobQueue queue, TimeProvider clock)
{
    // No event tells of a job.
    private const int Seconds = 10;

    public async Task<string> ShowAsync(CancellationToken cancellationToken) => DashboardShell.Page(
        "Jobs", string.Empty, await ListAsync(cancellationToken), null, $"{DashboardEndpoints.Root}/jobs/list", Seconds);

    public async Task<string> ListAsync(CancellationToken cancellationToken)
    {
        var (jobs, fault) = await Readings.TryAsync(() => queue.ListAsync(cancellationToken));
        if (jobs is null)
        {
            return DashboardShell.Fault(fault!);
        }

        jobs.Reverse();
        return jobs.Count == 0
            ? "<p>There are no jobs yet. POST /models/{name}/train queues a training, POST /jobs/walk-forward an evaluation.</p>"
            : JobTable.Of(jobs, clock.GetUtcNow());
    }
}
