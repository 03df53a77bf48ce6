using CsCheck;

namespace Sequence.Forecasting.Tests;

[TestClass]
public sealed class CoverageBandTests
{
    [TestMethod]
    public void Band_OfFiveFairCoins_IsCountedByHand()
    {
        // P(0) = P(5) = 1/32 = 3.125 %. A tail of 2.5 % reaches neither; one of 5 % leaves both out.
        Assert.AreEqual(new CoverageBand(0, 100), CoverageBand.Of(50, 5, 0.95));
        Assert.AreEqual(new CoverageBand(20, 80), CoverageBand.Of(50, 5, 0.9));
        Assert.AreEqual(new CoverageBand(0, 100), CoverageBand.Of(80, 1));
    }

    [TestMethod]
    public void Band_OfAnyLevel_LeavesAtMostATailOutAtEachEnd() =>
        Gen.Select(Gen.Double[1, 99], Gen.Int[1, 60], Gen.Double[0.5, 0.999]).Sample((level, trials, confidence) =>
        {
            var band = CoverageBand.Of(level, trials, confidence);
            var p = level / 100;
            var (below, above, atLower, atUpper, probability) = (0.0, 0.0, 0.0, 0.0, Math.Pow(1 - p, trials));
            for (var count = 0; count <= trials; count++)
            {
                var covered = 100.0 * count / trials;
                below += covered < band.Lower ? probability : 0;
                above += covered > band.Upper ? probability : 0;
                atLower += covered == band.Lower ? probability : 0;
                atUpper += covered == band.Upper ? probability : 0;
                probability *= (trials - count) / (count + 1.0) * p / (1 - p);
            }

            // No narrower band does: with its ends out as well the tails are too heavy.
            var tail = (1 - confidence) / 2;
            Assert.IsTrue(below <= tail + 1e-9 && above <= tail + 1e-9);
            Assert.IsTrue(below + atLower > tail - 1e-9 && above + atUpper > tail - 1e-9);
        });

    [TestMethod]
    public void Band_OnBadInput_Throws()
    {
        Assert.ThrowsExactly<ConfigurationException>(() => CoverageBand.Of(100, 5));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => CoverageBand.Of(90, 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => CoverageBand.Of(90, 5, 1));
    }
}
