using Sequence.Data;
using Sequence.Data.Checkpoints;
using Sequence.Data.Scalers;
using Sequence.Forecasting;
using Sequence.Numerics;
using Sequence.Streaming;

namespace Sequence.Training.Tests.Forecasting;

[TestClass]
public sealed class NeuralForecasterTests
{
    private static readonly string[] Names =
    [
        "resnls", "rnn", "gru", "lstm", "birnn", "bigru", "bilstm", "cnn", "nlinear", "dlinear", "s4", "s4d", "selective", "lssl",
        "linear-attention", "normalised-attention", "attention", "qlstm",
    ];

    [TestMethod]
    public void Catalogue_Names_AreTheModelsOfTheHouse() =>
        CollectionAssert.AreEquivalent(Names, NeuralCatalogue.List.Select(one => one.Name).ToArray());

    [TestMethod]
    [DynamicData(nameof(AllNames))]
    public void Checkpoint_OfEveryModel_ForecastsTheSameFromTorchAndStreaming(string name)
    {
        using var folder = new TemporaryFolder();
        var panel = new Panel([Wave("a", 1), Wave("b", 2)]);
        var model = Forecaster(name + "-8", horizon: 3, ScalerKind.LogReturn).Fit(panel);
        var directory = Path.Combine(folder.Path, "checkpoint");
        NeuralCheckpoint.Write(directory, model, panel, "value", new Dictionary<string, double>(), Now);

        var streaming = StreamingForecaster.Open(directory);
        using var torch = (TorchForecastModel)TorchForecastModel.Open(directory);
        foreach (var series in panel)
        {
            var fitted = model.Forecast(series, 3).Mean;
            CollectionAssert.AreEqual(fitted, streaming.Forecast(series, 3).Mean);
            var reference = torch.Forecast(series, 3).Mean;
            for (var step = 0; step < 3; step++)
            {
                Assert.AreEqual(reference[step], fitted[step], 1e-5 * Math.Abs(reference[step]));
            }
        }

        // Several at once, each with its own horizon, are each as by itself; a window is not computed otherwise beside others.
        (TimeSeries, int)[] questions = [(panel[1], 3), (panel[0], 2), (panel[1].Slice(0, 100), 1)];
        var plan = (WindowForecastModel)streaming;
        foreach (var ((history, horizon), (byPlan, byTorch)) in questions.Zip(plan.ForecastBatch(questions).Zip(torch.ForecastBatch(questions))))
        {
            var alone = plan.Forecast(history, horizon);
            CollectionAssert.AreEqual(alone.Mean, byPlan.Mean);
            Assert.AreEqual((alone.SeriesId, alone.Origin, horizon), (byTorch.SeriesId, byTorch.Origin, byTorch.Horizon));
            for (var step = 0; step < horizon; step++)
            {
                Assert.AreEqual(alone.Mean[step], byTorch.Mean[step], 1e-5 * Math.Abs(alone.Mean[step]));
            }
        }

        Assert.IsEmpty(torch.ForecastBatch([]));
        Assert.ThrowsExactly<ModelException>(() => torch.ForecastBatch([(panel[0], 3), (panel[1], 4)]));
    }

    [TestMethod]
    public void Forecast_WithLaterRowsInMemory_IsTheSameAsWithout()
    {
        // Truncation: the model is fitted on a slice whose array goes on, and on a copy that ends.
        var whole = Wave("a", 3);
        var slice = whole.Slice(0, 150);
        var copy = Tasks.Daily("a", slice.Values.ToArray());
        var sliced = Forecaster("resnls-5", 2, ScalerKind.Standard).Fit(new Panel([slice]));
        var copied = Forecaster("resnls-5", 2, ScalerKind.Standard).Fit(new Panel([copy]));
        CollectionAssert.AreEqual(copied.Forecast(copy, 2).Mean, sliced.Forecast(slice, 2).Mean);
    }

    [TestMethod]
    public void Train_ToTheEnd_KeepsAStateThatGivesTheSameModelUntilItIsFinished()
    {
        // A stop between the end of a training and the writing of its checkpoint must lose nothing.
        using var folder = new TemporaryFolder();
        var run = new TrainingRun(folder.Path);
        var panel = new Panel([Wave("a", 1)]);
        var forecaster = Forecaster("resnls-5", 1, ScalerKind.Standard);
        var first = forecaster.Train(panel, run: run);
        Assert.IsTrue(run.CanResume);
        var again = forecaster.Train(panel, run: run, resume: true);
        foreach (var (name, values) in first.Weights)
        {
            CollectionAssert.AreEqual(values, again.Weights[name]);
        }

        CollectionAssert.AreEqual(first.Training.History.ToArray(), again.Training.History.ToArray());
        run.Finish(again.Training);
        Assert.IsFalse(run.CanResume);
        Assert.IsTrue(File.Exists(run.MetricsPath));
    }

