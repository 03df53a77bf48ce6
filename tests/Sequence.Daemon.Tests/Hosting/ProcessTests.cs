using System.Net;
using System.Text;

namespace Sequence.Daemon.Tests.Hosting;

/// <summary>`sequence daemon run` as a process: what only a process has.</summary>
[TestClass]
public sealed class ProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [TestMethod]
    public async Task Kill_UnderLoad_LosesNothingAcknowledgedAndDoublesNothing()
    {
        var result = await new KillRounds(_folder.Path, seed: 11).RunAsync(rounds: 2);
        Assert.IsTrue(result.IsWhole, result.ToString());
        Assert.IsGreaterThan(100, result.Acknowledged, result.ToString());
        Assert.IsGreaterThan(0, result.Unanswered, result.ToString());
    }

    [TestMethod]
    [DataRow("TERM")]
    [DataRow("INT")]
    public async Task Signal_UnderLoad_EndsWellAndKeepsWhatWasAcknowledged(string signal)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("Signals are sent with kill, which this system lacks.");
        }

        var acknowledged = 0;
        using (var daemon = await DaemonProcess.StartAsync(_folder.Path))
        {
            using var http = new HttpClient { BaseAddress = daemon.Address };
            using var series = Json("""{"frequency":"D","model":"drift"}""");
            (await http.PutAsync("/series/a", series)).EnsureSuccessStatusCode();
            var many = new TaskCompletionSource();
            var load = Task.Run(async () =>
            {
                while (true)
                {
                    try
                    {
                        using var content = Json(Days.Array([(acknowledged, acknowledged)]));
                        using var response = await http.PostAsync("/series/a/observations", content);
                        if (response.StatusCode != HttpStatusCode.OK)
                        {
                            return (HttpStatusCode?)response.StatusCode;
                        }

                        if (++acknowledged == 20)
                        {
                            many.SetResult();
                        }
                    }
                    catch (HttpRequestException)
                    {
                        return null;
                    }
                }
            });
            await many.Task;
            daemon.Signal(signal);
            Assert.AreEqual(0, await daemon.WaitAsync(), daemon.Error);
            Assert.IsTrue(await load is null or HttpStatusCode.ServiceUnavailable);
        }

        await using var restarted = await RunningDaemon.StartAsync(_folder.Path);
        var rows = (await restarted.GetAsync("/series/a/observations?limit=10000")).GetProperty("observations").GetArrayLength();
        Assert.IsTrue(rows == acknowledged || rows == acknowledged + 1, $"{rows} rows of {acknowledged} acknowledged");
    }

    [TestMethod]
    public async Task Run_OfWrongOptions_NamesEveryFaultAsItIsTyped()
    {
        var file = _folder.File("file");
        await File.WriteAllTextAsync(file, "x");
        using var daemon = DaemonProcess.Launch("daemon", "run", "--data-dir", file, "--urls", "http://0.0.0.0:80");
        Assert.AreEqual(2, await daemon.WaitAsync());
        Assert.Contains("--data-dir", daemon.Error);
        Assert.Contains("--urls holds 'http://0.0.0.0:80'", daemon.Error);
        Assert.DoesNotContain("   at ", daemon.Error);
    }

    [TestMethod]
    public async Task Run_OnABrokenStore_IsRefusedWithASentence()
    {
        await File.WriteAllTextAsync(_folder.File("store.db"), new string('x', 10_000));
        using var daemon = DaemonProcess.Launch("daemon", "run", "--data-dir", _folder.Path, "--urls", "http://127.0.0.1:0");
        Assert.AreEqual(2, await daemon.WaitAsync());
        Assert.Contains("move it away", daemon.Error);
        Assert.DoesNotContain("   at ", daemon.Error);
    }

    public void Dispose() => _folder.Dispose();

    private static StringContent Json(string text) => new(text, Encoding.UTF8, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
}
