using System.Text.Json;
using Sequence.Reporting;

namespace Sequence.Cli.Tests.Commands;

[TestClass]
public sealed class QuickstartTests
{
    [TestMethod]
    public void Quickstart_SmallFile_WritesEveryFileAndMetricsOfEveryModel()
    {
        using var folder = new TemporaryFolder();
        var data = Files.WriteSeries(folder, 240);
        var output = folder.File("out");
        var result = CommandLine.Run(
            "quickstart", "--data", data, "--models", "resnls-5,nlinear-10", "--epochs", "3", "--horizon", "3", "--out", output,
            "--json");
        Assert.AreEqual(string.Empty, result.Error);
        var json = result.Json();
        var names = json.GetProperty("models").EnumerateArray().Select(model => model.GetProperty("name").GetString()!).ToArray();
        CollectionAssert.AreEqual(new[] { "resnls-5", "nlinear-10", "persistence", "drift" }, names[..4]);
        Assert.HasCount(8, names);
        foreach (var model in json.GetProperty("models").EnumerateArray())
        {
            var accuracy = model.GetProperty("accuracy");
            Assert.IsGreaterThan(0, accuracy.GetProperty("meanAbsoluteError").GetDouble());
            Assert.AreEqual(2, accuracy.GetProperty("intervals").GetArrayLength());
            Assert.AreEqual(3, model.GetProperty("accuracyByStep").EnumerateObject().Count());
        }

        CollectionAssert.AreEquivalent(
            new[] { "backtest", "checkpoint", "forecast.csv", "evaluation.csv", "metrics.json", ForecastReport.FileName },
            Directory.GetFileSystemEntries(output).Select(Path.GetFileName).ToArray());
        Assert.AreEqual(
            json.GetRawText(), JsonDocument.Parse(File.ReadAllText(Path.Combine(output, "metrics.json"))).RootElement.GetRawText());
        var trading = json.GetProperty("backtest");
        Assert.AreEqual("long-flat", trading.GetProperty("strategy").GetString());
        Assert.AreEqual(10_000, trading.GetProperty("buyAndHold").GetProperty("initialEquity").GetDouble());
        Assert.IsTrue(File.Exists(Path.Combine(output, "backtest", BacktestReport.FileName)));
        var lines = File.ReadAllLines(Path.Combine(output, "forecast.csv"));
        Assert.AreEqual("series,timestamp,step,mean,lower80,upper80,lower95,upper95", lines[0]);
        Assert.HasCount(4, lines);

        // 240 business days from Wednesday 2020-01-01: the last is Tuesday 2020-12-01.
        StringAssert.StartsWith(lines[1], "close,2020-12-02,1,");

        var streaming = Means("streaming");
        var torch = Means("torch");
        var kept = json.GetProperty("forecast").GetProperty("mean").EnumerateArray().Select(value => value.GetDouble()).ToArray();
        CollectionAssert.AreEqual(kept, streaming);
        for (var step = 0; step < 3; step++)
        {
            Assert.AreEqual(streaming[step], torch[step], 1e-5 * streaming[step]);
        }

        double[] Means(string engine) => CommandLine
            .Run("model", "forecast", "--checkpoint", output, "--data", data, "--engine", engine, "--json").Json()
            .GetProperty("forecasts")[0].GetProperty("mean").EnumerateArray().Select(value => value.GetDouble()).ToArray();
    }

    [TestMethod]
    public void Quickstart_SeriesThatCannotBePrices_TradesNothing()
    {
        using var folder = new TemporaryFolder();
        var rows = Enumerable.Range(0, 200).Select(row => FormattableString.Invariant($"{Backtests.Day(row):yyyy-MM-dd},{Math.Sin(row / 5.0) + (row % 3)}"));
        var data = Files.WriteText(folder, "date,value\n" + string.Join('\n', rows) + "\n");
        var result = CommandLine.Run(
            "quickstart", "--data", data, "--models", "nlinear-5", "--epochs", "1", "--horizon", "2", "--levels", "50", "--out", folder.File("out"), "--json");
        Assert.AreEqual(JsonValueKind.Null, result.Json().GetProperty("backtest").ValueKind);
        Assert.IsFalse(Directory.Exists(folder.File("out/backtest")));
    }

    [TestMethod]
    public void Quickstart_ShippedSample_IsThere() => Assert.IsTrue(File.Exists(Sequence.Datasets.Samples.DailyIndexPath));
}
