using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Sequence.Daemon.Tests.Hosting;

[TestClass]
public sealed class SystemdTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [TestMethod]
    public async Task Run_UnderSystemd_TellsWhenItListensThatItLivesAndThatItStops()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Inconclusive("There is no systemd here.");
        }

        var path = _folder.File("notify");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        var start = new ProcessStartInfo(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "sequence.dll"), "daemon", "run", "--data-dir", _folder.File("data"), "--urls", "http://127.0.0.1:0"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        start.Environment["NOTIFY_SOCKET"] = path;
        start.Environment["WATCHDOG_USEC"] = "400000";
        using var daemon = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            // Nothing at all is said before it is ready; then it listens.
            var first = await NextAsync();
            while (first == "WATCHDOG=1")
            {
                first = await NextAsync();
            }

            Assert.AreEqual("READY=1", first);
            var line = await daemon.StandardOutput.ReadLineAsync(limit.Token);
            using var client = new HttpClient { BaseAddress = new Uri(line!["Listening on ".Length..]) };
            Assert.AreEqual("ready", await client.GetStringAsync("/health/ready", limit.Token));
            Assert.AreEqual("WATCHDOG=1", await NextAsync());
            Assert.AreEqual(0, (await CommandRun.OfAsync("kill", "-TERM", daemon.Id.ToString())).ExitCode);
            string next;
            do
            {
                next = await NextAsync();
            }
            while (next == "WATCHDOG=1");

            Assert.AreEqual("STOPPING=1", next);
            await daemon.WaitForExitAsync(limit.Token);
            Assert.AreEqual(0, daemon.ExitCode);
        }
        finally
        {
            daemon.Kill();
        }

        async Task<string> NextAsync()
        {
            var buffer = new byte[256];
            return Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, limit.Token));
        }
    }

    [TestMethod]
    public async Task Unit_AsItIsPackaged_PassesSystemdsOwnCheck()
    {
        if (!File.Exists("/usr/bin/systemd-analyze"))
        {
            Assert.Inconclusive("systemd-analyze is not installed.");
        }

        // The command of the unit is not installed here; a file of the test stands in for it.
        var unit = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "sequence-daemon.service"));
        Assert.Contains("ExecStart=/opt/sequence/sequence daemon run", unit);
        Assert.Contains("KillMode=mixed", unit);
        var path = _folder.File("sequence-daemon.service");
        await File.WriteAllTextAsync(path, unit.Replace("/opt/sequence/sequence", "/bin/true", StringComparison.Ordinal));
        var check = await CommandRun.OfAsync("systemd-analyze", "verify", "--man=no", path);
        var said = string.Join('\n', (check.Output + check.Error).Split('\n').Where(line => line.Contains("sequence-daemon", StringComparison.Ordinal)));
        Assert.AreEqual(string.Empty, said);
        Assert.AreEqual(0, check.ExitCode, check.Error);
    }

    [TestMethod]
    public async Task Key_ByTheCommand_IsPrintedOnceListedAndRemoved()
    {
        var added = await CommandRun.SequenceAsync("daemon", "key", "add", "--data-dir", _folder.Path, "--name", "loader", "--scope", "read,write");
        Assert.AreEqual(0, added.ExitCode, added.Error);
        Assert.AreEqual(KeyScopes.Read | KeyScopes.Write, new KeyFile(_folder.Path).Read().Single().Scopes);
        Assert.AreEqual(Convert.ToHexStringLower(KeyFile.Hash(added.Output.Trim())), new KeyFile(_folder.Path).Read().Single().Hash);
        var wrong = await CommandRun.SequenceAsync("daemon", "key", "add", "--data-dir", _folder.Path, "--name", "b", "--scope", "root");
        Assert.AreEqual(2, wrong.ExitCode);
        Assert.Contains("--scope holds 'root'", wrong.Error);
        var list = await CommandRun.SequenceAsync("daemon", "key", "list", "--data-dir", _folder.Path);
        Assert.Contains("loader", list.Output);
        Assert.Contains("read, write", list.Output);
        Assert.DoesNotContain(added.Output.Trim(), list.Output);
        var removed = await CommandRun.SequenceAsync("daemon", "key", "remove", "--data-dir", _folder.Path, "--name", "loader");
        Assert.AreEqual(0, removed.ExitCode, removed.Error);
        Assert.IsEmpty(new KeyFile(_folder.Path).Read());
    }

    public void Dispose() => _folder.Dispose();
}
