using CsCheck;
using Sequence.Data;

namespace Sequence.Forecasting.Tests;

[TestClass]
public sealed class SimpleBaselineTests
{
    [TestMethod]
    public void SeasonalNaive_OnPeriodicSeries_IsExact() =>
        Gen.Select(Gen.Double[-10, 10].Array[1, 9], Gen.Int[2, 5], Gen.Int[1, 20]).Sample((season, repeats, horizon) =>
        {
            var signal = Enumerable.Range(0, (season.Length * repeats) + horizon).Select(row => season[row % season.Length]).ToArray();
            var series = Series.Of(signal[..^horizon]);
            var mean = new SeasonalNaiveForecaster(season.Length).Fit(series).Forecast(series, horizon).Mean;
            CollectionAssert.AreEqual(signal[^horizon..], mean);
        });

    [TestMethod]
    public void Drift_OnLine_IsExact() =>
        Gen.Select(Gen.Double[-10, 10], Gen.Double[-10, 10], Gen.Int[2, 40]).Sample((intercept, slope, rows) =>
        {
            var series = Series.Of(Enumerable.Range(0, rows).Select(row => intercept + (slope * row)).ToArray());
            var expected = Enumerable.Range(rows, 5).Select(row => intercept + (slope * row)).ToArray();
            Series.AreClose(expected, new DriftForecaster().Fit(series).Forecast(series, 5).Mean, 1e-10);
        });

    [TestMethod]
    public void Drift_FromLaterOrigin_KeepsTheFittedSlope()
    {
        var series = Series.Of(0, 2, 4, 100);
        var model = new DriftForecaster().Fit(series.Slice(0, 3));
        Series.AreClose([102, 104], model.Forecast(series, 2).Mean, 1e-12);
    }

    [TestMethod]
    public void Mean_WithWindow_AveragesTheLastRows()
    {
        var series = Series.Of(100, 1, 2, 6);
        Series.AreClose([3, 3], new MeanForecaster(3).Fit(series).Forecast(series, 2).Mean, 1e-12);
        Series.AreClose([27.25], new MeanForecaster().Fit(series).Forecast(series, 1).Mean, 1e-12);
    }

    [TestMethod]
    public void Autoregression_OnItsOwnRecursion_FindsTheCoefficients()
    {
        double[] values = [1, -2, .. new double[60]];
        for (var row = 2; row < values.Length; row++)
        {
            values[row] = 3 + (0.9 * values[row - 1]) - (0.95 * values[row - 2]);
        }

        var series = Series.Of(values[..50]);
        var model = (LocalModel<AutoregressiveParameters>)new AutoregressiveForecaster(2).Fit(series);
        Assert.AreEqual(3, model.Parameters["x"].Intercept, 1e-9);
        Series.AreClose([0.9, -0.95], model.Parameters["x"].Coefficients, 1e-9);
        Series.AreClose(values[50..], model.Forecast(series, 12).Mean, 1e-8);
    }

    [TestMethod]
    public void Autoregression_OfOrderOne_IsSimpleRegression()
    {
        // Pairs (x, y): (1, 2), (2, 4), (4, 3), (3, 6), (6, 5): slope = Sxy / Sxx by hand.
        double[] values = [1, 2, 4, 3, 6, 5];
        const double MeanX = 16.0 / 5;
        const double MeanY = 20.0 / 5;
        double[] x = [1, 2, 4, 3, 6];
        double[] y = [2, 4, 3, 6, 5];
        var products = x.Zip(y, (one, other) => (one - MeanX) * (other - MeanY)).Sum();
        var squares = x.Sum(one => (one - MeanX) * (one - MeanX));
        var slope = products / squares;
        var intercept = MeanY - (slope * MeanX);
        var series = Series.Of(values);
        var next = intercept + (slope * 5);
        Series.AreClose(
            [next, intercept + (slope * next)], new AutoregressiveForecaster(1).Fit(series).Forecast(series, 2).Mean, 1e-12);
    }

    [TestMethod]
    public void Autoregression_OnPeriodicSeries_RepeatsItDespiteCollinearLags()
    {
        double[] season = [1, 5, 2];
        var signal = Enumerable.Range(0, 60).Select(row => season[row % 3]).ToArray();
        var series = Series.Of(signal[..48]);
        Series.AreClose(signal[48..], new AutoregressiveForecaster(7).Fit(series).Forecast(series, 12).Mean, 1e-8);
    }

    [TestMethod]
    public void Autoregression_ThatExplodes_ThrowsModelException()
    {
        var series = Series.Of(Enumerable.Range(0, 20).Select(row => Math.Pow(3, row)).ToArray());
        var model = new AutoregressiveForecaster(1).Fit(series);
        Assert.ThrowsExactly<ModelException>(() => model.Forecast(series, 2000));
    }

    [TestMethod]
    public void Options_OutOfRange_AreRefused()
    {
        Assert.ThrowsExactly<ConfigurationException>(() => new SeasonalNaiveForecaster(0));
        Assert.ThrowsExactly<ConfigurationException>(() => new MeanForecaster(0));
        Assert.ThrowsExactly<ConfigurationException>(() => new AutoregressiveForecaster(-1));
        Assert.ThrowsExactly<ConfigurationException>(() => new ThetaForecaster(0));
        var error = Assert.ThrowsExactly<ConfigurationException>(
            () => new ExponentialSmoothingForecaster((TrendComponent)9, SeasonComponent.Additive, 1));
        Assert.HasCount(2, error.Faults);
    }

    [TestMethod]
    public void Catalogue_EveryName_MakesAForecasterThatForecasts()
    {
        var series = Series.Of(Series.RandomWalk(60, 5));
        foreach (var name in BaselineCatalogue.Names)
        {
            var forecaster = BaselineCatalogue.Create(name, series.Frequency);
            Assert.StartsWith(name, forecaster.Name, StringComparison.Ordinal);
            Assert.HasCount(3, forecaster.Fit(series).Forecast(series, 3).Mean);
        }

        Assert.AreEqual("ar-2", BaselineCatalogue.Create("ar-2", series.Frequency).Name, StringComparer.Ordinal);
        Assert.AreEqual("seasonal-naive-7", BaselineCatalogue.Create("seasonal-naive", series.Frequency).Name, StringComparer.Ordinal);
        foreach (var name in new[] { "arima", "persistence-3", "ar-", "ar--2", "-1", string.Empty })
        {
            Assert.ThrowsExactly<ConfigurationException>(() => BaselineCatalogue.Create(name, series.Frequency));
        }
    }

    [TestMethod]
    [DataRow(FrequencyUnit.BusinessDay, 1, 5)]
    [DataRow(FrequencyUnit.Day, 1, 7)]
    [DataRow(FrequencyUnit.Hour, 1, 24)]
    [DataRow(FrequencyUnit.Hour, 5, 1)]
    [DataRow(FrequencyUnit.Minute, 15, 96)]
    [DataRow(FrequencyUnit.Week, 1, 52)]
    [DataRow(FrequencyUnit.Month, 1, 12)]
    [DataRow(FrequencyUnit.Quarter, 1, 4)]
    [DataRow(FrequencyUnit.Year, 1, 1)]
    public void SeasonLength_OfFrequency_IsTheUsualSeason(FrequencyUnit unit, int count, int season) =>
        Assert.AreEqual(season, BaselineCatalogue.SeasonLength(new Frequency(unit, count)));
}
