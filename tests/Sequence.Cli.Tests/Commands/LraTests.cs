using System.Globalization;
using System.Text.Json;

namespace Sequence.Cli.Tests.Commands;

[TestClass]
public sealed class LraTests
{
    [TestMethod]
    public void List_AsJson_HasEveryTaskAndModel()
    {
        using var json = JsonDocument.Parse(CommandLine.Run("lra", "list", "--json").Output);
        Assert.AreEqual(7, json.RootElement.GetProperty("tasks").GetArrayLength());
        Assert.AreEqual(10, json.RootElement.GetProperty("models").GetArrayLength());
        var list = CommandLine.Run("lra", "list").Output;
        Assert.Contains("path-x", list);
        Assert.Contains("linear-transformer", list);
    }

    [TestMethod]
    public void Table_WithoutRuns_ShowsThePublishedRowsAndBothAverages()
    {
        using var folder = new TemporaryFolder();
        var table = CommandLine.Run("lra", "table", "--data-dir", folder.Path).Output;
        Assert.Contains("86.09", table);
        Assert.Contains("84.04", table);
        Assert.Contains("Table 10", table);
        using var json = JsonDocument.Parse(CommandLine.Run("lra", "table", "--data-dir", folder.Path, "--json").Output);
        Assert.IsTrue(json.RootElement.EnumerateArray().All(row => row.GetProperty("source").GetString()!.Length > 0));
    }

    [TestMethod]
    public void Run_OnPairs_EndsWithItsPlaceAndStandsInTheTable()
    {
        using var folder = new TemporaryFolder();
        WritePairs(folder.Path);
        string[] run = ["lra", "run", "retrieval", "--model", "s4d", "--epochs", "2", "--data-dir", folder.Path];
        var outcome = CommandLine.Run(run);
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        Assert.Contains("> s4d", outcome.Output);
        Assert.Contains("not the published task", outcome.Output);

        // Once more it is refused, with --resume it is shown again.
        Assert.Contains("has ended", CommandLine.Refused(run));
        using var json = JsonDocument.Parse(CommandLine.Run([.. run, "--resume", "--json"]).Output);
        Assert.AreEqual(2, json.RootElement.GetProperty("result").GetProperty("epochsDone").GetInt32());
        Assert.IsGreaterThan(20, json.RootElement.GetProperty("of").GetInt32());
        Assert.IsFalse(json.RootElement.GetProperty("isComparable").GetBoolean());
        Assert.Contains("s4d", CommandLine.Run("lra", "table", "--data-dir", folder.Path).Output);
    }

    [TestMethod]
    public async Task Run_KilledAnywhereAndResumed_EndsWithTheResultOfAnUnbrokenRun()
    {
        using var folder = new TemporaryFolder();
        var (whole, killed) = (Path.Combine(folder.Path, "whole"), Path.Combine(folder.Path, "killed"));
        WritePairs(whole);
        WritePairs(killed);
        string[] Arguments(string arena) =>
        [
            "lra", "run", "retrieval", "--model", "transformer", "--epochs", "30", "--checkpoint-minutes", "0.001", "--resume",
            "--data-dir", arena, "--json",
        ];
        var expected = CommandLine.Run(Arguments(whole));
        Assert.AreEqual(0, expected.ExitCode, expected.Error);
        var run = Path.Combine(killed, "runs", "retrieval-transformer-small-seed1");
        foreach (var (lines, signal) in new[] { (1, "KILL"), (9, "INT"), (20, "KILL") })
        {
            using var child = new ChildProcess(Arguments(killed));
            await child.WaitForAsync(() => Lines(Path.Combine(run, "metrics.jsonl")) >= lines);
            child.Signal(signal);
            var outcome = await child.WaitAsync();
            Assert.AreEqual(signal == "INT" ? 130 : 137, outcome.ExitCode, outcome.Error);
            Assert.IsFalse(File.Exists(Path.Combine(run, "result.json")));
        }

        var resumed = CommandLine.Run(Arguments(killed));
        Assert.AreEqual(0, resumed.ExitCode, resumed.Error);
        CollectionAssert.AreEqual(
            await File.ReadAllBytesAsync(Path.Combine(whole, "runs", "retrieval-transformer-small-seed1", "weights.safetensors")),
            await File.ReadAllBytesAsync(Path.Combine(run, "weights.safetensors")));
        Assert.AreEqual(Accuracy(expected), Accuracy(resumed));

        static int Lines(string path) => File.Exists(path) ? File.ReadAllLines(path).Length : 0;

        static double Accuracy(Outcome outcome)
        {
            using var json = JsonDocument.Parse(outcome.Output);
            return json.RootElement.GetProperty("result").GetProperty("accuracy").GetDouble();
        }
    }

