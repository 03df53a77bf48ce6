using System.Text.Json;
using CsCheck;
using Sequence.Data;

namespace Sequence.Forecasting.Tests;

[TestClass]
public sealed class ConformalTests
{
    [TestMethod]
    public void Quantile_IsTheFiniteSampleQuantile()
    {
        var calibration = IntervalCalibration.FromErrors([[-4, 1, 2, -3]]);
        Assert.AreEqual(4, calibration.Quantile(80, 1));
        Assert.AreEqual(3, calibration.Quantile(60, 1));
        Assert.AreEqual(1, calibration.Quantile(1, 1));

        // (19 + 1) * 0.95 is 19 exactly, but not in floating point.
        var twenty = IntervalCalibration.FromErrors([Enumerable.Range(1, 19).Select(score => (double)score).ToArray()]);
        Assert.AreEqual(19, twenty.Quantile(95, 1));
    }

    [TestMethod]
    public void Quantile_WithTooFewScores_SaysHowManyAreNeeded()
    {
        var calibration = IntervalCalibration.FromErrors([[1, 2, 3, 4]]);
        var error = Assert.ThrowsExactly<ConfigurationException>(() => calibration.Quantile(95, 1));
        Assert.Contains("at least 19", error.Message, StringComparison.Ordinal);
        Assert.Contains("up to 80 %", error.Message, StringComparison.Ordinal);
        Assert.ThrowsExactly<ModelException>(() => calibration.Quantile(50, 2));
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(100.0)]
    [DataRow(-5.0)]
    [DataRow(double.NaN)]
    public void Quantile_WithALevelOutside_Throws(double level) => Assert.ThrowsExactly<ConfigurationException>(
        () => IntervalCalibration.FromErrors([[1, 2]]).Quantile(level, 1));

    [TestMethod]
    public void Quantile_GrowsWithTheLevel() =>
        Gen.Select(Gen.Double[-9, 9].Array[100, 200], Gen.Double[1, 98], Gen.Double[1, 98]).Sample((errors, one, other) =>
        {
            var calibration = IntervalCalibration.FromErrors([errors]);
            Assert.That.IsWithin(
                calibration.Quantile(Math.Max(one, other), 1), calibration.Quantile(Math.Min(one, other), 1));
        });

    [TestMethod]
    public void Intervals_AreSortedAndNested()
    {
        var calibration = IntervalCalibration.FromErrors([[1, 2, 3, 4, 5], [2, 4, 6, 8, 10]]);
        var intervals = calibration.Around(Series.Of(0), [10, 20], [80, 50]);
        CollectionAssert.AreEqual(new double[] { 50, 80 }, intervals.Select(interval => interval.Level).ToArray());
        CollectionAssert.AreEqual(new double[] { 7, 14 }, intervals[0].Lower);
        CollectionAssert.AreEqual(new double[] { 15, 30 }, intervals[1].Upper);
        Assert.ThrowsExactly<ConfigurationException>(() => calibration.Around(Series.Of(0), [10], [50, 50]));
    }

    [TestMethod]
    [DataRow(20, 80.0)]
    [DataRow(39, 90.0)]
    [DataRow(7, 50.0)]
    public void Coverage_OnExchangeableErrors_LiesInTheTheoreticalBand(int scores, double level)
    {
        var random = new Random(17);
        const int Trials = 20_000;
        var covered = 0;
        for (var trial = 0; trial < Trials; trial++)
        {
            // Skewed and heavy-tailed: the guarantee is free of any distribution.
            var errors = Enumerable.Range(0, scores + 1).Select(_ => Math.Exp(2 * random.NextDouble()) / (0.05 + random.NextDouble())).ToArray();
            covered += errors[0] <= IntervalCalibration.FromErrors([errors[1..]]).Quantile(level, 1) ? 1 : 0;
        }

        // Four standard deviations of the count either side of [level, level + 100 / (n + 1)].
        var slack = 4 * 100 * Math.Sqrt(0.25 / Trials);
        var coverage = 100.0 * covered / Trials;
        Assert.IsGreaterThanOrEqualTo(level - slack, coverage);
        Assert.That.IsWithin(level + (100.0 / (scores + 1)) + slack, coverage);
    }

