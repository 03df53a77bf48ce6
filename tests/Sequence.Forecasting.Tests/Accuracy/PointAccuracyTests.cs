using CsCheck;

namespace Sequence.Forecasting.Tests;

[TestClass]
public sealed class PointAccuracyTests
{
    private static readonly double[] Actual = [2, -4, 5, 10];
    private static readonly double[] Forecast = [3, -2, 5, 6];

    [TestMethod]
    public void Measures_OnASmallCase_AreAsByHand()
    {
        Assert.AreEqual(7 / 4.0, PointAccuracy.MeanAbsoluteError(Actual, Forecast), 1e-12);
        Assert.AreEqual(Math.Sqrt(21 / 4.0), PointAccuracy.RootMeanSquaredError(Actual, Forecast), 1e-12);
        Assert.AreEqual(-1 / 4.0, PointAccuracy.MeanError(Actual, Forecast), 1e-12);
        Assert.AreEqual(35, PointAccuracy.MeanAbsolutePercentageError(Actual, Forecast), 1e-12);
        Assert.AreEqual(
            50 * ((1 / 5.0) + (2 / 6.0) + (4 / 16.0)),
            PointAccuracy.SymmetricMeanAbsolutePercentageError(Actual, Forecast),
            1e-12);
    }

    [TestMethod]
    public void ScaledErrors_OnASmallCase_AreAsByHand()
    {
        // Season 2: |5 - 1|, |4 - 3|, |6 - 5| have the mean 2 and the mean square 6.
        double[] training = [1, 3, 5, 4, 6];
        Assert.AreEqual(1.75 / 2, PointAccuracy.MeanAbsoluteScaledError(Actual, Forecast, training, 2), 1e-12);
        Assert.AreEqual(Math.Sqrt(5.25 / 6), PointAccuracy.RootMeanSquaredScaledError(Actual, Forecast, training, 2), 1e-12);
    }

    [TestMethod]
    public void MeanAbsoluteScaledError_OfSeasonalNaiveInSample_IsOne() =>
        Gen.Select(Gen.Double[-10, 10].Array[20, 40], Gen.Int[1, 9]).Sample((series, period) =>
        {
            var actual = series.AsSpan(period);
            var naive = series.AsSpan(0, series.Length - period);
            Assert.AreEqual(1, PointAccuracy.MeanAbsoluteScaledError(actual, naive, series, period), 1e-12);
            Assert.AreEqual(1, PointAccuracy.RootMeanSquaredScaledError(actual, naive, series, period), 1e-12);
        });

    [TestMethod]
    public void RelativeMeasures_AtZeros_AreAsDocumented()
    {
        Assert.IsTrue(double.IsNaN(PointAccuracy.MeanAbsolutePercentageError([0, 1], [1, 1])));
        Assert.AreEqual(0, PointAccuracy.SymmetricMeanAbsolutePercentageError([0], [0]));
        Assert.AreEqual(200, PointAccuracy.SymmetricMeanAbsolutePercentageError([0], [3]));
        Assert.IsTrue(double.IsNaN(PointAccuracy.MeanAbsoluteScaledError([1], [2], [5, 5, 5], 1)));
        Assert.IsTrue(double.IsNaN(PointAccuracy.MeanAbsoluteScaledError([1], [2], [5, 6], 2)));
        Assert.IsTrue(double.IsNaN(PointAccuracy.RootMeanSquaredScaledError([1], [2], [5, 5, 5], 1)));
    }

    [TestMethod]
    public void DirectionalAccuracy_CountsMovesOnly()
    {
        // Moves up, down, up, none; forecast up, up, none, up: one hit in three moves.
        Assert.AreEqual(
            1 / 3.0, PointAccuracy.DirectionalAccuracy([2, 0, 2, 1], [3, 5, 1, 2], [1, 1, 1, 1]), 1e-12);
        Assert.AreEqual(0, PointAccuracy.DirectionalAccuracy([2, 0], [1, 1], [1, 1]));
        Assert.IsTrue(double.IsNaN(PointAccuracy.DirectionalAccuracy([1], [2], [1])));
    }

    [TestMethod]
    public void Measures_OfDifferentLengths_NameThem()
    {
        var error = Assert.ThrowsExactly<ModelException>(() => PointAccuracy.MeanAbsoluteError([1, 2], [1]));
        Assert.Contains("[2] and [1]", error.Message, StringComparison.Ordinal);
        Assert.ThrowsExactly<ModelException>(() => PointAccuracy.RootMeanSquaredError([], []));
    }

    [TestMethod]
    public void RootMeanSquaredError_IsAtLeastMeanAbsoluteErrorAndBias() =>
        Gen.Double[-100, 100].Array[1, 20].Sample(errors =>
        {
            var zeros = new double[errors.Length];
            var absolute = PointAccuracy.MeanAbsoluteError(zeros, errors);
            Assert.IsGreaterThanOrEqualTo(absolute - 1e-9, PointAccuracy.RootMeanSquaredError(zeros, errors));
            Assert.IsGreaterThanOrEqualTo(Math.Abs(PointAccuracy.MeanError(zeros, errors)) - 1e-9, absolute);
        });
}
