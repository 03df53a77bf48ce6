using Sequence.Data;
using Sequence.Numerics;

namespace Sequence.Backtesting.Tests;

[TestClass]
public sealed class OverfittingProbabilityTests
{
    [TestMethod]
    [DataRow(13, 5, 4)]
    [DataRow(16, 2, 8)]
    [DataRow(25, 7, 6)]
    public void Estimate_OddSizes_AgreesWithTheDefinition(int periods, int trials, int blocks)
    {
        var returns = Noise(periods * trials, 5);
        var estimate = OverfittingProbability.Estimate(returns, trials, blocks);
        var (logits, inSample, outOfSample) = Slow(returns, trials, blocks);
        AssertClose(logits, estimate.Logits);
        AssertClose(inSample, estimate.InSampleSharpes);
        AssertClose(outOfSample, estimate.OutOfSampleSharpes);
        Assert.AreEqual(logits.Count(logit => logit <= 0) / (double)logits.Count, estimate.Probability, 1e-15);
        Assert.AreEqual(outOfSample.Count(ratio => ratio < 0) / (double)logits.Count, estimate.ProbabilityOfLoss, 1e-15);

        // The line through the pairs leaves residuals that sum to nothing and are uncorrelated with the ratios in sample.
        var residuals = outOfSample
            .Zip(inSample, (y, x) => y - estimate.DegradationIntercept - (estimate.DegradationSlope * x)).ToArray();
        Assert.AreEqual(0, residuals.Sum(), 1e-9 * logits.Count);
        Assert.AreEqual(0, residuals.Zip(inSample, (residual, x) => residual * x).Sum(), 1e-9 * logits.Count);
    }

    [TestMethod]
    public void Estimate_OneTrialBetterThroughout_IsNotOverfitted()
    {
        var returns = Noise(160 * 10, 6);
        for (var period = 0; period < 160; period++)
        {
            returns[(period * 10) + 3] += 3;
        }

        var estimate = OverfittingProbability.Estimate(returns, 10, 8);
        Assert.AreEqual(70, estimate.Logits.Count);
        Assert.AreEqual(0, estimate.Probability);
        Assert.AreEqual(0, estimate.ProbabilityOfLoss);
    }

    [TestMethod]
    public void Estimate_WhatWinsInOneHalfLosesInTheOther_IsOverfitted()
    {
        double[] returns = [2, -2, 1, -1, -2, 2, -1, 1];
        var estimate = OverfittingProbability.Estimate(returns, 2, 2);
        Assert.AreEqual(1, estimate.Probability);
        Assert.AreEqual(1, estimate.ProbabilityOfLoss);
    }

    [TestMethod]
    public void Estimate_PureNoise_IsAboutOneHalf()
    {
        var probabilities = Enumerable.Range(0, 40)
            .Select(seed => OverfittingProbability.Estimate(Noise(120 * 20, (ulong)(100 + seed)), 20, 8).Probability)
            .ToArray();

        // One estimate varies with a deviation of about 0.2, their mean with 0.03.
        Assert.AreEqual(0.5, probabilities.Average(), 0.12);
    }

    [TestMethod]
    public void Estimate_TrialsThatNeverTrade_CountAsZero()
    {
        var estimate = OverfittingProbability.Estimate(new double[8 * 3], 3, 4);
        Assert.AreEqual(1, estimate.Probability);
        Assert.IsTrue(estimate.Logits.All(logit => Math.Abs(logit) < 1e-12));
        Assert.IsTrue(estimate.OutOfSampleSharpes.All(ratio => ratio == 0));
        Assert.IsTrue(double.IsNaN(estimate.DegradationSlope));
    }

    [TestMethod]
    public void Estimate_BadInput_SaysWhatAndWhere()
    {
        Assert.AreEqual(
            2, Assert.ThrowsExactly<ConfigurationException>(() => OverfittingProbability.Estimate(new double[8], 1, 3)).Faults.Count);
        Assert.ThrowsExactly<ConfigurationException>(() => OverfittingProbability.Estimate(new double[80], 2, 22));
        Assert.ThrowsExactly<DataFormatException>(() => OverfittingProbability.Estimate(new double[9], 2, 2));
        Assert.ThrowsExactly<DataFormatException>(() => OverfittingProbability.Estimate(new double[6], 2, 4));
        StringAssert.Contains(
            Assert.ThrowsExactly<DataFormatException>(
                () => OverfittingProbability.Estimate([0, 0, 0, 0, 0, double.NaN, 0, 0], 2, 2)).Message,
            "trial 1 in period 2");
    }

    internal static double[] Noise(int count, ulong seed)
    {
        var random = new CounterRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextGaussian())];
    }

    /// <summary>The definition, row by row.</summary>
    private static (List<double> Logits, List<double> InSample, List<double> OutOfSample) Slow(double[] returns, int trials, int blocks)
    {
        var periods = returns.Length / trials;
        var (logits, inSample, outOfSample) = (new List<double>(), new List<double>(), new List<double>());
        for (var half = 0; half < 1 << blocks; half++)
        {
            if (System.Numerics.BitOperations.PopCount((uint)half) != blocks / 2)
            {
                continue;
            }

            double[] Ratios(bool chosen) => [.. Enumerable.Range(0, trials).Select(trial =>
            {
                var rows = Enumerable.Range(0, periods)
                    .Where(period => (half >> Enumerable.Range(0, blocks).Last(block => block * periods / blocks <= period) & 1) == (chosen ? 1 : 0))
                    .Select(period => returns[(period * trials) + trial])
                    .ToArray();
                var mean = rows.Average();
                return mean / Math.Sqrt(rows.Sum(value => (value - mean) * (value - mean)) / (rows.Length - 1));
            })];
            var (chosen, other) = (Ratios(true), Ratios(false));
            var best = Array.IndexOf(chosen, chosen.Max());
            var rank = (other.Count(value => value < other[best]) + 1) / (trials + 1.0);
            logits.Add(Math.Log(rank / (1 - rank)));
            inSample.Add(chosen[best]);
            outOfSample.Add(other[best]);
        }

        return (logits, inSample, outOfSample);
    }

    private static void AssertClose(List<double> expected, IReadOnlyList<double> actual)
    {
        Assert.AreEqual(expected.Count, actual.Count);
        for (var index = 0; index < expected.Count; index++)
        {
            Assert.AreEqual(expected[index], actual[index], 1e-10 * (1 + Math.Abs(expected[index])));
        }
    }
}
