using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sequence.Daemon.Registry;

namespace Sequence.Daemon.Jobs;

/// <summary>
/// Takes jobs and runs them, each in a child process and a folder of its own in jobs of the data folder. When the daemon stops
/// its children are ended and their jobs queued again; children that outlived a daemon are ended when the next one starts.
/// </summary>
internal sealed partial class JobRunner(
    JobQueue queue,
    Retraining retraining,
    SeriesExport export,
    ModelRegistry registry,
    ModelRecords records,
    DaemonOptions daemon,
    TimeProvider clock,
    IHostApplicationLifetime lifetime,
    ILogger<JobRunner> log) : BackgroundService
{
    private const string DataFile = "data.csv";
    private const string OutputFolder = "out";
    private const string CheckpointFolder = "checkpoint";

    private readonly JobOptions _options = daemon.Jobs;
    private readonly string _folder = Path.GetFullPath(Path.Combine(daemon.DataDir, "jobs"));

    /// <summary>Tells the data folder of this node from those of others, also after a restart.</summary>
    private readonly string _node = $"{Environment.MachineName}-{Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(daemon.DataDir))).AsSpan(0, 4))}";

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        EndOrphans();
        await queue.ReleaseAsync(_node, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The requests that are under way end before this service is told to; whoever stops the daemon may have told its children with it.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        var stopping = stop.Token;
        List<Task> running = [];
        try
        {
            while (true)
            {
                try
                {
                    await retraining.TrainDueAsync(stopping);
                    running.RemoveAll(one => one.IsCompleted);
                    while (running.Count < _options.AtOnce && await queue.ClaimAsync(_node, stopping) is { } job)
                    {
                        running.Add(RunAsync(job, stopping));
                    }
                }
                catch (SequenceException error)
                {
                    // The store is not there at the moment, or a series of a recipe is gone.
                    LogNotDealt(error.Message);
                }

                await queue.WaitAsync(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await Task.WhenAll(running);
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Gone, or there until the next start.
        }
    }

    private void EndOrphans()
    {
        if (!Directory.Exists(_folder))
        {
            return;
        }

        foreach (var folder in Directory.EnumerateDirectories(_folder))
        {
            var mark = Path.Combine(folder, JobProcess.MarkFile);
            if (File.Exists(mark) && ProcessMark.End(File.ReadAllText(mark)))
            {
                LogOrphan(Path.GetFileName(folder));
            }

            Remove(folder);
        }
    }

    private async Task RunAsync(JobRecord job, CancellationToken stopping)
    {
        // Claiming goes on meanwhile.
        await Task.Yield();
        var process = new JobProcess(_options, clock);
        var folder = Path.Combine(_folder, job.Id);
        using var cancel = new CancellationTokenSource();
        using var ended = new CancellationTokenSource();
        using var all = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancel.Token);
        var lease = HoldAsync(job, process, cancel, ended.Token);
        try
        {
            var done = await WorkAsync(job, process, folder, all.Token);
            await queue.EndAsync(job, JobState.Succeeded, now => done(now) with { Progress = 1, Errors = process.Errors }, CancellationToken.None);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Its being begun here is not counted: nothing was wrong with it.
            await TryAsync(() => queue.ChangeAsync(
                job.Id,
                now => now.IsHeldBy(_node, job.Attempts)
                    ? now with { State = JobState.Queued, Node = null, LeaseUntil = null, Attempts = job.Attempts - 1 }
                    : null,
                CancellationToken.None));
        }
        catch (OperationCanceledException)
        {
            await TryAsync(() => queue.EndAsync(job, JobState.Cancelled, now => now with { Errors = process.Errors }, CancellationToken.None));
        }
        catch (Exception error)
        {
            // Whatever it is, it is this job's.
            LogFailed(job.Id, error.Message);
            await TryAsync(() => queue.EndAsync(
                job, JobState.Failed, now => now with { Fault = error.Message, Errors = process.Errors, Progress = process.Progress }, CancellationToken.None));
        }
        finally
        {
            await ended.CancelAsync();
            await lease;
            Remove(folder);
            queue.Nudge();
        }
    }

    /// <summary>Does the work of a job.</summary>
    /// <returns>What to note in its record.</returns>
    private async Task<Func<JobRecord, JobRecord>> WorkAsync(JobRecord job, JobProcess process, string folder, CancellationToken cancellationToken)
    {
        Remove(folder);
        Directory.CreateDirectory(folder);
        var data = await export.WriteAsync(Path.Combine(folder, DataFile), job.Series, cancellationToken);
        var output = Path.Combine(folder, OutputFolder);
        string[] command = job.Kind == JobKind.Train ? ["model", "train", $"--out={output}"] : ["model", "evaluate"];
        var result = await process.RunAsync(folder, [.. command, .. data, .. job.Arguments, "--json", "--progress-lines"], cancellationToken);
        if (job.Kind == JobKind.WalkForward)
        {
            using var document = JsonDocument.Parse(result ?? throw new JobFailedException(
                string.Create(CultureInfo.InvariantCulture, $"Its result has more than {JobProcess.MostOutput:N0} letters; evaluate fewer models or levels, or a shorter horizon.")));
            await queue.KeepResultAsync(job, document.RootElement, cancellationToken);
            return now => now;
        }

        var files = CheckpointArchive.ReadFolder(Path.Combine(output, CheckpointFolder), daemon.Registry.LargestVersion);
        var version = await registry.AddAsync(job.Model!, files, $"job {job.Id}", makeRoom: true, cancellationToken);
        var champion = (await records.GetAsync(job.Model!, cancellationToken))[ModelAlias.Champion];
        var alias = job.Alias ?? (champion is null ? ModelAlias.Champion : ModelAlias.Challenger);

        // Training is repeatable: the same data may give the champion itself.
        if (!string.Equals(champion, version.Hash, StringComparison.Ordinal))
        {
            await registry.MoveAsync(job.Model!, alias, version.Hash, cancellationToken: cancellationToken);
        }

        return now => now with { Version = version.Hash };
    }

    /// <summary>Renews the lease until the job has ended; ends it when it was cancelled or is another node's.</summary>
    private async Task HoldAsync(JobRecord job, JobProcess process, CancellationTokenSource cancel, CancellationToken ended)
    {
        var every = _options.Lease / 3;
        using var timer = new PeriodicTimer(every < _options.PollEvery ? every : _options.PollEvery, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
            {
                try
                {
                    if (await queue.RenewAsync(job, process.Progress, ended) is not { IsCancelRequested: false })
                    {
                        await cancel.CancelAsync();
                        return;
                    }
                }
                catch (DaemonException)
                {
                    // The store is not there at the moment; the lease may outlast that.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The job has ended.
        }
    }

    private async Task TryAsync(Func<Task> note)
    {
        try
        {
            await note();
        }
        catch (DaemonException error)
        {
            // Its lease runs out, and it is dealt again.
            LogNotDealt(error.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Job {Job} failed: {Reason}")]
    private partial void LogFailed(string job, string reason);

    [LoggerMessage(LogLevel.Warning, "Jobs could not be dealt: {Reason}")]
    private partial void LogNotDealt(string reason);

    [LoggerMessage(LogLevel.Warning, "The process of job {Job} had outlived an earlier daemon and was ended")]
    private partial void LogOrphan(string job);
}
