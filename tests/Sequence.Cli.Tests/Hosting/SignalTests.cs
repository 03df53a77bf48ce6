using System.Diagnostics;

namespace Sequence.Cli.Tests.Hosting;

[TestClass]
public sealed class SignalTests
{
    private const int Cancelled = 130;

    [TestMethod]
    public async Task Train_StoppedThenResumed_WritesTheWeightsOfAnUnbrokenRun()
    {
        RequireUnix();
        using var folder = new TemporaryFolder();
        var data = Files.WriteSeries(folder, 300);
        var (broken, whole) = (folder.File("broken"), folder.File("whole"));
        using (var child = new ChildProcess(Arguments(broken)))
        {
            await child.WaitForAsync(() => Directory.Exists(broken));
            child.Signal("INT");
            var outcome = await child.WaitAsync();
            Assert.AreEqual(Cancelled, outcome.ExitCode, outcome.Error);
            Assert.Contains("Cancelled.", outcome.Error);
            Assert.AreEqual(string.Empty, outcome.Output);
        }

        CollectionAssert.AreEquivalent(
            new[] { "metrics.jsonl", "training-state.safetensors" },
            Directory.GetFileSystemEntries(broken).Select(Path.GetFileName).ToArray());
        Assert.Contains("--resume", CommandLine.Refused(Arguments(broken)));
        Assert.AreEqual(0, CommandLine.Run([.. Arguments(broken), "--resume"]).ExitCode);
        Assert.AreEqual(0, CommandLine.Run(Arguments(whole)).ExitCode);
        Assert.AreEqual(Files.Sha256(Weights(whole)), Files.Sha256(Weights(broken)));
        CollectionAssert.AreEquivalent(
            new[] { "checkpoint", "metrics.jsonl" },
            Directory.GetFileSystemEntries(broken).Select(Path.GetFileName).ToArray());
        Assert.Contains("--resume", CommandLine.Refused([.. Arguments(broken), "--resume"]));

        string[] Arguments(string output) =>
            ["model", "train", "--data", data, "--out", output, "--model", "resnls-5", "--epochs", "4", "--patience", "0"];

        static string Weights(string output) => Path.Combine(output, "checkpoint", "weights.safetensors");
    }

    [TestMethod]
    [DataRow("INT", "model evaluate --models resnls-5 --epochs 1000000 --patience 0 --out OUT")]
    [DataRow("TERM", "quickstart --models resnls-5 --epochs 1000000 --patience 0 --horizon 2 --out OUT")]
    public async Task Run_StoppedWhileComputing_EndsSoonAndWritesNothing(string signal, string line)
    {
        RequireUnix();
        using var folder = new TemporaryFolder();
        var data = Files.WriteSeries(folder, 700);
        var output = folder.File("out");
        using var child = new ChildProcess([.. line.Replace("OUT", output, StringComparison.Ordinal).Split(' '), "--data", data]);
        await child.WaitForAsync(() => Directory.Exists(output));
        child.Signal(signal);
        var outcome = await child.WaitAsync();
        Assert.AreEqual(Cancelled, outcome.ExitCode, outcome.Error);
        Assert.AreEqual(string.Empty, outcome.Output);
        Assert.IsEmpty(Directory.GetFileSystemEntries(output));
    }

    [TestMethod]
    public async Task Run_SecondSignal_EndsAtOnce()
    {
        RequireUnix();
        using var folder = new TemporaryFolder();
        var pipe = folder.File("endless.csv");
        using (var made = Process.Start("mkfifo", [pipe]))
        {
            await made.WaitForExitAsync();
        }

        // The reading of a pipe that says nothing heeds no first signal.
        using var child = new ChildProcess("data", "describe", "--data", pipe);
        await using var held = await Task.Run(() => new FileStream(pipe, FileMode.Open, FileAccess.Write));
        child.Signal("INT");
        Assert.Contains("once more", await child.Error.ReadLineAsync() ?? string.Empty);
        Assert.IsFalse(child.HasExited);
        child.Signal("INT");
        Assert.AreEqual(Cancelled, (await child.WaitAsync()).ExitCode);
    }

    [TestMethod]
    public async Task Train_InAProcessOfItsOwn_PrintsOnlyJsonAndNoProgress()
    {
        using var folder = new TemporaryFolder();
        using var child = new ChildProcess(
            "model", "train", "--data", Files.WriteSeries(folder, 200), "--out", folder.File("out"), "--model", "nlinear-5",
            "--epochs", "2", "--json");
        var outcome = await child.WaitAsync();
        Assert.AreEqual("nlinear-5", outcome.Json().GetProperty("name").GetString());
        Assert.AreEqual(string.Empty, outcome.Error);
    }

    private static void RequireUnix()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("Signals are sent with kill, which this system lacks.");
        }
    }
}