    [TestMethod]
    public void Fit_OfScaler_SeesOnlyRowsBeforeValidation()
    {
        // The last fifth is a hundred times larger: a scaler that saw it would have another range.
        double[] values = [.. Enumerable.Range(0, 100).Select(row => row < 80 ? row % 10 : 100.0 * (row % 10))];
        var options = Options("nlinear-5", 1, ScalerKind.MinMax) with { ValidationFraction = 0.2 };
        var model = (NeuralForecastModel)new NeuralForecaster(options).Fit(new Panel([Tasks.Daily("a", values)]));
        var scaled = new double[2];
        model.Scalers["a"].Transform([0, 9], scaled);
        CollectionAssert.AreEqual(new double[] { 0, 1 }, scaled);
    }

    [TestMethod]
    public void Fit_WithWarmStart_BeginsFromItsWeights()
    {
        var panel = new Panel([Wave("a", 4)]);
        var still = Options("lstm-4", 1, ScalerKind.Standard);
        still = still with { Training = still.Training with { LearningRate = 1e-30, Epochs = 1 } };
        var trained = Forecaster("lstm-4", 1, ScalerKind.Standard).Fit(panel);
        var warm = (NeuralForecastModel)new NeuralForecaster(still).Fit(panel, trained);
        CollectionAssert.AreEqual(((NeuralForecastModel)trained).Weights["head.weight"], warm.Weights["head.weight"]);
    }

    [TestMethod]
    [DynamicData(nameof(NamesWithOutputMaps))]
    public void Fit_OfChangesWithoutLearning_ForecastsTheMeanChangeOfEverySeries(string name)
    {
        // A learning rate too small to move anything leaves the start: a random walk with the drift of each series.
        var panel = new Panel([Wave("a", 1), Tasks.Daily("b", Enumerable.Range(1, 90).Select(row => 5.0 + row + (row % 3)))]);
        var logarithmic = Untrained(name, ScalerKind.LogReturn).Fit(panel);
        var additive = Untrained(name, ScalerKind.Difference).Fit(panel);
        foreach (var series in panel)
        {
            var values = series.Values.ToArray();
            var (last, moves) = (values[^1], values.Length - 1.0);
            for (var step = 1; step <= 3; step++)
            {
                var compounded = last * Math.Pow(last / values[0], step / moves);
                Assert.AreEqual(compounded, logarithmic.Forecast(series, 3).Mean[step - 1], 1e-9 * compounded);
                var added = last + (step * (last - values[0]) / moves);
                Assert.AreEqual(added, additive.Forecast(series, 3).Mean[step - 1], 1e-9 * added);
            }
        }
    }

    [TestMethod]
    [DataRow("nlinear-5", ScalerKind.LogReturn, "Linear.weight")]
    [DataRow("lstm-5", ScalerKind.Standard, "head.weight")]
    public void Fit_WithoutLearning_OtherwiseStartsAsDeclared(string name, ScalerKind scaler, string weight)
    {
        var model = (NeuralForecastModel)Untrained(name, scaler).Fit(new Panel([Wave("a", 1)]));
        CollectionAssert.AreEqual(WeightInitialiser.Singles(model.Architecture.Weights, 1)[weight], model.Weights[weight]);
    }

    [TestMethod]
    public void Fit_OfChanges_AlsoTrainsTheLayersBelowTheOutputMap()
    {
        var model = (NeuralForecastModel)Forecaster("resnls-5", 1, ScalerKind.LogReturn).Fit(new Panel([Wave("a", 1)]));
        var start = WeightInitialiser.Singles(model.Architecture.Weights, 1);
        foreach (var weight in new[] { "cnn.0.weight", "cnn.8.weight", "lstm.weight_ih_l0", "lstm.weight_hh_l0" })
        {
            CollectionAssert.AreNotEqual(start[weight], model.Weights[weight], weight);
        }
    }

    [TestMethod]
    public void Train_StoppedAndResumedInAFolder_LeavesMetricsAndNoState()
    {
        using var folder = new TemporaryFolder();
        var run = new TrainingRun(folder.Path);
        var panel = new Panel([Wave("a", 5)]);
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        var forecaster = Forecaster("gru-4", 1, ScalerKind.Standard);
        Assert.Throws<OperationCanceledException>(() => forecaster.Train(panel, run: run, cancellationToken: cancellation.Token));
        Assert.IsTrue(run.CanResume);
        var resumed = forecaster.Train(panel, run: run, resume: true);
        run.Finish(resumed.Training);
        Assert.IsFalse(run.CanResume);
        Assert.HasCount(resumed.Training.History.Count, File.ReadAllLines(run.MetricsPath));
        CollectionAssert.AreEqual(((NeuralForecastModel)forecaster.Fit(panel)).Weights["head.weight"], resumed.Weights["head.weight"]);
    }

