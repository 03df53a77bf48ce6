using Sequence.Datasets;

namespace Sequence.Cli.Tests.Commands;

[TestClass]
public sealed class DataTests
{
    [TestMethod]
    public void Generate_SameSeed_GivesTheSameBytesOnOutputAndInAFile()
    {
        using var folder = new TemporaryFolder();
        var first = CommandLine.Run("data", "generate", "daily-index", "--seed", "7", "--set", "rows=50");
        var path = folder.File("index.csv");
        Assert.AreEqual(0, CommandLine.Run("data", "generate", "daily-index", "--seed", "7", "--set", "rows=50", "--out", path).ExitCode);
        Assert.AreEqual(first.Output, File.ReadAllText(path));
        Assert.HasCount(51, File.ReadAllLines(path));
        Assert.AreNotEqual(first.Output, CommandLine.Run("data", "generate", "daily-index", "--seed", "8", "--set", "rows=50").Output);
    }

    [TestMethod]
    public void Generate_SeedOfTheSample_GivesTheShippedFile() => Assert.AreEqual(
        File.ReadAllText(Samples.DailyIndexPath),
        CommandLine.Run("data", "generate", "daily-index", "--seed", Samples.DailyIndexSeed.ToString()).Output);

    [TestMethod]
    [DataRow("rows=abc", "'rows=abc'")]
    [DataRow("rows", "'rows'")]
    [DataRow("rows=-4", "rows is -4")]
    [DataRow("length=4", "'length'")]
    public void Generate_BadParameter_IsNamed(string given, string fault) =>
        Assert.Contains(fault, CommandLine.Refused("data", "generate", "random-walk", "--set", given));

    [TestMethod]
    public void Generate_ParameterTwice_IsRefused() => Assert.Contains(
        "more than once", CommandLine.Refused("data", "generate", "random-walk", "--set", "rows=4", "--set", "rows=5"));

    [TestMethod]
    public void Describe_SmallFile_CountsItsRows()
    {
        using var folder = new TemporaryFolder();
        var described = CommandLine.Run("data", "describe", "--data", Files.WriteSeries(folder, 30), "--json").Json()[0];
        Assert.AreEqual("close", described.GetProperty("id").GetString());
        Assert.AreEqual(30, described.GetProperty("rows").GetInt32());
    }

    [TestMethod]
    public void Fetch_FromAMirror_CopiesAndRefusesAChangedFile()
    {
        var shared = Environment.GetEnvironmentVariable(DatasetFetcher.MirrorVariable)
            ?? Path.Combine(Files.RepositoryRoot(), "..", "shared", "datasets");
        var source = Path.Combine(shared, DatasetCatalogue.Get("illness").Files[0].Mirror.Location);
        if (!File.Exists(source))
        {
            Assert.Inconclusive($"There is no mirror at {shared}.");
        }

        using var folder = new TemporaryFolder();
        var output = folder.File("data");
        var fetched = CommandLine.Run("data", "fetch", "illness", "--mirror", shared, "--out", output, "--json").Json();
        Assert.IsTrue(File.Exists(fetched[0].GetProperty("path").GetString()));

        var mirrored = folder.File(Path.Combine("mirror", DatasetCatalogue.Get("illness").Files[0].Mirror.Location));
        Directory.CreateDirectory(Path.GetDirectoryName(mirrored)!);
        var bytes = File.ReadAllBytes(source);
        bytes[^1] ^= 1;
        File.WriteAllBytes(mirrored, bytes);
        Assert.Contains("SHA-256", CommandLine.Refused(
            "data", "fetch", "illness", "--mirror", folder.File("mirror"), "--out", folder.File("other")));
        Assert.IsTrue(!Directory.Exists(folder.File("other")) || Directory.GetFileSystemEntries(folder.File("other")).Length == 0);
    }

    [TestMethod]
    public void Fetch_UnknownName_SaysWhichAreNear() => Assert.Contains("illness", CommandLine.Refused("data", "fetch", "ilness"));
}
