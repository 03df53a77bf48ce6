using System.Text.Json;
using Sequence.Data;
using Sequence.Data.Csv;
using Sequence.Numerics;

namespace Sequence.Training.Tests.Studies;

[TestClass]
public sealed class ResNlsStudyTests
{
    [TestMethod]
    public void Run_OnTheShanghaiIndex_GivesThePublishedErrorsOfPersistence()
    {
        var close = CsvSeriesReader.ReadSingle(
            Dataset("stocks/SSE_000001.SS_1997-07_2024-07.csv"),
            new CsvSeriesOptions { Target = "Close", MissingValues = MissingValuePolicy.Drop });
        var result = new ResNlsStudy(new()
        {
            Targets = [ResNlsStudyTarget.LogReturn],
            Models = ["rnn"],
            LookBacks = [1],
            Seeds = 1,
            Training = new() { Epochs = 1 },
        }).Run(close);
        var persistence = result.Table.Single(row => string.Equals(row.Model, "persistence", StringComparison.Ordinal));
        Assert.AreEqual(26.09, Math.Round(persistence.MeanAbsoluteError, 2));
        Assert.AreEqual(35.87, Math.Round(persistence.RootMeanSquaredError, 2));
        Assert.AreEqual(243, result.TestRows);
        Assert.AreEqual(new DateTimeOffset(2022, 12, 30, 0, 0, 0, TimeSpan.Zero), result.To);
    }

    [TestMethod]
    public void Run_WithAnyNumberOfWorkers_GivesTheSameBits()
    {
        using var folder = new TemporaryFolder();
        var one = Forecasts(folder, Tiny with { Workers = 1 }, Prices(80));
        var three = Forecasts(folder, Tiny with { Workers = 3 }, Prices(80));
        Assert.HasCount(2 * 3 * 2 * 2, one);
        AssertSameBits(one, three, ..);
    }

    [TestMethod]
    public void Run_WithOtherPricesLater_ForecastsTheSameBefore()
    {
        // The last 10 of 20 test rows change: forecasts of the first 11 have seen none of them, the next ones have.
        using var folder = new TemporaryFolder();
        var prices = Prices(80);
        var others = prices.Select((price, row) => row < 70 ? price : 2 * price).ToArray();
        var before = Forecasts(folder, Tiny, prices);
        var after = Forecasts(folder, Tiny, others);
        AssertSameBits(before, after, ..11);
        foreach (var (name, forecasts) in before)
        {
            Assert.AreNotEqual(forecasts[11], after[name][11], name);
        }
    }

    [TestMethod]
    public void Run_OverSeveralSeeds_SumsItsTrainingsUp()
    {
        using var folder = new TemporaryFolder();
        var prices = Prices(80);
        var options = Tiny with
        {
            Seeds = 3,
            Models = ["rnn"],
            LookBacks = [2],
            Targets = [ResNlsStudyTarget.PriceLevel],
            Workers = 1,
        };
        var result = new ResNlsStudy(options with { PartialResults = Path.Combine(folder.Path, "partial") })
            .Run(Tasks.Daily("close", prices));
        var forecasts = Read(Path.Combine(folder.Path, "partial")).Values.ToArray();
        var row = result.Table.Single(row => string.Equals(row.Model, "rnn", StringComparison.Ordinal));
        var actual = prices[60..];
        var previous = prices[59..79];

        double[] errors = [.. forecasts.Select(seed => Mean(index => Math.Abs(actual[index] - seed[index])))];
        double[] squared = [.. forecasts.Select(seed => Math.Sqrt(Mean(index => Math.Pow(actual[index] - seed[index], 2))))];
        double[] direction = [.. forecasts.Select(seed =>
            Mean(index => (actual[index] > previous[index]) == (seed[index] > previous[index]) ? 1 : 0))];
        Assert.AreEqual(errors.Average(), row.MeanAbsoluteError, 1e-9);
        Assert.AreEqual(Spread(errors), row.MeanAbsoluteErrorSpread!.Value, 1e-9);
        Assert.AreEqual(squared.Average(), row.RootMeanSquaredError, 1e-9);
        Assert.AreEqual(Spread(squared), row.RootMeanSquaredErrorSpread!.Value, 1e-9);
        Assert.AreEqual(direction.Average(), row.DirectionalAccuracy!.Value, 1e-9);
        Assert.AreEqual(
            errors.Average() / Mean(index => Math.Abs(actual[index] - previous[index])), row.RelativeError, 1e-9);
        Assert.AreEqual(
            Mean(index => Math.Abs(actual[index] - forecasts.Average(seed => seed[index]))),
            row.AveragedMeanAbsoluteError,
            1e-9);

        // The statistic has the sign of the difference of the two mean losses.
        Assert.AreEqual(
            Math.Sign(row.AveragedMeanAbsoluteError - Mean(index => Math.Abs(actual[index] - previous[index]))),
            Math.Sign(row.AveragedStatistic!.Value));
        Assert.AreEqual(
            result.Trainings.Select(training => training.DieboldMarianoPValue).Order().ElementAt(1),
            row.MedianPValue!.Value,
            1e-12);
        CollectionAssert.AreEqual(errors, result.Trainings.Select(training => training.MeanAbsoluteError).ToArray(), Within9);
        Assert.AreEqual(2, row.Epochs);
        Assert.AreEqual(result.Trainings.Average(training => training.BestEpoch), row.BestEpoch);

        double Mean(Func<int, double> of) => Enumerable.Range(0, 20).Average(of);
    }

