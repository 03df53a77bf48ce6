namespace Sequence.Cli.Tests.Commands;

[TestClass]
public sealed class StudyTests
{
    [TestMethod]
    public void Evaluate_StudyOnASmallGrid_WritesItsTablesAndReadsEveryOption()
    {
        using var folder = new TemporaryFolder();
        var output = folder.File("out");
        var outcome = CommandLine.Run(
            "model", "evaluate", "--study", "resnls", "--data", Files.WriteSeries(folder, 400, "Close"), "--models", "rnn",
            "--look-backs", "1,2", "--seeds", "1", "--learning-rate", "0.5", "--from", "2020-01-10", "--to", "2021-06-01",
            "--out", output, "--json");
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        var result = outcome.Json();
        Assert.AreEqual(0.5, result.GetProperty("options").GetProperty("training").GetProperty("learningRate").GetDouble());
        Assert.AreEqual("2020-01-10T00:00:00+00:00", result.GetProperty("from").GetString());
        Assert.AreEqual("2021-06-01T00:00:00+00:00", result.GetProperty("to").GetString());

        // Two targets, each with persistence, AR(5) and RNN at two look-backs.
        Assert.AreEqual(8, result.GetProperty("table").GetArrayLength());
        Assert.Contains("| rnn | 2 |", File.ReadAllText(Path.Combine(output, "resnls.md")));
        Assert.IsTrue(File.Exists(Path.Combine(output, "resnls.json")));
    }

    [TestMethod]
    [DataRow("--study other", "resnls")]
    [DataRow("--study resnls --look-backs 1,x", "--look-backs")]
    [DataRow("--study resnls --seeds 0", "seeds")]
    [DataRow("--study resnls --from 2030-01-01 --to 2031-01-01", "0 rows")]
    public void Evaluate_StudyWithAFault_IsRefused(string options, string expected)
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(expected, CommandLine.Refused(
            ["model", "evaluate", "--data", Files.WriteSeries(folder, 300, "Close"), .. options.Split(' ')]));
    }
}
