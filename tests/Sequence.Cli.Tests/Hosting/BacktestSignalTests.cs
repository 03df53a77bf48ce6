namespace Sequence.Cli.Tests.Hosting;

[TestClass]
public sealed class BacktestSignalTests
{
    private const int Cancelled = 130;

    [TestMethod]
    public async Task WalkForward_StoppedThenResumed_WritesTheTableOfAnUnbrokenRun()
    {
        RequireUnix();
        using var folder = new TemporaryFolder();
        Backtests.WriteCloses(folder, Backtests.Wave(200));
        var config = Backtests.Write(folder, """
            {
              "data": { "files": "prices.csv", "closeOnly": true },
              "strategy": { "kind": "long-flat" },
              "forecast": { "forecaster": "resnls-5", "firstOrigin": 184, "training": { "epochs": 3, "patience": 0 } }
            }
            """);
        var (broken, whole) = (folder.File("broken"), folder.File("whole"));
        using (var child = new ChildProcess(Arguments(broken)))
        {
            await child.WaitForAsync(() => File.Exists(Path.Combine(broken, "folds", "fold-000002.csv")));
            child.Signal("INT");
            var outcome = await child.WaitAsync();
            Assert.AreEqual(Cancelled, outcome.ExitCode, outcome.Error);
            Assert.Contains("finished parts are kept", outcome.Error);
            Assert.Contains("--resume", outcome.Error);
            Assert.Contains("Cancelled.", outcome.Error);
            Assert.AreEqual(string.Empty, outcome.Output);
        }

        CollectionAssert.AreEqual(new[] { "folds" }, Directory.GetFileSystemEntries(broken).Select(Path.GetFileName).ToArray());
        var kept = Directory.GetFiles(Path.Combine(broken, "folds"), "fold-*.csv").Length;
        Assert.IsInRange(3, 16, kept);
        Assert.Contains("--resume", CommandLine.Refused(Arguments(broken)));
        var resumed = CommandLine.Run([.. Arguments(broken), "--resume"]);
        Assert.AreEqual(0, resumed.ExitCode, resumed.Error);
        Assert.AreEqual(0, CommandLine.Run(Arguments(whole)).ExitCode);
        foreach (var name in new[] { "forecasts.csv", "forecasts.parquet", "summary.json", "trades.csv", "equity.csv" })
        {
            Assert.AreEqual(Files.Sha256(Path.Combine(whole, name)), Files.Sha256(Path.Combine(broken, name)), name);
        }

        string[] Arguments(string output) => ["backtest", "walk-forward", "--config", config, "--out", output];
    }

    [TestMethod]
    public async Task Sweep_StoppedThenResumed_WritesTheTrialsOfAnUnbrokenRun()
    {
        RequireUnix();
        using var folder = new TemporaryFolder();
        Backtests.WriteCloses(folder, Backtests.Wave(1000));
        var config = Backtests.Write(folder, """
            {
              "data": { "files": "prices.csv", "closeOnly": true },
              "strategy": { "kind": "sma-cross" },
              "sweep": { "parameters": { "fast": { "from": 1, "to": 40 }, "slow": { "from": 41, "to": 90 } }, "partTrials": 20, "workers": 2 }
            }
            """);
        var (broken, whole) = (folder.File("broken"), folder.File("whole"));
        using (var child = new ChildProcess(Arguments(broken)))
        {
            await child.WaitForAsync(() => Trials(broken).Length > 0);
            child.Signal("INT");
            var outcome = await child.WaitAsync();
            Assert.AreEqual(Cancelled, outcome.ExitCode, outcome.Error);
            Assert.Contains("--resume", outcome.Error);
            Assert.AreEqual(string.Empty, outcome.Output);
        }

        Assert.IsInRange(1, 99, Trials(broken).Length);
        Assert.AreEqual(0, CommandLine.Run([.. Arguments(broken), "--resume"]).ExitCode);
        Assert.AreEqual(0, CommandLine.Run(Arguments(whole)).ExitCode);
        Assert.HasCount(100, Trials(whole));
        CollectionAssert.AreEqual(Trials(whole).Select(Files.Sha256).ToArray(), Trials(broken).Select(Files.Sha256).ToArray());
        Assert.AreEqual(Files.Sha256(Path.Combine(whole, "summary.json")), Files.Sha256(Path.Combine(broken, "summary.json")));

        string[] Arguments(string output) => ["backtest", "sweep", "--config", config, "--out", output];

        static string[] Trials(string output) => Directory.Exists(Path.Combine(output, "trials"))
            ? [.. Directory.GetFiles(Path.Combine(output, "trials"), "part-*.parquet").Order(StringComparer.Ordinal)]
            : [];
    }

    private static void RequireUnix()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("Signals are sent with kill, which this system lacks.");
        }
    }
}
