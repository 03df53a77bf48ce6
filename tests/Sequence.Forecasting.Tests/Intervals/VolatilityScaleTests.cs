using CsCheck;
using Sequence.Data;

namespace Sequence.Forecasting.Tests;

[TestClass]
public sealed class VolatilityScaleTests
{
    private static readonly Gen<double[]> Histories = Gen.Double[-100, 100].Array[0, 60];

    [TestMethod]
    public void Estimate_IsTheMeanAbsoluteChange() =>
        Assert.AreEqual(1.5, VolatilityScale.Estimate([0, 1, -1, double.NaN, 7, 7, 10], 5)!.Reference, 1e-15);

    [TestMethod]
    [DataRow(new double[0])]
    [DataRow(new[] { 3.0 })]
    [DataRow(new[] { 3.0, 3, 3 })]
    [DataRow(new[] { 3.0, double.NaN, 4 })]
    [DataRow(new[] { double.MaxValue, -double.MaxValue })]
    public void Estimate_WhereNoChangeIsSeen_IsNull(double[] values) =>
        Assert.IsNull(VolatilityScale.Estimate(values, 5));

    [TestMethod]
    public void At_GivesTheHandComputedValue()
    {
        // Span 3 weighs a change by one half: 2, then (2 + 4) / 2, (3 + 0) / 2, (1.5 + 6) / 2.
        var scale = new VolatilityScale(3, 2);
        Assert.AreEqual(3.75, scale.At([0, 4, 4, 10]));
        Assert.AreEqual(3, scale.At([0, 4]));
        Assert.AreEqual(2, scale.At([7]));
        Assert.AreEqual(2, scale.At([]));
        Assert.AreEqual(1.5, scale.At([double.NaN, 0, double.NaN, 5, 6, double.PositiveInfinity]));
    }

    [TestMethod]
    public void At_IsTheWeightedSumOfChangesAndReference() =>
        Gen.Select(Histories, Gen.Int[7, 40], Gen.Double[0.1, 50]).Sample((history, span, reference) =>
        {
            var kept = 1 - (2 / (span + 1.0));
            var changes = history.Skip(1).Zip(history, (now, before) => Math.Abs(now - before)).Reverse().ToArray();
            var expected = changes.Select((change, age) => (1 - kept) * Math.Pow(kept, age) * change).Sum()
                + (Math.Pow(kept, changes.Length) * reference);
            Assert.AreEqual(
                Math.Max(expected, reference / 10), new VolatilityScale(span, reference).At(history), 1e-9 * (1 + expected));
        });

    [TestMethod]
    public void At_OnAStretchThatStandsStill_IsATenthOfTheReference() =>
        Assert.AreEqual(0.7, new VolatilityScale(4, 7).At(Enumerable.Repeat(12.0, 500).ToArray()), 1e-15);

    [TestMethod]
    public void At_DoesNotReadRowsOlderThanTenSpans() =>
        Gen.Select(Gen.Double[-100, 100].Array[21], Histories, Histories).Sample((recent, one, other) =>
        {
            var scale = new VolatilityScale(2, 1);
            Assert.AreEqual(scale.At([.. one, .. recent]), scale.At([.. other, .. recent]));
        });

    [TestMethod]
    public void At_OfAScaledAndShiftedSeries_ScalesByTheAbsoluteFactor() =>
        Gen.Select(Gen.Int[-1000, 1000].Array[2, 60].Where(rows => rows.Distinct().Skip(1).Any()), Gen.Double[0.01, 100], Gen.Bool, Gen.Double[-1000, 1000], Gen.Int[1, 30])
            .Sample((rows, size, isNegative, shift, span) =>
            {
                var history = Array.ConvertAll(rows, row => row / 10.0);
                var factor = isNegative ? -size : size;
                var moved = history.Select(value => (factor * value) + shift).ToArray();
                var expected = size * VolatilityScale.Estimate(history, span)!.At(history);
                Assert.AreEqual(expected, VolatilityScale.Estimate(moved, span)!.At(moved), 1e-8 * (1 + expected));
            });

    [TestMethod]
    [DataRow(0, 1.0)]
    [DataRow(-3, 1.0)]
    [DataRow(5, 0.0)]
    [DataRow(5, -1.0)]
    [DataRow(5, double.NaN)]
    [DataRow(5, double.PositiveInfinity)]
    public void Scale_WithAnUnusableNumber_IsRefused(int span, double reference) =>
        Assert.ThrowsExactly<DataFormatException>(() => new VolatilityScale(span, reference));

    [TestMethod]
    public void At_WithAnEnormousSpan_StaysNearTheReference() =>
        Assert.AreEqual(2, new VolatilityScale(int.MaxValue, 2).At([0, 4, 4, 10]), 1e-8);
}
