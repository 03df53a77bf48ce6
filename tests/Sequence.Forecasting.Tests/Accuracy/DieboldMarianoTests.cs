using CsCheck;

namespace Sequence.Forecasting.Tests;

[TestClass]
public sealed class DieboldMarianoTests
{
    [TestMethod]
    public void Test_OneStepAhead_IsThePairedTTest()
    {
        // With h = 1 the correction turns the variance over n into that over n - 1: d = 1, 2, 3, 4, 5 has the mean 3 and
        // the standard error sqrt(2.5 / 5); t = 4.2426 on 4 degrees of freedom has the two-sided p-value 0.013236.
        var result = DieboldMariano.Test([1, 2, 3, 4, 5], [0, 0, 0, 0, 0], 1, ForecastLoss.Absolute);
        Assert.AreEqual(3 / Math.Sqrt(0.5), result.Statistic, 1e-12);

        // Student's t with 4 degrees of freedom in closed form: 1 - F(t) = 1/2 - (3/8) u (1 - u^2 / 12), u = t / sqrt(1 + t^2/4).
        var t = result.Statistic;
        var u = t / Math.Sqrt(1 + (t * t / 4));
        Assert.AreEqual(2 * (0.5 - (0.375 * u * (1 - (u * u / 12)))), result.PValue, 1e-12);
    }

    [TestMethod]
    public void Test_TwoStepsAhead_MatchesThePlainFormula()
    {
        double[] first = [1, -2, 3, 1, 0, 2, -1, 4];
        double[] second = [0, 1, -1, 2, 1, 1, -2, 1];
        double[] d = [1, 3, 8, -3, -1, 3, -3, 15];
        var n = d.Length;
        var mean = d.Sum() / n;
        var variance = d.Sum(x => (x - mean) * (x - mean)) / n;
        var covariance = d.Skip(1).Zip(d, (now, before) => (now - mean) * (before - mean)).Sum() / n;
        var expected = mean / Math.Sqrt((variance + (2 * covariance)) / n) * Math.Sqrt((n + 1 - 4 + (2.0 / n)) / n);
        var result = DieboldMariano.Test(first, second, 2);
        Assert.AreEqual(expected, result.Statistic, 1e-12);
        Assert.AreEqual(1, result.Lags);
        Assert.AreEqual(mean, result.MeanLossDifference, 1e-12);
    }

    [TestMethod]
    public void Test_WithNegativeVariance_FallsBackToOneStep()
    {
        // d alternates, so its first autocovariance outweighs the variance.
        double[] first = [1, 0, 1, 0, 1, 0, 1, 0.5];
        var result = DieboldMariano.Test(first, new double[8], 2, ForecastLoss.Absolute);
        Assert.AreEqual(0, result.Lags);
        Assert.AreEqual(DieboldMariano.Test(first, new double[8], 1, ForecastLoss.Absolute).Statistic, result.Statistic);
    }

    [TestMethod]
    public void Test_OfEqualForecasts_IsZeroWithPValueOne()
    {
        var result = DieboldMariano.Test([1, -2, 3], [-1, 2, 3]);
        Assert.AreEqual(0, result.Statistic);
        Assert.AreEqual(1, result.PValue);
    }

    [TestMethod]
    public void Test_OfConstantAdvantage_IsInfinite()
    {
        var result = DieboldMariano.Test([0.1, 0.1, 0.1], [0.3, 0.3, 0.3]);
        Assert.AreEqual(double.NegativeInfinity, result.Statistic);
        Assert.AreEqual(0, result.PValue);
    }

    [TestMethod]
    public void Test_WithTheTwoExchanged_ChangesSign() =>
        Gen.Select(Gen.Double[-5, 5].Array[12], Gen.Double[-5, 5].Array[12], Gen.Int[1, 3]).Sample((first, second, horizon) =>
        {
            var one = DieboldMariano.Test(first, second, horizon);
            var other = DieboldMariano.Test(second, first, horizon);
            Assert.AreEqual(one.Statistic, -other.Statistic, 1e-9 * Math.Max(1, Math.Abs(one.Statistic)));
            Assert.AreEqual(one.PValue, other.PValue, 1e-9);
            Assert.IsTrue(one.PValue is >= 0 and <= 1);
        });

    [TestMethod]
    public void Test_OnBadInput_Throws()
    {
        Assert.ThrowsExactly<ModelException>(() => DieboldMariano.Test([1], [1]));
        Assert.ThrowsExactly<ModelException>(() => DieboldMariano.Test([1, 2], [1, 2, 3]));
        Assert.ThrowsExactly<ModelException>(() => DieboldMariano.Test([1, double.NaN], [1, 2]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => DieboldMariano.Test([1, 2], [1, 2], 2));
    }
}
