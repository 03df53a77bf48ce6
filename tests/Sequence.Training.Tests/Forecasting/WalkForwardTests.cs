using Sequence.Data;
using Sequence.Data.Scalers;
using Sequence.Forecasting;
using Sequence.Numerics;

namespace Sequence.Training.Tests.Forecasting;

[TestClass]
public sealed class WalkForwardTests
{
    private static readonly RollingOriginOptions Walk = new()
    {
        Horizon = 2,
        FirstOrigin = FirstOrigin.AfterRows(60),
        Step = 4,
        Refit = RefitCadence.EveryFolds(2),
        Validation = ValidationPart.OfRows(10),
        Seed = 11,
    };

    [TestMethod]
    public void Fit_WithContext_TakesSeedAndValidationFromIt()
    {
        // The last twenty rows are a hundred times larger: a scaler that saw one of them would have another range.
        double[] values = [.. Enumerable.Range(0, 100).Select(row => row < 80 ? row % 10 : 100.0 * (row % 10))];
        var panel = new Panel([Tasks.Daily("a", values)]);
        var forecaster = new NeuralForecaster(Options(ScalerKind.MinMax) with { ValidationFraction = 0.01 });
        var model = (NeuralForecastModel)forecaster.Fit(panel, new FitContext { Validation = ValidationPart.OfRows(20), Seed = 9 });
        Assert.AreEqual(9UL, model.Options.Training.Seed);
        var scaled = new double[2];
        model.Scalers["a"].Transform([0, 9], scaled);
        CollectionAssert.AreEqual(new double[] { 0, 1 }, scaled);

        // The same part as a share; one shorter than the horizon of two is widened to it.
        var share = (NeuralForecastModel)forecaster.Fit(panel, new FitContext { Validation = ValidationPart.OfFraction(0.2), Seed = 9 });
        AreSame(model, share);
        AreSame(
            (NeuralForecastModel)forecaster.Fit(panel, new FitContext { Validation = ValidationPart.OfRows(1) }),
            (NeuralForecastModel)forecaster.Fit(panel, new FitContext { Validation = ValidationPart.OfRows(2) }));

        // Without a context its own options hold.
        AreSame((NeuralForecastModel)forecaster.Fit(panel), (NeuralForecastModel)forecaster.Fit(panel, new FitContext()));
        Assert.ThrowsExactly<DataFormatException>(
            () => forecaster.Fit(panel, new FitContext { Validation = ValidationPart.OfRows(99) }));
    }

    [TestMethod]
    public void Fit_InsideConformalIntervals_TakesTheContextToo()
    {
        var panel = new Panel([Wave()]);
        var forecaster = new ConformalForecaster(
            new NeuralForecaster(Options(ScalerKind.Standard)), new ConformalOptions { Horizon = 2, Refit = false, CalibrationRows = 30 });
        var model = (CalibratedModel)forecaster.Fit(panel, new FitContext { Validation = ValidationPart.OfRows(10), Seed = 9 });
        var inner = (NeuralForecastModel)new NeuralForecaster(Options(ScalerKind.Standard)).Fit(
            new Panel([panel[0].Slice(0, panel[0].Length - 30)]), new FitContext { Validation = ValidationPart.OfRows(10), Seed = 9 });
        AreSame(inner, (NeuralForecastModel)model.Inner);
    }

    [TestMethod]
    [DataRow(ScalerKind.Standard)]
    [DataRow(ScalerKind.MinMax)]
    [DataRow(ScalerKind.Robust)]
    public void Walk_WithTheFutureChanged_ForecastsTheSameUpToIt(ScalerKind scaler)
    {
        var series = Wave();
        var changed = Tasks.Daily("a", series.Values.ToArray().Select((value, row) => row < 75 ? value : 1000 - (50 * value)));
        var forecaster = new NeuralForecaster(Options(scaler));
        var moment = series.Timestamps.Span[75];
        var one = Known(series);
        CollectionAssert.AreEqual(one, Known(changed));
        Assert.HasCount(8, one);

        List<double> Known(TimeSeries data) => RollingOrigin.Evaluate(forecaster, data, Walk).Table.Rows
            .Where(row => row.Origin < moment)
            .Select(row => row.Mean)
            .ToList();
    }

    [TestMethod]
    [DataRow(RefitStart.Cold)]
    [DataRow(RefitStart.Warm)]
    public void Walk_WithWorkersAndAfterAStop_HasTheSameResult(RefitStart start)
    {
        using var folder = new TemporaryFolder();
        var options = Walk with { RefitStart = start };
        var expected = Means(options);
        Assert.HasCount(20, expected);
        CollectionAssert.AreEqual(expected, Means(options with { Workers = 3 }));
        var kept = options with { Folder = folder.Path };
        Means(kept with { TimeBudget = TimeSpan.FromTicks(1) });
        CollectionAssert.AreEqual(expected, Means(kept with { Workers = 2 }));
        CollectionAssert.AreNotEqual(expected, Means(options with { Seed = 12 }));

        static double[] Means(RollingOriginOptions options) =>
        [
            .. RollingOrigin.Evaluate(new NeuralForecaster(Options(ScalerKind.Standard)), Wave(), options).Table.Rows.Select(row => row.Mean),
        ];
    }

    [TestMethod]
    public void Fingerprint_TellsOptionsApart()
    {
        var options = Options(ScalerKind.Standard);
        string[] all =
        [
            new NeuralForecaster(options).Fingerprint,
            new NeuralForecaster(options with { Scaler = ScalerKind.MinMax }).Fingerprint,
            new NeuralForecaster(options with { ValidationFraction = 0.3 }).Fingerprint,
            new NeuralForecaster(options with { Training = options.Training with { Epochs = 7 } }).Fingerprint,
            new NeuralForecaster(options with { Architecture = NeuralCatalogue.Create("nlinear-7", 2) }).Fingerprint,
        ];
        Assert.HasCount(5, all.Distinct(StringComparer.Ordinal));
        Assert.AreEqual(all[0], new NeuralForecaster(Options(ScalerKind.Standard)).Fingerprint, StringComparer.Ordinal);
    }

    private static void AreSame(NeuralForecastModel expected, NeuralForecastModel actual)
    {
        foreach (var (name, values) in expected.Weights)
        {
            CollectionAssert.AreEqual(values, actual.Weights[name]);
        }
    }

    private static NeuralForecasterOptions Options(ScalerKind scaler) => new()
    {
        Name = "nlinear-6",
        Architecture = NeuralCatalogue.Create("nlinear-6", 2),
        Scaler = scaler,
        Training = new() { Epochs = 3, BatchSize = 16 },
    };

    private static TimeSeries Wave()
    {
        var random = new CounterRandom(3);
        return Tasks.Daily("a", Enumerable.Range(0, 98).Select(row => 10 + Math.Sin(row) + (0.1 * random.NextGaussian())));
    }
}
