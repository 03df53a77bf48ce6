using System.IO.Compression;
using System.Text.Json;
using Sequence.Data.Csv;
using Sequence.Data.Parquet;

namespace Sequence.Cli.Tests.Commands;

[TestClass]
public sealed class ModelTests
{
    [TestMethod]
    public async Task TrainDescribeForecast_CsvGzipAndParquet_AgreeToTheLastDigit()
    {
        using var folder = new TemporaryFolder();
        var csv = Files.WriteSeries(folder, 200);
        var gzip = csv + ".gz";
        await using (var target = new GZipStream(File.Create(gzip), CompressionLevel.Fastest))
        {
            await target.WriteAsync(await File.ReadAllBytesAsync(csv));
        }

        var parquet = folder.File("series.parquet");
        await ParquetSeriesWriter.WriteAsync(parquet, CsvSeriesReader.Read(csv));
        var means = new[] { csv, gzip, parquet }.Select(path =>
        {
            var output = folder.File("model" + Path.GetExtension(path));
            string[] columns = path == parquet ? ["--target", "value", "--id", "id"] : [];
            var trained = CommandLine.Run(
                ["model", "train", "--data", path, .. columns, "--out", output, "--model", "nlinear-5", "--horizon", "2", "--epochs", "3", "--json"]).Json();
            Assert.AreEqual("nlinear-5", trained.GetProperty("name").GetString());
            Assert.HasCount(3, File.ReadAllLines(trained.GetProperty("metrics").GetString()!));
            var described = CommandLine.Run("model", "describe", "--checkpoint", output, "--json").Json();

            // One map of 5 rows to 2 steps: 10 weights and 2 biases.
            Assert.AreEqual(12, described.GetProperty("parameterCount").GetInt32());
            Assert.AreEqual("B", described.GetProperty("frequency").GetString());
            return CommandLine.Run(["model", "forecast", "--checkpoint", output, "--data", path, .. columns, "--json"]).Json()
                .GetProperty("forecasts")[0].GetProperty("mean").GetRawText();
        }).ToArray();
        Assert.AreEqual(means[0], means[1]);
        Assert.AreEqual(means[0], means[2]);
    }

    [TestMethod]
    public void Forecast_FileWithMoreColumns_TakesTheTargetOfTheCheckpoint()
    {
        using var folder = new TemporaryFolder();
        var data = Files.WriteSeries(folder, 200);
        Train(folder, data);
        var wide = Files.WriteText(folder, string.Join('\n', File.ReadAllLines(data).Select((line, row) => line + (row == 0 ? ",volume" : ",7"))), "wide.csv");
        var means = new[] { data, wide }.Select(path => CommandLine
            .Run("model", "forecast", "--checkpoint", folder.File("model"), "--data", path, "--json").Json()
            .GetProperty("forecasts")[0].GetProperty("mean").GetRawText()).ToArray();
        Assert.AreEqual(means[0], means[1]);
    }

    [TestMethod]
    public void Evaluate_WithAGap_TrainsTheNeuralModelForGapAndHorizon()
    {
        using var folder = new TemporaryFolder();
        var results = CommandLine.Run(
            "model", "evaluate", "--data", Files.WriteSeries(folder, 240), "--models", "nlinear-5,persistence", "--gap", "2",
            "--horizon", "2", "--epochs", "2", "--out", folder.File("out"), "--json").Json();
        Assert.AreEqual(2, results.GetArrayLength());
        Assert.AreEqual(results[1].GetProperty("folds").GetInt32(), results[0].GetProperty("folds").GetInt32());

        // 192 rows to train, 48 to judge: origins at 192, 194, ... as long as gap and horizon fit, (48 - 4) / 2 + 1.
        Assert.AreEqual(23, results[0].GetProperty("folds").GetInt32());
        Assert.HasCount(1 + (23 * 2), File.ReadAllLines(Path.Combine(folder.File("out"), "nlinear-5.csv")));
    }

    [TestMethod]
    public void Evaluate_ForAProgram_WritesItsResultInOneLine()
    {
        using var folder = new TemporaryFolder();
        string[] command = ["model", "evaluate", "--data", Files.WriteSeries(folder, 240), "--models", "persistence,drift", "--horizon", "3", "--json"];
        var forPeople = CommandLine.Run(command);
        var forPrograms = CommandLine.Run([.. command, "--progress-lines"]);
        Assert.IsTrue(JsonElement.DeepEquals(forPeople.Json(), forPrograms.Json()));
        Assert.HasCount(1, forPrograms.Output.TrimEnd().Split('\n'));
        Assert.IsGreaterThan(50, forPeople.Output.Split('\n').Length);
    }

