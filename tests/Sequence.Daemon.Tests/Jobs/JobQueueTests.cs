using Sequence.Daemon.Jobs;
using Sequence.Daemon.Storage.Sqlite;

namespace Sequence.Daemon.Tests.Jobs;

[TestClass]
public sealed class JobQueueTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new();
    private readonly SqliteObservationStore _store;
    private readonly JobQueue _queue;

    public JobQueueTests()
    {
        _store = SqliteObservationStore.Open(_folder.File("store.db"), TimeProvider.System);
        _queue = new JobQueue(_store, new JobOptions { MostAttempts = 2, Lease = TimeSpan.FromMinutes(1), Kept = 3 }, _clock);
    }

    [TestMethod]
    public async Task Job_ClaimedByManyAtOneTime_IsOneNodes()
    {
        for (var job = 0; job < 5; job++)
        {
            await AddAsync();
        }

        var claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(node => Task.Run(() => _queue.ClaimAsync($"node-{node}", default))));
        var taken = claims.OfType<JobRecord>().ToArray();
        Assert.HasCount(5, taken);
        Assert.HasCount(5, taken.Select(job => job.Id).Distinct());
    }

    [TestMethod]
    public async Task Job_WhoseLeaseRanOut_IsDealtAgainAndThenGivenUp()
    {
        var job = await AddAsync();
        var first = (await _queue.ClaimAsync("a", default))!;
        Assert.AreEqual(job.Id, first.Id);
        _clock.Now += TimeSpan.FromSeconds(50);
        Assert.IsNotNull(await _queue.RenewAsync(first, 0.5, default));
        _clock.Now += TimeSpan.FromSeconds(50);
        Assert.IsNull(await _queue.ClaimAsync("b", default));
        _clock.Now += TimeSpan.FromSeconds(11);
        var second = (await _queue.ClaimAsync("b", default))!;
        Assert.AreEqual(2, second.Attempts);

        // The node that was too slow has nothing to say any more.
        Assert.IsNull(await _queue.RenewAsync(first, 0.9, default));
        Assert.IsNull(await _queue.EndAsync(first, JobState.Succeeded, now => now));
        _clock.Now += TimeSpan.FromMinutes(2);
        Assert.IsNull(await _queue.ClaimAsync("c", default));
        var ended = (await _queue.FindAsync(job.Id))!;
        Assert.AreEqual(JobState.Failed, ended.State);
        Assert.Contains("begun 2 times", ended.Fault!);
    }

    [TestMethod]
    public async Task Job_OfANodeThatDied_IsDealtAgainAlthoughTheClockWasSetBack()
    {
        await AddAsync();
        Assert.IsNotNull(await _queue.ClaimAsync("a", default));

        // Clocks of nodes may differ by less than a lease.
        _clock.Now -= TimeSpan.FromSeconds(59);
        Assert.IsNull(await _queue.ClaimAsync("b", default));
        _clock.Now -= TimeSpan.FromDays(1);
        Assert.AreEqual(2, (await _queue.ClaimAsync("b", default))!.Attempts);
    }

    [TestMethod]
    public async Task Job_OfANodeThatStartsAnew_IsQueuedAgain()
    {
        await AddAsync();
        await _queue.ClaimAsync("a", default);
        await _queue.ReleaseAsync("b");
        Assert.IsNull(await _queue.ClaimAsync("a", default));
        await _queue.ReleaseAsync("a");
        Assert.AreEqual(2, (await _queue.ClaimAsync("a", default))!.Attempts);
    }

    [TestMethod]
    public async Task Job_CancelledBeforeItsNodeDied_IsNotDealtAgain()
    {
        var job = await AddAsync();
        await _queue.ClaimAsync("a", default);
        Assert.AreEqual(JobState.Running, (await _queue.CancelAsync(job.Id, default)).State);
        _clock.Now += TimeSpan.FromMinutes(2);
        Assert.IsNull(await _queue.ClaimAsync("b", default));
        Assert.AreEqual(JobState.Cancelled, (await _queue.FindAsync(job.Id))!.State);
        await Assert.ThrowsExactlyAsync<DaemonException>(() => _queue.CancelAsync(job.Id, default));
        await Assert.ThrowsExactlyAsync<DaemonException>(() => _queue.CancelAsync("none", default));
    }

    [TestMethod]
    public async Task Jobs_ThatEnded_AreKeptInANumber()
    {
        List<string> made = [];
        for (var job = 0; job < 6; job++)
        {
            made.Add((await AddAsync()).Id);
            await _queue.EndAsync((await _queue.ClaimAsync("a", default))!, JobState.Succeeded, now => now);
            _clock.Now += TimeSpan.FromSeconds(1);
        }

        CollectionAssert.AreEqual(made[^3..], (await _queue.ListAsync()).ConvertAll(job => job.Id));
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Dispose();
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    private Task<JobRecord> AddAsync() => _queue.AddAsync((id, now) => new JobRecord(id, JobKind.Train, ["a"], [], "test", now) { Model = "m" });
}
