using Microsoft.Extensions.DependencyInjection;
using Sequence.Daemon.Jobs;
using Sequence.Daemon.Registry;
using Sequence.Daemon.Watching;

namespace Sequence.Daemon.Tests.Jobs;

[TestClass]
public sealed class DriftRetrainingTests
{
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task Drift_OfASeries_TrainsItsModelWhereThatIsWanted(bool isWanted)
    {
        using var folder = new TemporaryFolder();
        await using var daemon = await RunningDaemon.StartAsync(folder.Path, change: options => options with { Jobs = new JobOptions { AtOnce = 0 } });
        (await daemon.AliasAsync("m", "champion", await daemon.UploadAsync("m", 3))).Json();
        await daemon.PutAsync("a", """{"frequency":"D","model":"model:m"}""");
        await daemon.PutAsync("b", """{"frequency":"D","model":"drift"}""");
        await daemon.PostAsync("a", Days.Array(Days.Prices(60), 0, 60));
        var records = daemon.Services.GetRequiredService<ModelRecords>();
        await records.ChangeAsync("m", old => old with { Recipe = new TrainRequest { Series = ["a"], RetrainOnDrift = isWanted } });
        var drift = daemon.Services.GetRequiredService<DriftLog>();
        var queue = daemon.Services.GetRequiredService<JobQueue>();
        foreach (var series in (string[])["b", "a"])
        {
            var finding = new DriftFinding(series, "v", DriftKind.Coverage, 80, 50, 70, Days.First, Days.First, null);
            await drift.WriteAsync(series, [finding], [finding]);
        }

        if (isWanted)
        {
            await Until.TrueAsync(async () => (await queue.ListAsync()).Count > 0);
        }

        // The training of a model that waits is the answer to the next drift too.
        var again = new DriftFinding("a", "v", DriftKind.Inputs, null, 1, 0.25, Days.First, Days.First, null);
        await drift.WriteAsync("a", [again], [again]);
        var jobs = await queue.ListAsync();
        Assert.HasCount(isWanted ? 1 : 0, jobs);
        Assert.IsTrue(jobs.All(job => job is { Model: "m", Reason: "drift of Coverage in series a" }));
    }
}
