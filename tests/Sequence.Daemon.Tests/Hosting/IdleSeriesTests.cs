using Microsoft.Extensions.DependencyInjection;
using Sequence.Daemon.Storage;

namespace Sequence.Daemon.Tests.Hosting;

[TestClass]
public sealed class IdleSeriesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [TestMethod]
    [DataRow("00:00:00.9")]
    [DataRow("-00:10:00")]
    [DataRow("30.00:00:01")]
    public void Options_OfAnIdleTimeOutOfRange_AreRefused(string time)
    {
        var options = new DaemonOptions { DataDir = _folder.Path, IdleAfter = TimeSpan.Parse(time) };
        Assert.Contains("IdleAfter is", Assert.ThrowsExactly<ConfigurationException>(options.Validate).Faults.Single());
    }

    [TestMethod]
    public async Task Series_LeftIdle_IsSavedAndAnswersTheSame()
    {
        SmallCheckpoints.WriteLstm(_folder.Path, "m");
        await using var daemon = await RunningDaemon.StartAsync(
            _folder.Path, change: options => options with { IdleAfter = TimeSpan.FromSeconds(1) });
        await daemon.PutAsync("a", """{"frequency":"D","model":"checkpoint:m"}""");
        var prices = Days.Prices(8);
        await daemon.PostAsync("a", Days.Array(prices, 0, 7));
        var before = await daemon.GetAsync("/series/a/forecast");

        // Only a series that leaves is saved after so few observations.
        var store = daemon.Services.GetRequiredService<IObservationStore>();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await store.FindSnapshotAsync("a", before.GetProperty("modelVersion").GetString()!) is null)
        {
            await often.WaitForNextTickAsync(limit.Token);
        }

        Assert.AreEqual(before.ToString(), (await daemon.GetAsync("/series/a/forecast")).ToString());
        await daemon.PostAsync("a", Days.Array(prices, 7, 1));
        Assert.AreNotEqual(before.ToString(), (await daemon.GetAsync("/series/a/forecast")).ToString());
    }

    public void Dispose() => _folder.Dispose();
}