    [TestMethod]
    public void Fit_OfTooShortSeries_SaysHowManyRowsItTakes()
    {
        var error = Assert.ThrowsExactly<DataFormatException>(() => Forecaster("resnls-5", 3, ScalerKind.LogReturn)
            .Fit(new Panel([Tasks.Daily("short", Enumerable.Range(1, 10).Select(row => (double)row))])));
        Assert.Contains("'short'", error.Message);
        Assert.Contains("at least 9", error.Message);
    }

    [TestMethod]
    public void Fit_OfMissingValue_IsRefused() => Assert.ThrowsExactly<DataFormatException>(() =>
        Forecaster("nlinear-5", 1, ScalerKind.Standard).Fit(new Panel([Tasks.Daily("a", [.. Enumerable.Repeat(1.0, 50), double.NaN])])));

    [TestMethod]
    public void Write_OfBaseline_IsRefused()
    {
        var panel = new Panel([Wave("a", 6)]);
        Assert.ThrowsExactly<ModelException>(() => NeuralCheckpoint.Write(
            "unused", new PersistenceForecaster().Fit(panel), panel, "value", new Dictionary<string, double>(), Now));
    }

    [TestMethod]
    [DataRow("transformer")]
    [DataRow("resnls-0")]
    [DataRow("")]
    public void Create_OfUnknownName_IsRefused(string name) =>
        Assert.ThrowsExactly<ConfigurationException>(() => NeuralCatalogue.Create(name, 1));

    [TestMethod]
    public void Create_WithNameAndOptionThatDisagree_IsRefused() =>
        Assert.ThrowsExactly<ConfigurationException>(() => NeuralCatalogue.Create("resnls-5", 1, lookBack: 6));

    [TestMethod]
    public void Create_WithALossForClasses_IsRefused()
    {
        var options = Options("nlinear-5", 1, ScalerKind.Standard);
        var error = Assert.ThrowsExactly<ConfigurationException>(() => new NeuralForecaster(
            options with { Training = options.Training with { Loss = LossKind.CrossEntropy } }));
        Assert.Contains("for classes", error.Message);
    }

    [TestMethod]
    public void DefaultScaler_ByModelAndData_IsLogReturnOnlyForPositiveValues()
    {
        var lstm = NeuralCatalogue.Create("lstm", 1);
        Assert.AreEqual(ScalerKind.LogReturn, NeuralCatalogue.DefaultScaler(lstm, new Panel([Tasks.Daily("a", [1, 2, 3])])));
        Assert.AreEqual(ScalerKind.Difference, NeuralCatalogue.DefaultScaler(lstm, new Panel([Tasks.Daily("a", [1, 0, 3])])));
        Assert.AreEqual(
            ScalerKind.Standard,
            NeuralCatalogue.DefaultScaler(NeuralCatalogue.Create("nlinear", 1), new Panel([Tasks.Daily("a", [1, 2, 3])])));
    }

    public static IEnumerable<object[]> NamesWithOutputMaps() =>
        Names.Except(["nlinear"]).Select(name => new object[] { name });

    public static IEnumerable<object[]> AllNames() => Names.Select(name => new object[] { name });

    private static DateTimeOffset Now => new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static NeuralForecaster Forecaster(string name, int horizon, ScalerKind scaler) => new(Options(name, horizon, scaler));

    private static NeuralForecaster Untrained(string name, ScalerKind scaler)
    {
        var options = Options(name, 3, scaler);
        return new(options with
        {
            ValidationFraction = 0,
            Training = options.Training with { Epochs = 1, LearningRate = 1e-30 },
        });
    }

    private static NeuralForecasterOptions Options(string name, int horizon, ScalerKind scaler)
    {
        var architecture = NeuralCatalogue.Create(name, horizon);
        return new()
        {
            Name = NeuralCatalogue.FullName(name, architecture),
            Architecture = architecture,
            Scaler = scaler,
            Training = new() { Epochs = 2 },
        };
    }

    private static TimeSeries Wave(string id, ulong seed)
    {
        var random = new CounterRandom(seed);
        return Tasks.Daily(id, Enumerable.Range(0, 200).Select(row => 10 + Math.Sin(row) + (0.1 * random.NextGaussian())));
    }
}
