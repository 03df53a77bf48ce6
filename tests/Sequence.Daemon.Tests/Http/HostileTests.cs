using System.Net;

namespace Sequence.Daemon.Tests.Http;

[TestClass]
public sealed class HostileTests
{
    [TestMethod]
    public async Task HostileRequests_OfEveryKind_BreakNothing()
    {
        using var folder = new TemporaryFolder();
        await using var daemon = await RunningDaemon.StartAsync(folder.Path);
        using var run = new HostileRun(daemon.Client.BaseAddress!, TimeSpan.FromSeconds(2));
        await run.SendAsync(seed: 7, count: 300);
        Assert.IsEmpty(run.GoodClientFaults, string.Join('\n', run.GoodClientFaults));
        Assert.IsEmpty(
            run.Answers.Keys.Where(one => one.Answer is "500" or "501" or "502" or "504"), string.Join('\n', run.Answers));
        Assert.AreEqual(HttpStatusCode.OK, (await daemon.SendAsync(HttpMethod.Get, "/health/ready")).Status);
        Assert.HasCount(
            run.Appended, (await daemon.GetAsync("/series/steady/observations?limit=10000")).GetProperty("observations").EnumerateArray().ToArray());
    }
}
