using System.Text.Json;
using CsCheck;
using Sequence.Data;

namespace Sequence.Forecasting.Tests;

/// <summary>Intervals whose width follows the recent volatility of the series.</summary>
[TestClass]
public sealed class LocalIntervalTests
{
    [TestMethod]
    public void Fit_WithAScale_DividesEveryErrorByTheScaleAtItsOrigin()
    {
        // Slope 1 and reference 1 from the first four rows. Span 3 weighs by one half, so the scales at the origins are
        // 1, (1 + 2) / 2 and (1.5 + 4) / 2, and at the end (2.75 + 1) / 2. Errors of one step 1, 3, 0; of two 4, 3.
        var series = Series.Of(0, 1, 2, 3, 5, 9, 10);
        var model = (CalibratedModel)new ConformalForecaster(
            new DriftForecaster(),
            new ConformalOptions { Horizon = 2, CalibrationRows = 3, ScaleSpan = 3, Refit = false }).Fit(series);
        Assert.AreEqual(new VolatilityScale(3, 1), model.Calibrations["x"].Scale);
        CollectionAssert.AreEqual(new double[] { 0, 1, 2 }, model.Calibrations["x"].Scores[0]);
        CollectionAssert.AreEqual(new double[] { 2, 4 }, model.Calibrations["x"].Scores[1]);
        var interval = model.Forecast(series, 2, [50]).Intervals[0];
        CollectionAssert.AreEqual(new[] { 11 - 1.875, 12 - 7.5 }, interval.Lower);
        CollectionAssert.AreEqual(new[] { 11 + 1.875, 12 + 7.5 }, interval.Upper);
    }

    [TestMethod]
    public void Coverage_WhenVolatilityRises_HoldsOnlyWithAScale()
    {
        // Calm to the end of calibration, then three times as wild every other 300 rows.
        var series = Walk(3000, row => row < 1500 || row / 300 % 2 == 0 ? 1 : 3, seed: 5);
        var constant = Evaluate(series, scaleSpan: null);
        var local = Evaluate(series, VolatilityScale.DefaultSpan);

        // Of normal changes three times as wide, 33 % lie within the interval that holds 80 % of the calm ones.
        Assert.That.IsWithin(65, constant.Intervals[0].Coverage);
        Assert.AreEqual(80, local.Intervals[0].Coverage, 5);
        Assert.AreEqual(95, local.Intervals[1].Coverage, 3);
        Assert.That.IsWithin(
            0.99 * constant.ContinuousRankedProbabilityScore!.Value, local.ContinuousRankedProbabilityScore!.Value);
    }

    [TestMethod]
    public void Coverage_OnExchangeableErrors_StaysWithAScale()
    {
        var accuracy = Evaluate(Walk(6000, _ => 1, seed: 11), VolatilityScale.DefaultSpan);

        // 750 calibration and 3000 test errors: four standard errors of the difference.
        Assert.AreEqual(80, accuracy.Intervals[0].Coverage, 400 * Math.Sqrt(0.16 * ((1 / 750.0) + (1 / 3000.0))));
        Assert.AreEqual(95, accuracy.Intervals[1].Coverage, 400 * Math.Sqrt(0.0475 * ((1 / 750.0) + (1 / 3000.0))));

        // A standard normal change: 2 * 1.2816 wide, and a little more for the noise of the scale.
        Assert.AreEqual(2.56, accuracy.Intervals[0].MeanWidth, 0.25);
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow(4)]
    [DataRow(60)]
    public void Intervals_OfAScaledAndShiftedSeries_ScaleByTheAbsoluteFactor(int? span) =>
        Gen.Select(Gen.Int[-100, 100].Array[30], Gen.Double[0.01, 100], Gen.Bool, Gen.Double[-1000, 1000])
            .Sample((rows, size, isNegative, shift) =>
            {
                var values = Array.ConvertAll(rows, row => row / 10.0);
                var factor = isNegative ? -size : size;
                var forecaster = new ConformalForecaster(
                    new DriftForecaster(), new ConformalOptions { Horizon = 2, CalibrationRows = 15, ScaleSpan = span });
                var moved = values.Select(value => (factor * value) + shift).ToArray();
                var one = Widths(values);
                Series.AreClose(one.Select(width => size * width).ToArray(), Widths(moved), 1e-7);

                double[] Widths(double[] history)
                {
                    var series = Series.Of(history);
                    var interval = forecaster.Fit(series).Forecast(series, 2, [80]).Intervals[0];
                    return interval.Upper.Zip(interval.Lower, (upper, lower) => upper - lower).ToArray();
                }
            });

    [TestMethod]
    public void Calibrate_WhenTheLastValueChanges_ChangesOnlyTheScoresOfItsForecasts()
    {
        // The last row is the target of one score a step and lies behind no origin's history.
        var values = Series.RandomWalk(60, 4);
        var changed = values.ToArray();
        changed[^1] += 50;
        var model = new PersistenceForecaster().Fit(Series.Of(values[..30]));
        var one = IntervalCalibration.Calibrate(model, Series.Of(values), 30, 3, 8);
        var other = IntervalCalibration.Calibrate(model, Series.Of(changed), 30, 3, 8);
        Assert.AreEqual(one.Scale, other.Scale);
        for (var step = 0; step < 3; step++)
        {
            Assert.HasCount(1, one.Scores[step].Except(other.Scores[step]).ToArray());
        }
    }

