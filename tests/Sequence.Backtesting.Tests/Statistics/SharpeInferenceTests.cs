using Sequence.Data;

namespace Sequence.Backtesting.Tests;

[TestClass]
public sealed class SharpeInferenceTests
{
    [TestMethod]
    public void Probabilistic_AtTheBenchmark_IsOneHalf() =>
        Assert.AreEqual(0.5, SharpeInference.Probabilistic(0.1, 0.1, 100, -1, 5), 1e-15);

    [TestMethod]
    public void Probabilistic_ExcessKurtosisInPlaceOfPlain_ChangesTheError()
    {
        // Normal returns: the variance is 1 + SR^2 / 2; with 0 in the place of 3 it is 1 - SR^2 / 4.
        Assert.AreEqual(Phi(0.5 * 3 / Math.Sqrt(1.125)), SharpeInference.Probabilistic(0.5, 0, 10, 0, 3), 1e-7);
        Assert.AreEqual(Phi(0.5 * 3 / Math.Sqrt(0.9375)), SharpeInference.Probabilistic(0.5, 0, 10, 0, 0), 1e-7);
    }

    [TestMethod]
    public void Probabilistic_Undefined_IsNaN()
    {
        Assert.IsTrue(double.IsNaN(SharpeInference.Probabilistic(0.1, 0, 1, 0, 3)));
        Assert.IsTrue(double.IsNaN(SharpeInference.Probabilistic(2, 0, 10, 3, -9)));
        Assert.IsTrue(double.IsNaN(SharpeInference.Probabilistic([], 0)));
        Assert.IsTrue(double.IsNaN(SharpeInference.Probabilistic([0.1], 0)));
        Assert.IsTrue(double.IsNaN(SharpeInference.Probabilistic([0.1, 0.1, 0.1], 0)));
    }

    [TestMethod]
    public void ExpectedMaximum_OneTrial_IsZero() => Assert.AreEqual(0, SharpeInference.ExpectedMaximum(0.5, 1));

    [TestMethod]
    public void ExpectedMaximum_OfManyNormalTrials_IsNearTheirMeanMaximum()
    {
        // Mean of the maximum of 100 standard normal numbers is 2.5076 (Harter, 1961); the formula is an approximation.
        Assert.AreEqual(2.5076, SharpeInference.ExpectedMaximum(1, 100), 0.03);
    }

    [TestMethod]
    public void ExpectedMaximum_BadInput_ListsEveryFault()
    {
        var exception = Assert.ThrowsExactly<ConfigurationException>(() => SharpeInference.ExpectedMaximum(-1, 0));
        Assert.AreEqual(2, exception.Faults.Count);
        Assert.ThrowsExactly<ConfigurationException>(() => SharpeInference.ExpectedMaximum(double.NaN, 5));
    }

    [TestMethod]
    public void Deflated_FromTrials_TakesTheirNumberAndVariance()
    {
        double[] returns = [0.02, -0.01, 0.03, -0.02, 0.01, 0.02];
        double[] trials = [SharpeInference.PerPeriod(returns), 0, -0.1, 0.2];
        var mean = trials.Average();
        var variance = trials.Sum(value => (value - mean) * (value - mean)) / 3;
        var expected = SharpeInference.Probabilistic(returns, SharpeInference.ExpectedMaximum(variance, 4));
        Assert.AreEqual(expected, SharpeInference.Deflated(returns, trials), 1e-14);
        Assert.AreEqual(SharpeInference.Probabilistic(returns, 0), SharpeInference.Deflated(returns, trials.AsSpan(0, 1)), 1e-15);
        StringAssert.Contains(
            Assert.ThrowsExactly<DataFormatException>(() => SharpeInference.Deflated(returns, [0.1, double.NaN])).Message, "trial 1");
        Assert.ThrowsExactly<ConfigurationException>(() => SharpeInference.Deflated(returns, []));
    }

    [TestMethod]
    public void MinimumTrackRecordLength_IsWhereTheProbabilityReachesTheConfidence()
    {
        var needed = SharpeInference.MinimumTrackRecordLength(0.1, 0.02, -0.5, 6, 0.95);
        var below = SharpeInference.Probabilistic(0.1, 0.02, (int)needed, -0.5, 6);
        var above = SharpeInference.Probabilistic(0.1, 0.02, (int)needed + 1, -0.5, 6);
        Assert.IsTrue(below < 0.95 && above >= 0.95, $"{below} and {above} about {needed}.");
        Assert.AreEqual(double.PositiveInfinity, SharpeInference.MinimumTrackRecordLength(0.1, 0.1, 0, 3));
        Assert.ThrowsExactly<ConfigurationException>(() => SharpeInference.MinimumTrackRecordLength(0.1, 0, 0, 3, 1));
    }

    /// <summary>Abramowitz and Stegun 26.2.17, to 7.5e-8, for x above 0.</summary>
    private static double Phi(double x)
    {
        var t = 1 / (1 + (0.2316419 * x));
        var tail = t * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        return 1 - (Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI) * tail);
    }
}