    [TestMethod]
    public void Run_OfWhatThereIsNot_IsRefusedWithTheNearestName()
    {
        Assert.Contains("Did you mean 'listops'?", CommandLine.Refused("lra", "run", "listop", "--model", "s4"));
        Assert.Contains("Did you mean 's4d'?", CommandLine.Refused("lra", "run", "listops", "--model", "s4dd"));
        Assert.Contains("small", CommandLine.Refused("lra", "run", "listops", "--model", "s4", "--preset", "tiny"));
        Assert.Contains("cuda:1", CommandLine.Refused("lra", "run", "listops", "--model", "s4", "--device", "tpu"));
        foreach (var budget in new[] { "10", "0s", "-3m", "xs", "1d", "m" })
        {
            Assert.Contains("--time-budget", CommandLine.Refused("lra", "run", "listops", "--model", "s4", "--time-budget", budget));
        }

        Assert.Contains("--epochs", CommandLine.Refused("lra", "run", "listops", "--model", "s4", "--epochs", "0"));
        Assert.Contains(
            "--checkpoint-minutes",
            CommandLine.Refused("lra", "run", "listops", "--model", "s4", "--checkpoint-minutes", "0"));
    }

    [TestMethod]
    public void Run_WithDataThatIsMissingOrDamaged_SaysWhereAndWhatToDo()
    {
        using var folder = new TemporaryFolder();
        string[] run = ["lra", "run", "retrieval", "--model", "s4d", "--epochs", "1", "--data-dir", folder.Path];
        Assert.Contains("passages", CommandLine.Refused(run));
        WritePairs(folder.Path);
        var training = Path.Combine(folder.Path, "aan", "new_aan_pairs.train.tsv");
        var bytes = File.ReadAllBytes(training);
        File.WriteAllBytes(training, bytes[..^5]);
        Assert.Contains("new_aan_pairs.train.tsv", CommandLine.Refused(run));

        Directory.CreateDirectory(Path.Combine(folder.Path, "cifar10"));
        File.WriteAllText(Path.Combine(folder.Path, "cifar10", "data_batch_1.bin"), "another file");
        Assert.Contains(
            "SHA-256", CommandLine.Refused("lra", "run", "image", "--model", "s4d", "--data-dir", folder.Path));
        Assert.Contains(
            "cifar-10-binary.tar.gz",
            CommandLine.Refused("lra", "run", "image", "--model", "s4d", "--preset", "paper", "--data-dir", folder.Path));
        Assert.IsFalse(Directory.Exists(Path.Combine(folder.Path, "runs")));
    }

    [TestMethod]
    public void Run_OnADeviceThatIsNotThere_SaysSo()
    {
        using var folder = new TemporaryFolder();
        var error = CommandLine.Refused(
            "lra", "run", "listops", "--model", "s4d", "--device", "cuda:63", "--data-dir", folder.Path);
        Assert.Contains("'cuda:63'", error);
        Assert.IsFalse(Directory.Exists(Path.Combine(folder.Path, "listops")));
    }

    [TestMethod]
    public void Run_WithATimeBudgetUnderOneStep_IsRefused()
    {
        using var folder = new TemporaryFolder();
        WritePairs(folder.Path);
        var error = CommandLine.Refused(
            "lra", "run", "retrieval", "--model", "s4d", "--time-budget", "0.0001s", "--data-dir", folder.Path);
        Assert.Contains("--time-budget", error);
        Assert.Contains("one step", error.Replace("first step alone", "one step", StringComparison.Ordinal));
    }

    /// <summary>Pairs in the original format: two texts of one letter each, linked when it is the same one.</summary>
    private static void WritePairs(string arena)
    {
        var folder = Path.Combine(arena, "aan");
        Directory.CreateDirectory(folder);
        foreach (var (file, count) in new[] { ("train", 96), ("eval", 32), ("test", 32) })
        {
            File.WriteAllText(
                Path.Combine(folder, $"new_aan_pairs.{file}.tsv"),
                string.Concat(Enumerable.Range(0, count).Select(row =>
                {
                    var (first, second) = ((char)('a' + (row % 3)), (char)('a' + ((row / 3) % 3)));
                    return string.Create(
                        CultureInfo.InvariantCulture,
                        $"{(first == second ? 1 : 0)}.0\tP{row}\tQ{row}\t{new string(first, 10 + (row % 7))}\t{new string(second, 12)}\n");
                })));
        }
    }
}