    [TestMethod]
    [DataRow("yyyy-01-01", 3, "Y")]
    [DataRow("minute", 1, "15min")]
    public void Evaluate_DefaultModels_WorkAtAnyFrequency(string kind, int yearsApart, string frequency)
    {
        using var folder = new TemporaryFolder();
        var rows = Enumerable.Range(0, 600).Select(row => kind == "minute"
            ? $"{new DateTime(2024, 1, 1).AddMinutes(15 * row):yyyy-MM-ddTHH:mm:ss},{10 + Math.Sin(row / 9.0)}"
            : $"{1400 + row:0000}-01-01,{10 + Math.Sin(row / (double)yearsApart)}");
        var path = Files.WriteText(folder, "date,value\n" + string.Join('\n', rows) + "\n", "any.csv");
        var described = CommandLine.Run("data", "describe", "--data", path, "--json").Json();
        Assert.AreEqual(frequency, described[0].GetProperty("frequency").GetString());
        var results = CommandLine.Run("model", "evaluate", "--data", path, "--epochs", "1", "--json").Json();
        Assert.AreEqual(7, results.GetArrayLength());
    }

    [TestMethod]
    public void Train_LookBackOption_IsTakenByTheDefaultModelAndRefusedBesideOneInTheName()
    {
        using var folder = new TemporaryFolder();
        var data = Files.WriteSeries(folder, 200);
        var trained = CommandLine.Run(
            "model", "train", "--data", data, "--out", folder.File("model"), "--look-back", "7", "--epochs", "1", "--json").Json();
        Assert.AreEqual("resnls-7", trained.GetProperty("name").GetString());
        Assert.Contains("--look-back is 7", CommandLine.Refused(
            "model", "train", "--data", data, "--out", folder.File("other"), "--model", "lstm-5", "--look-back", "7"));
    }

    [TestMethod]
    public void Train_NeverBetterThanItsStart_SaysSo()
    {
        using var folder = new TemporaryFolder();
        string[] still =
        [
            "model", "train", "--data", Files.WriteSeries(folder, 200), "--model", "lstm-5", "--learning-rate", "1e-30", "--patience", "2",
        ];
        var trained = CommandLine.Run([.. still, "--out", folder.File("model"), "--json"]).Json();
        Assert.AreEqual(0, trained.GetProperty("bestEpoch").GetInt32());
        Assert.AreEqual(2, trained.GetProperty("epochs").GetInt32());
        Assert.AreEqual(JsonValueKind.Null, trained.GetProperty("trainingLoss").ValueKind);
        Assert.IsGreaterThan(0, trained.GetProperty("validationLoss").GetDouble());
        Assert.Contains("no better than its start in 2 epochs", CommandLine.Run([.. still, "--out", folder.File("text")]).Output);
        Assert.AreEqual(0, CommandLine.Run("model", "describe", "--checkpoint", folder.File("model")).ExitCode);
    }

    [TestMethod]
    public void Choices_InAnyCase_AreTaken()
    {
        using var folder = new TemporaryFolder();
        var trained = CommandLine.Run(
            "model", "train", "--data", Files.WriteSeries(folder, 200), "--out", folder.File("model"), "--model", "nlinear-5",
            "--epochs", "1", "--missing", "Forward-Fill", "--optimiser", "ADAM-W", "--loss", "huber", "--schedule", "cosine");
        Assert.AreEqual(0, trained.ExitCode, trained.Error);
    }

    [TestMethod]
    public void Train_LossThatDiverges_FailsWithExitCodeOneAndLeavesNoCheckpoint()
    {
        using var folder = new TemporaryFolder();
        var outcome = CommandLine.Run(
            "model", "train", "--data", Files.WriteSeries(folder, 200), "--out", folder.File("model"), "--model", "nlinear-5",
            "--learning-rate", "1e30", "--gradient-clip", "0", "--optimiser", "sgd", "--epochs", "20");
        Assert.AreEqual(1, outcome.ExitCode, outcome.Error);
        Assert.Contains("learning rate", outcome.Error);
        Assert.IsFalse(Directory.Exists(folder.File("model/checkpoint")));
    }

    [TestMethod]
    public void Forecast_Baseline_WritesTheFile()
    {
        using var folder = new TemporaryFolder();
        var data = Files.WriteSeries(folder, 100);
        var path = folder.File("forecast.csv");
        var outcome = CommandLine.Run("model", "forecast", "--model", "persistence", "--data", data, "--horizon", "2", "--levels", "80", "--out", path);
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        var last = File.ReadAllLines(data)[^1].Split(',')[1].TrimEnd('0');
        foreach (var line in File.ReadAllLines(path)[1..])
        {
            Assert.AreEqual(last, line.Split(',')[3]);
        }
    }

    internal static void Train(TemporaryFolder folder, string data)
    {
        var outcome = CommandLine.Run(
            "model", "train", "--data", data, "--out", folder.File("model"), "--model", "nlinear-5", "--epochs", "1", "--horizon", "2");
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
    }
}