    [TestMethod]
    public void Fit_CollectsTheErrorsOfTheModelThatDidNotSeeTheCalibrationRows()
    {
        // Slope 1 from the first four rows; then the drift forecasts of 5, 9 and 11, 12 are off by what is written here.
        var series = Series.Of(0, 1, 2, 3, 5, 9, 10);
        var forecaster = new ConformalForecaster(
            new DriftForecaster(), new ConformalOptions { Horizon = 2, CalibrationRows = 3, ScaleSpan = null, Refit = false });
        var model = (CalibratedModel)forecaster.Fit(series);
        CollectionAssert.AreEqual(new double[] { 0, 1, 3 }, model.Calibrations["x"].Scores[0]);
        CollectionAssert.AreEqual(new double[] { 3, 4 }, model.Calibrations["x"].Scores[1]);
        var forecast = model.Forecast(series, 2, [50]);
        CollectionAssert.AreEqual(new double[] { 11, 12 }, forecast.Mean);
        CollectionAssert.AreEqual(new double[] { 10, 8 }, forecast.Intervals[0].Lower);
        Assert.IsEmpty(model.Forecast(series, 5).Intervals);
        Assert.ThrowsExactly<ModelException>(() => model.Forecast(series, 3, [50]));
    }

    [TestMethod]
    public void Fit_WithRefit_ForecastsLikeTheInnerForecasterOnEverything()
    {
        var series = Series.Of(Series.RandomWalk(60, 8));
        var inner = new AutoregressiveForecaster(2);
        var forecaster = new ConformalForecaster(inner, new ConformalOptions { Horizon = 3 });
        CollectionAssert.AreEqual(
            inner.Fit(series).Forecast(series, 3).Mean, forecaster.Fit(series).Forecast(series, 3, [80]).Mean);
    }

    [TestMethod]
    public void Fit_OfWarmStart_PassesTheInnerModelOn()
    {
        var series = Series.Of(Series.RandomWalk(80, 8));
        var forecaster = new ConformalForecaster(
            new ExponentialSmoothingForecaster(TrendComponent.Damped), new ConformalOptions { Horizon = 2 });
        var cold = forecaster.Fit(series.Slice(0, 70));
        var warm = forecaster.Fit(series, cold).Forecast(series, 2, [80]);
        Series.AreClose(forecaster.Fit(series).Forecast(series, 2).Mean, warm.Mean, 0.05);
    }

    [TestMethod]
    public void Fit_OnTooShortHistory_SaysWhatToDo()
    {
        var forecaster = new ConformalForecaster(
            new PersistenceForecaster(), new ConformalOptions { Horizon = 3, CalibrationRows = 4 });
        var error = Assert.ThrowsExactly<DataFormatException>(() => forecaster.Fit(Series.Of(1, 2, 3, 4)));
        Assert.Contains("longer history", error.Message, StringComparison.Ordinal);
    }

    [TestMethod]
    public void Options_WithFaults_ListThemAll()
    {
        var options = new ConformalOptions { Horizon = 0, CalibrationRows = 0, CalibrationFraction = 1, ScaleSpan = 0 };
        Assert.HasCount(4, Assert.ThrowsExactly<ConfigurationException>(options.Validate).Faults);
    }

    [TestMethod]
    public void Calibration_ThroughJson_ComesBackTheSame()
    {
        var calibration = IntervalCalibration.FromErrors([[0.1, -0.25], [1.0 / 3]]);
        var back = JsonSerializer.Deserialize<IntervalCalibration>(JsonSerializer.Serialize(calibration))!;
        Assert.AreEqual(2, back.Horizon);
        CollectionAssert.AreEqual(calibration.Scores[0], back.Scores[0]);
        CollectionAssert.AreEqual(calibration.Scores[1], back.Scores[1]);
    }

    [TestMethod]
    [DataRow("{}")]
    [DataRow("""{"Scores":[]}""")]
    [DataRow("""{"Scores":[[]]}""")]
    [DataRow("""{"Scores":[null]}""")]
    [DataRow("""{"Scores":[[2,1]]}""")]
    [DataRow("""{"Scores":[[-1,1]]}""")]
    public void Calibration_FromBrokenJson_IsRefused(string json) =>
        Assert.ThrowsExactly<DataFormatException>(() => JsonSerializer.Deserialize<IntervalCalibration>(json));
}