    [TestMethod]
    public void Run_OnReturnsOfASine_AutoregressionForecastsThemExactly()
    {
        // Log-returns follow a sine, r[t] = 2 cos(0.7) r[t-1] - r[t-2]: AR on returns has no error, AR on levels has.
        var prices = new double[80];
        prices[0] = 100;
        for (var row = 1; row < prices.Length; row++)
        {
            prices[row] = prices[row - 1] * Math.Exp(0.05 * Math.Sin(0.7 * row));
        }

        var result = new ResNlsStudy(Tiny with { Models = ["rnn"], LookBacks = [1], Seeds = 1 })
            .Run(Tasks.Daily("close", prices));
        var errors = result.Table
            .Where(row => string.Equals(row.Model, "ar", StringComparison.Ordinal))
            .ToDictionary(row => row.Target, row => row.MeanAbsoluteError);
        Assert.AreEqual(0, errors[ResNlsStudyTarget.LogReturn], 1e-6);
        Assert.IsGreaterThan(1e-4, errors[ResNlsStudyTarget.PriceLevel]);
    }

    [TestMethod]
    public void Run_StoppedAndRunAgain_KeepsWhatWasFinished()
    {
        using var folder = new TemporaryFolder();
        var whole = Forecasts(folder, Tiny, Prices(80));
        var path = Path.Combine(folder.Path, "stopped");
        var study = new ResNlsStudy(Tiny with { PartialResults = path, Workers = 1 });
        using var cancellation = new CancellationTokenSource();
        var stop = new Callback(share =>
        {
            if (share >= 0.25)
            {
                cancellation.Cancel();
            }
        });
        Assert.Throws<OperationCanceledException>(
            () => study.Run(Tasks.Daily("close", Prices(80)), stop, cancellation.Token));
        var kept = File.ReadAllLines(path);
        Assert.HasCount(6, kept);

        // A crash may cut the last line short.
        File.WriteAllText(path, string.Join('\n', kept)[..^20]);
        var trained = 0.0;
        study.Run(Tasks.Daily("close", Prices(80)), new Callback(share => trained = share));
        Assert.AreEqual(1, trained);
        var lines = File.ReadAllLines(path);
        CollectionAssert.AreEqual(kept[..5], lines[..5]);
        AssertSameBits(whole, Read(path), ..);
        Assert.HasCount(24, lines.Where(IsWhole).ToArray());
    }

