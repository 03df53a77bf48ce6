using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Sequence.Cli.Tests.Commands;

[TestClass]
public sealed class BadInputTests
{
    private static readonly string[] Readers =
    [
        "data describe --data DATA", "model train --data DATA --out OUT", "model evaluate --data DATA --out OUT",
        "model forecast --model theta --data DATA --out OUT", "quickstart --data DATA --out OUT",
    ];

    [TestMethod]
    [DataRow("", "empty")]
    [DataRow("2024-01-01,1\n2024-01-02,2\n", "no header")]
    [DataRow("date,close\n", "no rows")]
    [DataRow("date,close\n2024-01-01,1\n2024-01-02,two\n", "bad.csv:3:2")]
    [DataRow("date,close\n2024-01-01,1\n2024-01-02,\n2024-01-03,3\n", "bad.csv:3:2")]
    [DataRow("date,close\n2024-01-01,1\n2024-01-02,inf\n", "bad.csv:3:2")]
    [DataRow("date,close\n2024-01-01,1\n2024-01-02,NaN\n", "bad.csv:3:2")]
    [DataRow("date,close\n2024-01-01,1\n2024-01-01,2\n", "bad.csv:3:1")]
    [DataRow("date,close\n2024-01-02,1\n2024-01-01,2\n", "bad.csv:3:1")]
    [DataRow("date,close\n2024-01-01,1\nyesterday,2\n", "bad.csv:3:1")]
    [DataRow("date,close\n2024-01-01,1\n2024-01-02,2,3\n", "bad.csv:3")]
    [DataRow("date,open,close\n2024-01-01,1,2\n", "open")]
    public void Read_FileWithAFault_NamesThePlaceInEveryCommand(string text, string place)
    {
        using var folder = new TemporaryFolder();
        var data = Files.WriteText(folder, text);
        foreach (var line in Readers)
        {
            Assert.Contains(place, CommandLine.Refused(Line(line, data, folder.File("out"))));
        }

        CollectionAssert.AreEqual(new[] { "bad.csv" }, folder.Content().Where(name => name != "out").ToArray());
        Assert.IsFalse(folder.Content().Any(name => name.StartsWith("out/", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Read_MissingFile_IsNamed()
    {
        using var folder = new TemporaryFolder();
        foreach (var line in Readers)
        {
            Assert.Contains("nowhere.csv: There is no such file", CommandLine.Refused(Line(line, folder.File("nowhere.csv"), folder.File("out"))));
        }
    }

    [TestMethod]
    public void Read_UnknownColumn_ListsThoseThereAre()
    {
        using var folder = new TemporaryFolder();
        var data = Files.WriteSeries(folder, 20);
        var error = CommandLine.Refused("data", "describe", "--data", data, "--target", "open");
        Assert.Contains("'open'", error);
        Assert.Contains("date, close", error);
    }

    [TestMethod]
    [DataRow("model train --data DATA --out OUT --model lstm-20 --horizon 5")]
    [DataRow("model evaluate --data DATA --models lstm-20 --horizon 5")]
    [DataRow("quickstart --data DATA --out OUT --models lstm-20 --horizon 5")]
    [DataRow("model evaluate --data DATA --models persistence --horizon 25")]
    [DataRow("model evaluate --data DATA --models persistence --horizon 2000000000 --gap 2000000000")]
    [DataRow("model forecast --data DATA --model persistence --horizon 24")]
    [DataRow("model forecast --data DATA --model persistence --horizon 2000000000")]
    [DataRow("model train --data DATA --out OUT --horizon 2000000000")]
    [DataRow("model train --data DATA --out OUT --look-back 2000000000")]
    [DataRow("quickstart --data DATA --out OUT --horizon 2000000000")]
    public void Rows_FewerThanLookBackAndHorizon_AreCountedBeforeAnythingIsComputed(string line)
    {
        using var folder = new TemporaryFolder();
        var data = Files.WriteSeries(folder, 24);
        Assert.Contains("24 rows", CommandLine.Refused(Line(line, data, folder.File("out"))));
        CollectionAssert.AreEqual(new[] { "series.csv" }, folder.Content());
    }

    [TestMethod]
    public void Forecast_HistoryShorterThanTheLookBack_IsRefused()
    {
        using var folder = new TemporaryFolder();
        ModelTests.Train(folder, Files.WriteSeries(folder, 200));
        var data = Files.WriteSeries(folder, 4, name: "short.csv");
        Assert.Contains("4 rows", CommandLine.Refused(
            "model", "forecast", "--checkpoint", folder.File("model"), "--data", data, "--frequency", "B"));
    }

    [TestMethod]
    [DataRow("model train --data DATA --out OUT")]
    [DataRow("model evaluate --data DATA")]
    [DataRow("quickstart --data DATA --out OUT")]
    public void Series_Constant_IsRefused(string line)
    {
        using var folder = new TemporaryFolder();
        var rows = Enumerable.Range(0, 300).Select(row => $"{new DateOnly(2024, 1, 1).AddDays(row):yyyy-MM-dd},5");
        var data = Files.WriteText(folder, "date,close\n" + string.Join('\n', rows) + "\n");
        Assert.Contains("'close' is 5 in all 300 rows", CommandLine.Refused(Line(line, data, folder.File("out"))));
    }

    [TestMethod]
    [DataRow("--horizon 0", "--horizon is 0")]
    [DataRow("--horizon -3", "--horizon is -3")]
    [DataRow("--levels 0", "'0'")]
    [DataRow("--levels 100", "'100'")]
    [DataRow("--levels -5,80", "'-5'")]
    [DataRow("--levels wide", "'wide'")]
    [DataRow("--levels NaN", "'NaN'")]
    [DataRow("--first-origin soon", "--first-origin is 'soon'")]
    [DataRow("--gap -1", "--gap is -1")]
    [DataRow("--step 0", "--step is 0")]
    [DataRow("--epochs 0", "--epochs is 0")]
    [DataRow("--batch-size 0", "--batch-size is 0")]
    [DataRow("--learning-rate NaN", "--learning-rate is NaN")]
    [DataRow("--warmup-epochs 2", "--warmup-epochs is 2")]
    [DataRow("--epochs 3 --schedule warmup-cosine --warmup-epochs 3", "--warmup-epochs is 3")]
    [DataRow("--validation-fraction 1", "--validation-fraction is 1")]
    [DataRow("--look-back 0 --models lstm", "--look-back is 0")]
    [DataRow("--window-rows 9", "--window-rows")]
    [DataRow("--scaler wavelet", "'wavelet'")]
    [DataRow("--models prophet", "'prophet'")]
    [DataRow("--models ,", "--models")]
    [DataRow("--frequency fortnight", "'fortnight'")]
    public void Option_OutOfRange_IsNamed(string options, string fault)
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(fault, CommandLine.Refused(
            ["model", "evaluate", "--data", Files.WriteSeries(folder, 200), .. options.Split(' ')]));
    }

    [TestMethod]
    public void Forecast_HorizonBeyondTheTrainedOne_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var data = Files.WriteSeries(folder, 200);
        ModelTests.Train(folder, data);
        Assert.Contains("--horizon is 3", CommandLine.Refused(
            "model", "forecast", "--checkpoint", folder.File("model"), "--data", data, "--horizon", "3"));
    }

    [TestMethod]
    public void Forecast_SeriesTheCheckpointWasNotTrainedOn_SaysWhichItWas()
    {
        using var folder = new TemporaryFolder();
        ModelTests.Train(folder, Files.WriteSeries(folder, 200));
        var other = Files.WriteSeries(folder, 200, "open", "other.csv");
        var error = CommandLine.Refused("model", "forecast", "--checkpoint", folder.File("model"), "--data", other);
        Assert.Contains("'close'", error);
        Assert.Contains("open", error);
        error = CommandLine.Refused("model", "forecast", "--checkpoint", folder.File("model"), "--data", other, "--target", "open");
        Assert.Contains("trained on: close", error);
        Assert.Contains("--target", error);
    }

    [TestMethod]
    public void Checkpoint_FlippedCutOrNewer_IsRefusedByName()
    {
        using var folder = new TemporaryFolder();
        var data = Files.WriteSeries(folder, 200);
        ModelTests.Train(folder, data);
        foreach (var name in new[] { "model.json", "weights.safetensors" })
        {
            var path = folder.File(Path.Combine("model", "checkpoint", name));
            var bytes = File.ReadAllBytes(path);
            for (var offset = 0; offset < bytes.Length; offset += 1 + (bytes.Length / 25))
            {
                var changed = bytes.ToArray();
                changed[offset] ^= 0x01;
                File.WriteAllBytes(path, changed);
                Assert.Contains(name, Describe());
                File.WriteAllBytes(path, bytes[..offset]);
                Assert.Contains(name, Describe());
            }

            File.WriteAllBytes(path, bytes);
        }

        var manifest = folder.File("model/checkpoint/model.json");
        var json = JsonNode.Parse(File.ReadAllText(manifest))!;
        json["schemaVersion"] = 99;
        File.WriteAllText(manifest, json.ToJsonString());
        Assert.Contains("upgrade Sequence", Describe());
        Assert.Contains("upgrade Sequence", CommandLine.Refused(
            "model", "forecast", "--checkpoint", folder.File("model"), "--data", data, "--engine", "torch"));

        string Describe() => CommandLine.Refused("model", "describe", "--checkpoint", folder.File("model"));
    }

    [TestMethod]
    public void Checkpoint_Missing_IsRefusedByName()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("model.json: does not exist", CommandLine.Refused("model", "describe", "--checkpoint", folder.Path));
    }

    [TestMethod]
    [DataRow("model train --data DATA --out OUT")]
    [DataRow("model evaluate --data DATA --models persistence --out OUT")]
    [DataRow("quickstart --data DATA --out OUT")]
    [DataRow("model forecast --model persistence --data DATA --out OUT/forecast.csv")]
    [DataRow("data generate random-walk --out OUT/walk.csv")]
    [DataRow("backtest run --config DATA.json --out OUT")]
    [DataRow("backtest walk-forward --config DATA.json --out OUT")]
    [DataRow("backtest sweep --config DATA.json --out OUT")]
    public void Output_WhereAFileStandsInTheWay_IsRefused(string line)
    {
        using var folder = new TemporaryFolder();
        var data = Files.WriteSeries(folder, 200);
        WriteConfig(folder, data);
        var output = Files.WriteText(folder, "kept", "out");
        Assert.Contains(output, CommandLine.Refused(Line(line, data, output)));
        Assert.AreEqual("kept", File.ReadAllText(output));
        CollectionAssert.AreEqual(new[] { "out", "series.csv", "series.csv.json" }, folder.Content());
    }

    [TestMethod]
    [DataRow("size=100k", "model train --data DATA --out OUT --epochs 1")]
    [DataRow("size=100k", "quickstart --data DATA --out OUT --epochs 1 --models resnls-5 --horizon 2")]
    [DataRow("size=4k", "model forecast --model persistence --data DATA --horizon 90 --levels 50 --out OUT/forecast.csv")]
    [DataRow("size=8k", "data generate random-walk --out OUT/walk.csv")]
    [DataRow("size=1m,ro", "model train --data DATA --out OUT/new")]
    [DataRow("size=1m,ro", "quickstart --data DATA --out OUT/new")]
    [DataRow("size=1m,ro", "data generate random-walk --out OUT/walk.csv")]
    [DataRow("size=1m,ro", "backtest run --config DATA.json --out OUT/new")]
    [DataRow("size=1m,ro", "backtest walk-forward --config DATA.json --out OUT/new")]
    [DataRow("size=1m,ro", "backtest sweep --config DATA.json --out OUT/new")]
    public void Output_OnAFullOrReadOnlyDisk_IsRefusedAndNothingIsHalfWritten(string disk, string line)
    {
        using var folder = new TemporaryFolder();
        var data = Files.WriteSeries(folder, 240);
        WriteConfig(folder, data);
        var output = Directory.CreateDirectory(folder.File("out")).FullName;
        if (!Succeeds("mount", "-t", "tmpfs", "-o", disk, "tmpfs", output))
        {
            Assert.Inconclusive("Mounting a small file system needs root.");
        }

        try
        {
            CommandLine.Refused(Line(line, data, output));
            Assert.IsFalse(
                folder.Content().Any(name => name.StartsWith("out/", StringComparison.Ordinal)), string.Join(' ', folder.Content()));
        }
        finally
        {
            Succeeds("umount", output);
        }
    }

    private static void WriteConfig(TemporaryFolder folder, string data) => Backtests.Write(
        folder,
        """
        {
          "data": { "files": "series.csv", "closeOnly": true }, "strategy": { "kind": "long-flat" }, "forecast": { "forecaster": "drift" },
          "sweep": { "parameters": { "threshold": [0, 0.001] } }
        }
        """,
        Path.GetFileName(data) + ".json");

    private static string[] Line(string line, string data, string output) =>
        [.. line.Split(' ').Select(word => word
            .Replace("DATA", data, StringComparison.Ordinal).Replace("OUT", output, StringComparison.Ordinal))];

    private static bool Succeeds(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
