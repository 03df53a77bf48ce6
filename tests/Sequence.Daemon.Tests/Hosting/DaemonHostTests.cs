using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Sequence.Daemon.Tests.Hosting;

[TestClass]
public sealed class DaemonHostTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [TestMethod]
    public void Options_OfManyFaults_NameThemAll()
    {
        var options = new DaemonOptions { DataDir = " ", Urls = "http://0.0.0.0:80; ftp://localhost ;http://10.0.0.1:80;nonsense;http://127.0.0.1/path" };
        var faults = Assert.ThrowsExactly<ConfigurationException>(options.Validate).Faults;
        Assert.HasCount(7, faults);
        Assert.AreEqual(2, faults.Count(fault => fault.Contains("without authentication", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task Options_OfOtherAddresses_NeedAKeyAndTheNamesOfTheHost()
    {
        var options = new DaemonOptions { DataDir = _folder.Path, Urls = "http://0.0.0.0:0" };
        Assert.Contains("sequence daemon key add", Refused(options with { Safety = new SafetyOptions { Hosts = ["daemon.example"] } }));
        await new KeyFile(_folder.Path).AddAsync("a", KeyScopes.Read, TimeProvider.System);
        Assert.Contains("Safety.Hosts", Refused(options));
        Assert.Contains("'a b'", Refused(options with { Safety = new SafetyOptions { Hosts = ["a b"] } }));
        await using var daemon = await RunningDaemon.StartAsync(
            _folder.Path, change: read => read with { Urls = options.Urls, Safety = new SafetyOptions { Hosts = ["daemon.example"] } });
        using var client = new HttpClient();
        foreach (var (host, status) in ((string, HttpStatusCode)[])[
            ("daemon.example", HttpStatusCode.OK), ("127.0.0.1", HttpStatusCode.OK), ("elsewhere.example", HttpStatusCode.BadRequest)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{daemon.Client.BaseAddress!.Port}/health/live");
            request.Headers.Host = host;
            using var answer = await client.SendAsync(request);
            Assert.AreEqual(status, answer.StatusCode, host);
        }

        static string Refused(DaemonOptions options) => Assert.ThrowsExactly<ConfigurationException>(options.Validate).Message;
    }

    [TestMethod]
    [DataRow("http://127.0.0.1:0")]
    [DataRow("http://localhost:8080/")]
    [DataRow("http://[::1]:5;http://127.3.2.1:5")]
    public void Options_OfLoopback_AreTaken(string urls) => new DaemonOptions { DataDir = _folder.Path, Urls = urls }.Validate();

    [TestMethod]
    public async Task Run_OnAFolderInUse_IsRefused()
    {
        await using var first = await RunningDaemon.StartAsync(_folder.Path);
        var refusal = await Assert.ThrowsExactlyAsync<ConfigurationException>(() => RunningDaemon.StartAsync(_folder.Path));
        Assert.Contains("in use by another daemon", refusal.Message);
        Assert.AreEqual("ready", (await first.SendAsync(HttpMethod.Get, "/health/ready")).Body);
    }

    [TestMethod]
    public async Task Run_AskedToStop_EndsWellAndLeavesOneFileOfTheStore()
    {
        await using (var daemon = await RunningDaemon.StartAsync(_folder.Path))
        {
            await daemon.PutAsync("a", """{"frequency":"D","model":"drift"}""");
            await daemon.PostAsync("a", Days.Array([(0, 1)]));
            Assert.IsTrue(await daemon.StopAsync());
        }

        CollectionAssert.AreEquivalent(
            new[] { "daemon.lock", "models", "sign-in", "store.db" }, Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).ToArray());
    }

    [TestMethod]
    public async Task Run_WhenAServiceFails_EndsAsAFailure()
    {
        var fail = new TaskCompletionSource();
        await using var daemon = await RunningDaemon.StartAsync(
            _folder.Path, services => services.AddHostedService(_ => new Failing(fail.Task)));
        Assert.AreEqual("live", (await daemon.SendAsync(HttpMethod.Get, "/health/live")).Body);
        fail.SetException(new InvalidOperationException("broken on purpose"));
        Assert.IsFalse(await daemon.Ended);
    }

    [TestMethod]
    public async Task Request_WhileStopping_IsToldToComeBack()
    {
        var hold = new TaskCompletionSource();
        var daemon = await RunningDaemon.StartAsync(_folder.Path, services => services.AddHostedService(_ => new HeldStop(hold.Task)));
        Assert.AreEqual("ready", (await daemon.SendAsync(HttpMethod.Get, "/health/ready")).Body);
        var stopping = daemon.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var stopped = daemon.StopAsync();
        var begun = new TaskCompletionSource();
        await using (stopping.Register(begun.SetResult))
        {
            await begun.Task;
        }

        foreach (var path in (string[])["/health/ready", "/series"])
        {
            var answer = await daemon.SendAsync(HttpMethod.Get, path);
            Assert.Contains("stopping", answer.Refused(HttpStatusCode.ServiceUnavailable));
        }

        hold.SetResult();
        Assert.IsTrue(await stopped);
        await daemon.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    private sealed class Failing(Task fault) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => fault;
    }
}
