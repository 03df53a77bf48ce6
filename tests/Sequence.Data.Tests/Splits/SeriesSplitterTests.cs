using CsCheck;
using Sequence.Data.Splits;
using Sequence.Data.Tests.Support;
using Sequence.Data.Windows;

namespace Sequence.Data.Tests.Splits;

[TestClass]
public sealed class SeriesSplitterTests
{
    [TestMethod]
    public void ByCount_OfAnySeries_PartitionsItInOrder() =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[0, 20], Gen.Int[1, 20], Gen.Int[0, 20]).Sample((train, validation, test, lookBack) =>
        {
            var series = Count(train + validation + test);
            lookBack = Math.Min(lookBack, train);
            var split = SeriesSplitter.ByCount(series, test, validation, lookBack);
            double[] targets =
            [
                .. split.Train.Values.Span,
                .. validation == 0 ? [] : split.Validation.Values.Span[lookBack..],
                .. split.Test.Values.Span[lookBack..],
            ];
            CollectionAssert.AreEqual(series.Values.ToArray(), targets);
            Assert.AreEqual(train, split.Train.Length);
            Assert.AreEqual(validation == 0 ? 0 : validation + lookBack, split.Validation.Length);
            Assert.AreEqual(test + lookBack, split.Test.Length);
        });

    [TestMethod]
    public void ByRanges_OfTheTransformerProtocol_Has2785TestWindows()
    {
        var split = SeriesSplitter.ByRanges(Count(17420), 0..8640, 8640..11520, 11520..14400, lookBack: 336);
        Assert.AreEqual(8640, split.Train.Length);
        Assert.AreEqual(8640 - 336, split.Validation.Values.Span[0]);
        Assert.AreEqual(11520 - 336, split.Test.Values.Span[0]);
        Assert.AreEqual(14399, split.Test.Values.Span[^1]);
        var windows = new WindowSet(split.Test, 336, 96);
        Assert.AreEqual(2785, windows.Count);
        Assert.AreEqual(11520, windows[0].Horizon[0]);
        Assert.AreEqual(2785, new WindowSet(split.Validation, 336, 96).Count);
    }

    [TestMethod]
    public void ByFraction_RoundsDown()
    {
        var split = SeriesSplitter.ByFraction(Count(11), 0.7, 0.1);
        Assert.AreEqual(7, split.Train.Length);
        Assert.AreEqual(1, split.Validation.Length);
        Assert.AreEqual(3, split.Test.Length);
    }

    [TestMethod]
    public void ByDate_BetweenRows_StartsAtTheNext()
    {
        var split = SeriesSplitter.ByDate(Count(10), Sample.Monday.AddDays(6).AddHours(-1), Sample.Monday.AddDays(4), lookBack: 2);
        CollectionAssert.AreEqual(new double[] { 0, 1, 2, 3 }, split.Train.Values.ToArray());
        CollectionAssert.AreEqual(new double[] { 2, 3, 4, 5 }, split.Validation.Values.ToArray());
        CollectionAssert.AreEqual(new double[] { 4, 5, 6, 7, 8, 9 }, split.Test.Values.ToArray());
    }

    [TestMethod]
    public void Parts_ShareTheArraysOfTheWhole()
    {
        var series = Count(10);
        var split = SeriesSplitter.ByCount(series, 3);
        Assert.IsTrue(split.Test.Values.Span.Overlaps(series.Values.Span));
        Assert.IsTrue(split.Train.Values.Span.Overlaps(series.Values.Span));
    }

    [TestMethod]
    public void Split_ThatLeavesAPartEmpty_IsRefused()
    {
        var series = Count(10);
        Action[] splits =
        [
            () => SeriesSplitter.ByCount(series, 0),
            () => SeriesSplitter.ByCount(series, 3, -1),
            () => SeriesSplitter.ByCount(series, 10),
            () => SeriesSplitter.ByCount(series, int.MaxValue, int.MaxValue),
            () => SeriesSplitter.ByCount(series, 2, lookBack: 9),
            () => SeriesSplitter.ByCount(series, 2, lookBack: -1),
            () => SeriesSplitter.ByFraction(series, 0.05),
            () => SeriesSplitter.ByFraction(series, double.NaN),
            () => SeriesSplitter.ByFraction(series, 0.7, 0.3),
            () => SeriesSplitter.ByDate(series, Sample.Monday),
            () => SeriesSplitter.ByDate(series, Sample.Monday.AddDays(10)),
            () => SeriesSplitter.ByDate(series, Sample.Monday.AddDays(5), Sample.Monday.AddDays(5)),
            () => SeriesSplitter.ByRanges(series, 0..6, 5..8, 8..10),
            () => SeriesSplitter.ByRanges(series, 0..6, 6..8, 7..10),
            () => SeriesSplitter.ByRanges(series, 0..6, 0..0, 5..10),
            () => SeriesSplitter.ByRanges(series, 0..6, 6..8, 8..11),
            () => SeriesSplitter.ByRanges(series, 0..0, 6..8, 8..10),
        ];
        foreach (var split in splits)
        {
            Assert.ThrowsExactly<ConfigurationException>(split);
        }
    }

    private static TimeSeries Count(int rows) => Sample.Daily([.. Enumerable.Range(0, rows).Select(row => (double)row)]);
}