    [TestMethod]
    public void Calibrate_ReadsTheReferenceBeforeTheCalibrationRows()
    {
        double[] values = [0, 2, 0, 2, 0, 100, -100, 100, -100];
        var model = new PersistenceForecaster().Fit(Series.Of(values[..5]));
        Assert.AreEqual(2, IntervalCalibration.Calibrate(model, Series.Of(values), 4, 1).Scale!.Reference);
    }

    [TestMethod]
    public void Calibrate_WhereTheSeriesDoesNotMoveBefore_HasTheSameWidthEverywhere()
    {
        double[] still = [5, 5, 5, 5, 6, 4, 7];
        double[] single = [5, 6, 4, 7];
        foreach (var values in new[] { still, single })
        {
            var series = Series.Of(values);
            var model = new PersistenceForecaster().Fit(series.Slice(0, values.Length - 3));
            var calibration = IntervalCalibration.Calibrate(model, series, 3, 1);
            Assert.IsNull(calibration.Scale);
            CollectionAssert.AreEqual(new double[] { 1, 2, 3 }, calibration.Scores[0]);
        }
    }

    [TestMethod]
    public void Calibrate_OnASeriesThatNeverMoves_GivesIntervalsOfNoWidth()
    {
        var series = Series.Of(Enumerable.Repeat(5.0, 40).ToArray());
        var interval = new ConformalForecaster(new PersistenceForecaster(), new ConformalOptions { Horizon = 1 })
            .Fit(series).Forecast(series, 1, [80]).Intervals[0];
        Assert.AreEqual(5, interval.Lower[0]);
        Assert.AreEqual(5, interval.Upper[0]);
    }

    [TestMethod]
    public void Forecast_FromAShortHistory_LeansOnTheReference()
    {
        // Span 3: no change seen, then one of 8 weighed by a half, then one of 0.
        var model = new CalibratedModel(
            new PersistenceForecaster().Fit(Series.Of(1, 2, 3)),
            new Dictionary<string, IntervalCalibration>(StringComparer.Ordinal)
            {
                ["x"] = IntervalCalibration.FromErrors([[1, 2, 3, 4]], new VolatilityScale(3, 2)),
            });
        Assert.AreEqual(4 * 2, Half(0));
        Assert.AreEqual(4 * 5, Half(0, 8));
        Assert.AreEqual(4 * 2.5, Half(0, 8, 8));

        double Half(params double[] history)
        {
            var forecast = model.Forecast(Series.Of(history), 1, [80]);
            return forecast.Intervals[0].Upper[0] - forecast.Mean[0];
        }
    }

    [TestMethod]
    public void Calibrate_WithASpanBelowOne_Throws()
    {
        var series = Series.Of(1, 2, 3, 4);
        var model = new PersistenceForecaster().Fit(series);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => IntervalCalibration.Calibrate(model, series, 2, 1, 0));
    }

    [TestMethod]
    public void Calibration_ThroughJson_KeepsItsScale()
    {
        var calibration = IntervalCalibration.FromErrors([[0.1, -0.25]], new VolatilityScale(17, 1.0 / 3));
        var back = JsonSerializer.Deserialize<IntervalCalibration>(JsonSerializer.Serialize(calibration))!;
        Assert.AreEqual(calibration.Scale, back.Scale);
        CollectionAssert.AreEqual(calibration.Scores[0], back.Scores[0]);
    }

    [TestMethod]
    public void Calibration_FromJsonWithoutAScale_HasTheSameWidthEverywhere()
    {
        var calibration = JsonSerializer.Deserialize<IntervalCalibration>("""{"Scores":[[1,2]]}""")!;
        Assert.IsNull(calibration.Scale);
        Assert.AreEqual(2, calibration.Around(Series.Of(0, 1000), [0], [60])[0].Upper[0]);
    }

    [TestMethod]
    [DataRow("""{"Span":0,"Reference":1}""")]
    [DataRow("""{"Span":3,"Reference":-1}""")]
    [DataRow("""{"Span":3}""")]
    [DataRow("{}")]
    public void Calibration_FromJsonWithABrokenScale_IsRefused(string scale) => Assert.ThrowsExactly<DataFormatException>(
        () => JsonSerializer.Deserialize<IntervalCalibration>($$"""{"Scores":[[1,2]],"Scale":{{scale}}}"""));

    /// <summary>One step ahead by persistence over the last half, fitted and calibrated once before it.</summary>
    private static AccuracyReport Evaluate(TimeSeries series, int? scaleSpan) => RollingOrigin.Evaluate(
        new ConformalForecaster(
            new PersistenceForecaster(), new ConformalOptions { Horizon = 1, ScaleSpan = scaleSpan, Refit = false }),
        series,
        new RollingOriginOptions
        {
            Horizon = 1,
            FirstOrigin = FirstOrigin.AfterFraction(0.5),
            Refit = RefitCadence.Once,
            Levels = [80, 95],
        }).Accuracy;

    /// <summary>A random walk of normal steps (Box and Muller) with the standard deviation of each row.</summary>
    private static TimeSeries Walk(int length, Func<int, double> deviation, int seed)
    {
        var random = new Random(seed);
        var values = new double[length];
        for (var row = 1; row < length; row++)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            values[row] = values[row - 1] + (deviation(row) * normal);
        }

        return Series.Of(values);
    }
}