    [TestMethod]
    public void Run_ProgressOverWorkers_RisesToOne()
    {
        var seen = new List<double>();
        new ResNlsStudy(Tiny with { Workers = 3 }).Run(Tasks.Daily("close", Prices(80)), new Callback(seen.Add));
        CollectionAssert.AreEqual(Enumerable.Range(1, 24).Select(done => done / 24.0).ToArray(), seen);
    }

    [TestMethod]
    public void Run_OutsideTheDates_LeavesRowsOut()
    {
        // Tasks.Daily starts on 2020-01-01.
        var options = Tiny with { Models = ["rnn"], LookBacks = [1], Seeds = 1, From = Day(10), To = Day(89) };
        var result = new ResNlsStudy(options).Run(Tasks.Daily("close", Prices(120)));
        Assert.AreEqual(80, result.Rows);
        Assert.AreEqual(Day(10), result.From);
        Assert.AreEqual(Day(89), result.To);
        Assert.AreEqual(Day(70), result.TestFrom);
    }

    [TestMethod]
    public void Run_OnUnusableSeries_SaysWhy()
    {
        var study = new ResNlsStudy(Tiny);
        var negative = Prices(80);
        negative[40] = -1;
        Assert.Contains("32 rows", Message(Prices(32)));
        Assert.Contains("2020-02-10", Message(negative));
        Assert.Contains("does not move", Message([.. Enumerable.Repeat(5.0, 80)]));

        string Message(double[] prices) => Assert.ThrowsExactly<DataFormatException>(
            () => study.Run(Tasks.Daily("close", prices))).Message;
    }

    [TestMethod]
    public void Run_WhenATrainingDiverges_SaysSo() => Assert.ThrowsExactly<ModelException>(
        () => new ResNlsStudy(Tiny with
        {
            Models = ["rnn", "lstm"],
            Training = Tiny.Training with { LearningRate = 1e38 },
        }).Run(Tasks.Daily("close", Prices(80))));

