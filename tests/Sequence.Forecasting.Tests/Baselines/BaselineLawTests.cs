using CsCheck;
using Sequence.Data;

namespace Sequence.Forecasting.Tests;

/// <summary>Laws that every baseline, or every linear one, obeys.</summary>
[TestClass]
public sealed class BaselineLawTests
{
    private static readonly Gen<double[]> Values = Gen.Double[-100, 100].Array[30, 60];

    public static IEnumerable<object[]> All =>
    [
        [new PersistenceForecaster()], [new DriftForecaster()], [new MeanForecaster()], [new MeanForecaster(4)],
        [new SeasonalNaiveForecaster(5)], [new AutoregressiveForecaster(3)],
        [new ExponentialSmoothingForecaster()],
        [new ExponentialSmoothingForecaster(TrendComponent.Additive)],
        [new ExponentialSmoothingForecaster(TrendComponent.Damped, SeasonComponent.Additive, 4)],
        [new ThetaForecaster()], [new ThetaForecaster(4)],
    ];

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Forecast_OfTransformedSeries_IsTransformedForecast(IForecaster forecaster) =>
        Gen.Select(Values, Gen.Double[0.5, 20], Gen.Double[-50, 50]).Sample(
            (values, scale, shift) =>
            {
                // Theta with a positive series would take a multiplicative season, which is not linear.
                var original = Series.Of(values.Select(value => value - 200).ToArray());
                var moved = Series.Of(values.Select(value => (scale * (value - 200)) + shift - 1000).ToArray());
                var expected = forecaster.Fit(original).Forecast(original, 6).Mean
                    .Select(value => (scale * value) + shift - 1000).ToArray();

                // A search stops at parameters that differ in the last digits it was asked for.
                Series.AreClose(expected, forecaster.Fit(moved).Forecast(moved, 6).Mean, 1e-3);
            },
            iter: 15);

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Forecast_WithLaterDataInMemory_IsTheSame(IForecaster forecaster)
    {
        var values = Series.RandomWalk(80, 3).Select(value => value + 50).ToArray();
        var whole = Series.Of(values);
        foreach (var rows in new[] { 40, 55, 79 })
        {
            var alone = Series.Of(values[..rows]);
            var slice = whole.Slice(0, rows);
            var changed = Series.Of([.. values[..rows], .. values[rows..].Select(value => -7 * value)]).Slice(0, rows);
            var expected = forecaster.Fit(alone).Forecast(alone, 7).Mean;
            CollectionAssert.AreEqual(expected, forecaster.Fit(slice).Forecast(slice, 7).Mean);
            CollectionAssert.AreEqual(expected, forecaster.Fit(changed).Forecast(changed, 7).Mean);
        }
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Forecast_OfConstantSeries_IsTheConstant(IForecaster forecaster)
    {
        var series = Series.Of(Enumerable.Repeat(42.5, 30).ToArray());
        Series.AreClose(Enumerable.Repeat(42.5, 9).ToArray(), forecaster.Fit(series).Forecast(series, 9).Mean, 1e-9);
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Fit_WithNaN_NamesTheRow(IForecaster forecaster)
    {
        var values = Series.RandomWalk(30, 1);
        values[17] = double.NaN;
        var error = Assert.ThrowsExactly<DataFormatException>(() => forecaster.Fit(Series.Of(values)));
        Assert.Contains("row 17", error.Message, StringComparison.Ordinal);
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Fit_TooShort_SaysHowManyRows(IForecaster forecaster)
    {
        var error = Assert.ThrowsExactly<DataFormatException>(() => forecaster.Fit(Series.Of()));
        Assert.Contains("needs at least", error.Message, StringComparison.Ordinal);
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Forecast_FromBelowMinimumHistory_Throws(IForecaster forecaster)
    {
        var series = Series.Of(Series.RandomWalk(30, 1));
        var model = forecaster.Fit(series);
        Assert.HasCount(2, model.Forecast(series.Slice(0, Math.Max(1, model.MinimumHistory)), 2).Mean);
        Assert.ThrowsExactly<DataFormatException>(() => model.Forecast(series.Slice(0, model.MinimumHistory - 1), 2));
        Assert.ThrowsExactly<ConfigurationException>(() => model.Forecast(series, 0));
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Fit_OnPanel_KeepsSeriesApart(IForecaster forecaster)
    {
        var first = Series.Named("a", Series.RandomWalk(40, 1));
        var second = Series.Named("b", Series.RandomWalk(50, 2).Select(value => 10 * value).ToArray());
        var model = forecaster.Fit(new Panel([first, second]));
        CollectionAssert.AreEqual(forecaster.Fit(first).Forecast(first, 5).Mean, model.Forecast(first, 5).Mean);
        CollectionAssert.AreEqual(forecaster.Fit(second).Forecast(second, 5).Mean, model.Forecast(second, 5).Mean);
        var error = Assert.ThrowsExactly<DataFormatException>(() => model.Forecast(Series.Named("c", [1, 2, 3]), 1));
        Assert.Contains("'c'", error.Message, StringComparison.Ordinal);
    }

    [TestMethod]
    public void Forecast_Timestamps_FollowTheOrigin()
    {
        var series = Series.Of(1, 2, 3);
        var forecast = new PersistenceForecaster().Fit(series).Forecast(series, 2);
        Assert.AreEqual(Series.Start.AddDays(2), forecast.Origin);
        CollectionAssert.AreEqual(new[] { Series.Start.AddDays(3), Series.Start.AddDays(4) }, forecast.Timestamps);
        Assert.IsEmpty(forecast.Intervals);
    }
}
