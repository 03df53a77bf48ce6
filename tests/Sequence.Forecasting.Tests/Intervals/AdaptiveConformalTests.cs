using CsCheck;
using Sequence.Data;
using Sequence.Numerics;

namespace Sequence.Forecasting.Tests;

[TestClass]
public sealed class AdaptiveConformalTests
{
    [TestMethod]
    public void Level_ByHand_FollowsTheEquation()
    {
        // a = 0.1, g = 0.05: a miss takes a_t down by 0.05 * 0.9, a hit up by 0.05 * 0.1; half missed, down by 0.05 * 0.4.
        var adaptive = new AdaptiveConformal(90, 0.05);
        Assert.AreEqual(90, adaptive.EffectiveLevel);
        adaptive.Observe(1);
        Assert.AreEqual(94.5, adaptive.EffectiveLevel, 1e-12);
        adaptive.Observe(0);
        Assert.AreEqual(94, adaptive.EffectiveLevel, 1e-12);
        adaptive.Observe(0.5);
        Assert.AreEqual(96, adaptive.EffectiveLevel, 1e-12);
        var kept = new AdaptiveConformal(90, 0.05, adaptive.EffectiveLevel);
        Assert.AreEqual(adaptive.EffectiveLevel, kept.EffectiveLevel);
    }

    [TestMethod]
    public void Misses_OfWhateverTheSeriesDoes_KeepThePromiseInTheLongRun() =>
        Gen.Select(Gen.Double[1, 99], Gen.Double[0.005, 0.5], Gen.Double[0, 100], Gen.Double[0, 1].Array[1, 400])
            .Sample((level, step, start, wanted) =>
            {
                // What an adversary wants, save that everything covers and nothing misses.
                var adaptive = new AdaptiveConformal(level, step, start);
                var sum = 0.0;
                foreach (var share in wanted)
                {
                    var missed = adaptive.EffectiveLevel >= 100 ? 0 : adaptive.EffectiveLevel <= 0 ? 1 : share > 0.5 ? 1 : share;
                    sum += missed;
                    adaptive.Observe(missed);
                }

                var (rate, first) = (1 - (level / 100), 1 - (start / 100));
                var bound = (Math.Max(first, 1 - first) + step) / (step * wanted.Length);
                Assert.IsTrue(Math.Abs((sum / wanted.Length) - rate) <= bound + 1e-9);
            });

    [TestMethod]
    public void Level_WhereNothingCovers_GoesNoFurtherThanItComesBackFrom()
    {
        var adaptive = new AdaptiveConformal(90, 0.05);
        for (var time = 0; time < 1000; time++)
        {
            adaptive.Observe(1);
        }

        Assert.AreEqual(105, adaptive.EffectiveLevel, 1e-12);
        for (var time = 0; time < 30_000; time++)
        {
            adaptive.Observe(0);
        }

        Assert.AreEqual(-5, adaptive.EffectiveLevel, 1e-12);
    }

    [TestMethod]
    [DataRow(1UL)]
    [DataRow(4UL)]
    public void Coverage_AfterTheNoiseGrows_ComesBackWhileThatOfAFixedLevelDoesNot(ulong seed)
    {
        // P(|N| < 1.645 / 1.5) = 73 %.
        var (fixedCoverage, adaptiveCoverage) = Coverage(seed, after: 1.5);
        Assert.AreEqual(73, fixedCoverage, 6);
        Assert.AreEqual(90, adaptiveCoverage, 3);
    }

    [TestMethod]
    [DataRow(2UL)]
    [DataRow(3UL)]
    public void Coverage_WhereNothingChanges_IsNotHarmed(ulong seed)
    {
        var (fixedCoverage, adaptiveCoverage) = Coverage(seed, after: 1);
        Assert.AreEqual(90, fixedCoverage, 3);
        Assert.AreEqual(90, adaptiveCoverage, 2);
    }