    [TestMethod]
    public void Run_WithPartialResultsInNoFolder_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "none", "partial");
        var error = Assert.ThrowsExactly<SequenceException>(
            () => new ResNlsStudy(Tiny with { PartialResults = path }).Run(Tasks.Daily("close", Prices(80))));
        Assert.Contains(path, error.Message);
    }

    [TestMethod]
    public void Create_WithEveryOptionOutOfRange_ListsAll()
    {
        var error = Assert.ThrowsExactly<ConfigurationException>(() => new ResNlsStudy(new()
        {
            From = Day(1),
            To = Day(0),
            TestRows = 1,
            Targets = [],
            Models = ["resnls", "oracle"],
            LookBacks = [0, 0],
            Seeds = 0,
            ValidationFraction = 1,
            Workers = 0,
            Training = new() { Epochs = 0 },
        }));
        Assert.HasCount(10, error.Faults);
    }

    [TestMethod]
    public void ToMarkdown_OfKnownNumbers_JudgesTheQuestions()
    {
        var result = Known(resNls: 26.2, lstm: 32);
        var lines = result.ToMarkdown().Split('\n');
        CollectionAssert.Contains(
            lines, "| resnls | 5 | 26.20 ± 0.10 | 30.00 ± 0.20 | 1.005 | < 0.001 | 26.00 | 0.400 | 50.00 ± 1.00 | 12 | 2.0 |");
        CollectionAssert.Contains(lines, "| persistence | 1 | 26.09 | 35.87 | 1.000 | - | 26.09 | - | - | - | - |");
        CollectionAssert.Contains(lines, "| persistence | 26.09 | 1.004 | 1.01 | yes |");
        CollectionAssert.Contains(lines, "| LSTM-5 on price levels | 32.00 ± 0.10 | 0.819 | 0.80 | no |");
        var worse = Known(resNls: 26.4, lstm: 33.1).ToMarkdown().Split('\n');
        CollectionAssert.Contains(worse, "| persistence | 26.09 | 1.012 | 1.01 | no |");
        CollectionAssert.Contains(worse, "| LSTM-5 on price levels | 33.10 ± 0.10 | 0.798 | 0.80 | yes |");
    }

    [TestMethod]
    public void Result_AsJson_ReadsBackTheSame()
    {
        var result = Known(26.2, 32);
        var json = JsonSerializer.Serialize(result);
        Assert.Contains("\"LogReturn\"", json);
        Assert.AreEqual(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<ResNlsStudyResult>(json)));
    }

    private static readonly System.Collections.IComparer Within9 = Comparer<double>.Create(
        (left, right) => Math.Abs(left - right) < 1e-9 ? 0 : left.CompareTo(right));

    private static ResNlsStudyOptions Tiny => new()
    {
        From = Day(0),
        To = Day(1000),
        TestRows = 20,
        Models = ["lstm", "resnls", "cnn"],
        LookBacks = [1, 3],
        Seeds = 2,
        Training = new() { Epochs = 2, BatchSize = 16, GradientClip = 0 },
    };

    private static DateTimeOffset Day(int day) => new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(day);

    private static double[] Prices(int length)
    {
        var random = new CounterRandom(7);
        var prices = new double[length];
        var price = 100.0;
        for (var row = 0; row < length; row++)
        {
            price *= 1 + ((random.NextInt(2001) - 1000) * 1e-5);
            prices[row] = price;
        }

        return prices;
    }

    private static double Spread(double[] values) =>
        Math.Sqrt(values.Sum(value => Math.Pow(value - values.Average(), 2)) / (values.Length - 1));

    private static Dictionary<string, double[]> Forecasts(TemporaryFolder folder, ResNlsStudyOptions options, double[] prices)
    {
        var path = Path.Combine(folder.Path, Path.GetRandomFileName());
        new ResNlsStudy(options with { PartialResults = path }).Run(Tasks.Daily("close", prices));
        return Read(path);
    }

    private static Dictionary<string, double[]> Read(string path) => File.ReadLines(path).Where(IsWhole)
        .Select(line => JsonDocument.Parse(line).RootElement)
        .ToDictionary(
            line => line.GetProperty("Name").GetString()!,
            line => line.GetProperty("Prices").EnumerateArray().Select(price => price.GetDouble()).ToArray(),
            StringComparer.Ordinal);

    private static bool IsWhole(string line) => line.EndsWith('}');

    private static void AssertSameBits(
        Dictionary<string, double[]> expected, Dictionary<string, double[]> actual, Range rows)
    {
        CollectionAssert.AreEquivalent(expected.Keys, actual.Keys);
        foreach (var (name, forecasts) in expected)
        {
            CollectionAssert.AreEqual(forecasts[rows], actual[name][rows], name);
        }
    }

    private static ResNlsStudyResult Known(double resNls, double lstm)
    {
        ResNlsStudyRow Row(ResNlsStudyTarget target, string model, double error) => new(
            target, model, 5, 5, error, 0.1, 30, 0.2, error / 26.08, 0.0001, 26, -0.9, 0.4, 0.5, 0.01, 12.2, 2);
        ResNlsStudyRow persistence = new(
            ResNlsStudyTarget.PriceLevel, "persistence", 1, 1, 26.09, null, 35.87, null, 1, null, 26.09, null, null, null,
            null, null, null);
        return new ResNlsStudyResult(
            "close", Day(0), Day(99), 100, Day(80), 20, 0.5, new(),
            [
                persistence,
                Row(ResNlsStudyTarget.PriceLevel, "lstm", lstm),
                Row(ResNlsStudyTarget.LogReturn, "resnls", resNls),
            ],
            []);
    }

    private static string Dataset(string relative)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Sequence.sln")))
        {
            root = root.Parent;
        }

        var mirror = Environment.GetEnvironmentVariable("SEQUENCE_DATA_MIRROR")
            ?? Path.Combine(root?.Parent?.FullName ?? AppContext.BaseDirectory, "shared", "datasets");
        var path = Path.Combine(mirror, relative);
        if (!File.Exists(path))
        {
            Assert.Inconclusive($"{path} is not on this machine.");
        }

        return path;
    }

    private sealed class Callback(Action<double> action) : IProgress<double>
    {
        public void Report(double value) => action(value);
    }
}
