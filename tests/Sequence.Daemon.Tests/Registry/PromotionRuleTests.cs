using Sequence.Daemon.Registry;
using Sequence.Numerics;

namespace Sequence.Daemon.Tests.Registry;

[TestClass]
public sealed class PromotionRuleTests
{
    private static readonly PromotionOptions Options = new() { Window = 60, MinimumPairs = 20, Level = 0.05 };

    [TestMethod]
    public void Test_OfTwoSeries_PoolsScaledLossesOfEachTime()
    {
        // Series a: m = mean of (4+1)/2, (1+4)/2, (9+1)/2 = 10/3; series b, in units 100 times larger and known at one time only: m = (40000+10000)/2.
        ScorePair[] a = [Pair(0, 2, 1), Pair(1, -1, 2), Pair(2, 3, -1)];
        ScorePair[] b = [Pair(1, 200, 100)];
        var rest = Enumerable.Range(3, 17).Select(day => Pair(day, 0, 0)).ToArray();
        var verdict = PromotionRule.Test([[.. a, .. rest], b], Options);
        var scale = 10.0 / 20;
        double[] expected = [(4 - 1) / scale, (((1 - 4) / scale) + ((40000 - 10000) / 25000.0)) / 2, (9 - 1) / scale];
        Assert.AreEqual(expected.Sum() / 20, verdict.MeanLossDifference!.Value, 1e-12);
        Assert.AreEqual(20, verdict.Times);
        Assert.AreEqual(2, verdict.Series);
        Assert.AreEqual(Days.First.AddDays(19), verdict.Last);
    }

    [TestMethod]
    public void Test_OfEqualModels_PromotesNoMoreOftenThanTheLevel()
    {
        const int Trials = 1000;
        var random = new CounterRandom(12);
        var promoted = Enumerable.Range(0, Trials).Count(_ => PromotionRule.Test(Draw(random, series: 3, other: 1), Options).IsBetter);

        // Three standard deviations above the level.
        Assert.IsLessThan(Trials * (0.05 + (3 * Math.Sqrt(0.05 * 0.95 / Trials))), promoted);
        Assert.IsGreaterThan(0, promoted);
    }

    [TestMethod]
    public void Test_OfABetterModel_PromotesItAndNotTheOther()
    {
        var random = new CounterRandom(13);
        var better = Enumerable.Range(0, 200).Count(_ => PromotionRule.Test(Draw(random, series: 3, other: 0.6), Options).IsBetter);
        var worse = Enumerable.Range(0, 200).Count(_ => PromotionRule.Test(Draw(random, series: 3, other: 1.6), Options).IsBetter);
        Assert.IsGreaterThan(180, better);
        Assert.IsLessThan(2, worse);
    }

    [TestMethod]
    public void Test_OfSeriesThatErrTogether_CountsThemOnce()
    {
        // Ten copies of one series say no more than one.
        var random = new CounterRandom(14);
        var one = Draw(random, series: 1, other: 0.9)[0];
        var once = PromotionRule.Test([one], Options);
        var copied = PromotionRule.Test([.. Enumerable.Repeat(one, 10)], Options);
        Assert.AreEqual(once.PValue!.Value, copied.PValue!.Value, 1e-9);
    }

    [TestMethod]
    public void Test_LooksAtTheNewestTimesOnly()
    {
        var old = Enumerable.Range(0, 500).Select(day => Pair(day, 1, 100));
        var recent = Enumerable.Range(500, 60).Select(day => Pair(day, 2 + (day % 3), 1));
        var verdict = PromotionRule.Test([[.. old, .. recent]], Options);
        Assert.IsTrue(verdict.IsBetter);
        Assert.AreEqual(60, verdict.Times);
        Assert.AreEqual(0, PromotionRule.Test([[.. old, .. recent]], Options, Days.First.AddDays(559)).Times);
    }

    [TestMethod]
    public void Test_OfTooFewTimesOrNone_PromotesNothing()
    {
        Assert.IsFalse(PromotionRule.Test([], Options).IsBetter);
        var verdict = PromotionRule.Test([[.. Enumerable.Range(0, 19).Select(day => Pair(day, 5, 1))]], Options);
        Assert.IsFalse(verdict.IsBetter);
        Assert.Contains("needs 20", verdict.Reason);
    }

    [TestMethod]
    public void Test_OfErrorsWithoutAFiniteSquare_LeavesThemOut()
    {
        var random = new CounterRandom(15);
        var pairs = Draw(random, series: 1, other: 0.6)[0];
        ScorePair[] freaks = [Pair(60, 1e155, 1), Pair(61, 1, -double.MaxValue), Pair(62, double.NaN, 1)];
        Assert.AreEqual(PromotionRule.Test([pairs], Options), PromotionRule.Test([[.. pairs, .. freaks]], Options));
        var none = PromotionRule.Test([freaks], Options);
        Assert.AreEqual((false, 0), (none.IsBetter, none.Times));
    }

    [TestMethod]
    public void Test_OfErrorsWhoseSquaresHaveNoSum_IsThatOfTheSameErrorsInOtherUnits()
    {
        var pairs = Draw(new CounterRandom(16), series: 1, other: 0.6)[0];
        var scale = 0.9e154 / pairs.Max(pair => Math.Max(Math.Abs(pair.Champion), Math.Abs(pair.Other)));
        ScorePair[] large = [.. pairs.Select(pair => new ScorePair(pair.Time, pair.Champion * scale, pair.Other * scale))];
        Assert.AreEqual(PromotionRule.Test([pairs], Options).PValue!.Value, PromotionRule.Test([large], Options).PValue!.Value, 1e-9);
    }

    [TestMethod]
    public void Scores_WrittenAndRead_AreTheSameAndBounded()
    {
        var scores = new ShadowScores("champion", most: 5);
        foreach (var day in (int[])[0, 1, 2, 2, 1, 3, 4, 5, 6])
        {
            scores.Add(Pair(day, day, -day));
        }

        var read = ShadowScores.Read(scores.Write());
        Assert.AreEqual("champion", read.Champion);
        CollectionAssert.AreEqual(Enumerable.Range(2, 5).Select(day => Pair(day, day, -day)).ToArray(), read.Pairs.ToArray());
    }

    private static ScorePair Pair(int day, double champion, double other) => new(Days.First.AddDays(day), champion, other);

    /// <summary>Errors of series of very different units, with a part that all of a time share.</summary>
    private static ScorePair[][] Draw(CounterRandom random, int series, double other)
    {
        var drawn = Enumerable.Range(0, series).Select(_ => new ScorePair[60]).ToArray();
        for (var day = 0; day < 60; day++)
        {
            var (first, second) = (random.NextGaussian(), random.NextGaussian());
            for (var index = 0; index < series; index++)
            {
                var unit = Math.Pow(100, index);
                drawn[index][day] = Pair(day, unit * (first + random.NextGaussian()), other * unit * (second + random.NextGaussian()));
            }
        }

        return drawn;
    }
}