    [TestMethod]
    public void Around_AtTheLevelsPromised_IsThePlainOne()
    {
        var calibration = Calibration(40);
        var history = History();
        var plain = calibration.Around(history, [1, 2], [80, 50]);
        var same = calibration.Around(history, [1, 2], [80, 50], [80, 50]);
        for (var index = 0; index < 2; index++)
        {
            Assert.AreEqual(plain[index].Level, same[index].Level);
            CollectionAssert.AreEqual(plain[index].Lower, same[index].Lower);
            CollectionAssert.AreEqual(plain[index].Upper, same[index].Upper);
        }
    }

    [TestMethod]
    public void Around_AtOtherLevels_HasTheirWidthsUnderThePromisedLevels()
    {
        // Of 40 scores 1..40 at step 1, the 33rd for 80, the 37th for 90 and the 40th as the widest; at step 2 twice as much.
        var calibration = Calibration(40);
        Assert.AreEqual(100.0 * 39 / 40, calibration.WidestLevel(2), 1e-12);
        Assert.AreEqual(100.0 * 40 / 41, calibration.WidestLevel(1), 1e-12);
        var intervals = calibration.Around(History(), [0, 0], [95, 80], [120, 90]);
        Assert.AreEqual(80, intervals[0].Level);
        Assert.AreEqual(37, intervals[0].Upper[0]);
        Assert.AreEqual(95, intervals[1].Level);
        CollectionAssert.AreEqual(new double[] { -40, -78 }, intervals[1].Lower);
        Assert.AreEqual(1, calibration.Around(History(), [0], [80], [-5])[0].Upper[0]);

        // The 95 was asked for less than the 80: it is as wide as the 80.
        intervals = calibration.Around(History(), [0], [80, 95], [90, 60]);
        Assert.AreEqual(37, intervals[1].Upper[0]);
    }

    [TestMethod]
    public void Adaptive_OnBadInput_Throws()
    {
        var error = Assert.ThrowsExactly<ConfigurationException>(() => new AdaptiveConformal(100, -1, double.NaN));
        Assert.Contains("between 0 and 100", error.Message);
        Assert.Contains("step", error.Message);
        Assert.Contains("NaN", error.Message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new AdaptiveConformal(90, 0.1).Observe(1.5));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new AdaptiveConformal(90, 0.1).Observe(double.NaN));
        Assert.ThrowsExactly<ModelException>(() => Calibration(40).Around(History(), [0], [80, 90], [80]));
        Assert.ThrowsExactly<ModelException>(() => Calibration(40).Around(History(), [0, 0, 0], [80], [80]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Calibration(40).WidestLevel(3));
    }

    private static IntervalCalibration Calibration(int scores) => new(
        [[.. Enumerable.Range(1, scores).Select(score => (double)score)], [.. Enumerable.Range(1, scores - 1).Select(score => 2.0 * score)]]);

    private static TimeSeries History() => new("a", new Frequency(FrequencyUnit.Day), new[] { DateTimeOffset.UnixEpoch }, new[] { 1.0 });

    /// <summary>Coverage in percent of 90 % intervals around 0 over the last 1,000 of 2,400 Gaussian values; the 600th on spread otherwise.</summary>
    private static (double Fixed, double Adaptive) Coverage(ulong seed, double after)
    {
        var random = new CounterRandom(seed);
        var calibration = IntervalCalibration.FromErrors([[.. Enumerable.Range(0, 400).Select(_ => random.NextGaussian())]]);
        var adaptive = new AdaptiveConformal(90, 0.02);
        var (history, covered, coveredFixed) = (History(), 0, 0);
        for (var time = 0; time < 2400; time++)
        {
            var value = random.NextGaussian() * (time < 600 ? 1 : after);
            var half = calibration.Around(history, [0], [90], [adaptive.EffectiveLevel])[0].Upper[0];
            var isCovered = Math.Abs(value) <= half;
            adaptive.Observe(isCovered ? 0 : 1);
            if (time >= 1400)
            {
                covered += isCovered ? 1 : 0;
                coveredFixed += Math.Abs(value) <= calibration.Quantile(90, 1) ? 1 : 0;
            }
        }

        return (coveredFixed / 10.0, covered / 10.0);
    }
}
