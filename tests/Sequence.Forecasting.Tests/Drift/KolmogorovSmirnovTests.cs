using CsCheck;
using Sequence.Numerics;

namespace Sequence.Forecasting.Tests;

[TestClass]
public sealed class KolmogorovSmirnovTests
{
    private static readonly Gen<double[]> Sample = Gen.Double[-10, 10].Array[1, 30];

    [TestMethod]
    public void Test_OfEqualSizes_IsTheReflectionFormula()
    {
        // P(D >= k/n) = 2 (C(2n, n-k) - C(2n, n-2k) + ..) / C(2n, n). For n = 5: k = 4 gives 20/252, k = 3 gives 90/252.
        var four = KolmogorovSmirnov.Test([1, 2, 3, 4, 9], [5, 6, 7, 8, 10]);
        Assert.AreEqual(0.8, four.Statistic, 1e-15);
        Assert.AreEqual(20.0 / 252, four.PValue, 1e-15);
        Assert.IsTrue(four.IsExact);
        var three = KolmogorovSmirnov.Test([1, 2, 3, 9, 11], [5, 6, 7, 8, 10]);
        Assert.AreEqual(0.6, three.Statistic, 1e-15);
        Assert.AreEqual(90.0 / 252, three.PValue, 1e-15);
    }

    [TestMethod]
    public void Test_OfTwoAndOne_IsCountedByHand()
    {
        // Of the three places of b among two a, two give D = 1 and the middle one D = 1/2.
        Assert.AreEqual(2.0 / 3, KolmogorovSmirnov.Test([1, 2], [3]).PValue, 1e-15);
        var middle = KolmogorovSmirnov.Test([1, 3], [2]);
        Assert.AreEqual(0.5, middle.Statistic);
        Assert.AreEqual(1, middle.PValue, 1e-15);
        Assert.AreEqual(1, KolmogorovSmirnov.Test([1], [2]).PValue);
    }

    [TestMethod]
    [DataRow(4, 7)]
    [DataRow(5, 5)]
    [DataRow(3, 8)]
    public void Test_OfUnequalSizes_IsTheShareOfAllOrders(int n, int m)
    {
        // Every way to lay n values of the first among n + m places, each as likely.
        var statistics = Enumerable.Range(0, 1 << (n + m)).Where(mask => int.PopCount(mask) == n).Select(mask =>
        {
            var (i, j, largest) = (0, 0, 0.0);
            for (var place = 0; place < n + m; place++)
            {
                (i, j) = (mask >> place & 1) == 1 ? (i + 1, j) : (i, j + 1);
                largest = Math.Max(largest, Math.Abs(((double)i / n) - ((double)j / m)));
            }

            return (Mask: mask, Largest: largest);
        }).ToArray();
        for (var index = 0; index < statistics.Length; index += 37)
        {
            var (mask, largest) = statistics[index];
            var places = Enumerable.Range(0, n + m).ToLookup(place => (mask >> place & 1) == 1, place => (double)place);
            var result = KolmogorovSmirnov.Test([.. places[true]], [.. places[false]]);
            Assert.AreEqual(largest, result.Statistic, 1e-12);
            Assert.AreEqual(statistics.Average(other => other.Largest >= largest - 1e-9 ? 1.0 : 0), result.PValue, 1e-12);
        }
    }

    [TestMethod]
    [DataRow(1.07275, 0.2)]
    [DataRow(1.22385, 0.1)]
    [DataRow(1.35810, 0.05)]
    [DataRow(1.62762, 0.01)]
    [DataRow(1.94947, 0.001)]
    public void PValue_OfTheCriticalValuesOfTheTables_IsTheirLevel(double critical, double level)
    {
        // Smirnov's limit; samples so large that the correction is nothing.
        const double Size = 2e12;
        Assert.AreEqual(level, KolmogorovSmirnov.PValue(critical / 1e6, Size, Size), 2e-4 * level);
    }

    [TestMethod]
    public void PValue_NearTheSwitchOfItsTwoForms_IsSmoothAndFalls()
    {
        var values = Enumerable.Range(0, 400).Select(step => KolmogorovSmirnov.PValue(step * 0.01 / 1e6, 2e12, 2e12)).ToArray();
        Assert.AreEqual(1, values[0]);
        for (var index = 1; index < values.Length; index++)
        {
            Assert.IsTrue(values[index] <= values[index - 1] && values[index - 1] - values[index] < 0.02, $"{index}: {values[index]}");
        }
    }

    [TestMethod]
    public void PValue_Asymptotic_IsNearTheCountedOne()
    {
        var random = new CounterRandom(3);
        double[] first = [.. Enumerable.Range(0, 150).Select(_ => random.NextGaussian())];
        double[] second = [.. Enumerable.Range(0, 211).Select(_ => random.NextGaussian() + 0.2)];
        var counted = KolmogorovSmirnov.Test(first, second);
        Assert.IsTrue(counted.IsExact);
        Assert.AreEqual(counted.PValue, KolmogorovSmirnov.PValue(counted.Statistic, 150, 211), 0.1 * counted.PValue);
    }

    [TestMethod]
    public void Test_OfLargeSamples_IsAsymptotic()
    {
        double[] first = [.. Enumerable.Range(0, 1100).Select(value => (double)value)];
        var result = KolmogorovSmirnov.Test(first, [.. first.Select(value => value + 110)]);
        Assert.IsFalse(result.IsExact);
        Assert.AreEqual(0.1, result.Statistic, 1e-12);
        Assert.AreEqual(KolmogorovSmirnov.PValue(0.1, 1100, 1100), result.PValue);
    }

    [TestMethod]
    public void Test_WithTheTwoExchanged_IsTheSame() => Gen.Select(Sample, Sample).Sample((first, second) =>
    {
        var one = KolmogorovSmirnov.Test(first, second);
        var other = KolmogorovSmirnov.Test(second, first);
        Assert.AreEqual(one.Statistic, other.Statistic);
        Assert.AreEqual(one.PValue, other.PValue, 1e-12);
        Assert.IsTrue(one.PValue is > 0 and <= 1);
        Assert.AreEqual(0, KolmogorovSmirnov.Test(first, first).Statistic);
        Assert.AreEqual(1, KolmogorovSmirnov.Test(first, first).PValue);
    });

    [TestMethod]
    public void EffectiveSize_OfAnAutoregression_IsItsFormula()
    {
        var random = new CounterRandom(11);
        var values = new double[50_000];
        for (var index = 1; index < values.Length; index++)
        {
            values[index] = (0.8 * values[index - 1]) + random.NextGaussian();
        }

        Assert.AreEqual(50_000 * 0.2 / 1.8, KolmogorovSmirnov.EffectiveSize(values), 500);
        Assert.AreEqual(1, KolmogorovSmirnov.EffectiveSize([7, 7, 7, 7]));
        Assert.AreEqual(1, KolmogorovSmirnov.EffectiveSize([7]));

        // Neighbours that differ more than chance count for no more than independent ones.
        Assert.AreEqual(6, KolmogorovSmirnov.EffectiveSize([1, -1, 1, -1, 1, -1]));
    }

    [TestMethod]
    public void Test_OnBadInput_Throws()
    {
        Assert.ThrowsExactly<ModelException>(() => KolmogorovSmirnov.Test([], [1]));
        Assert.ThrowsExactly<ModelException>(() => KolmogorovSmirnov.Test([1], [double.NaN]));
        Assert.ThrowsExactly<ModelException>(() => KolmogorovSmirnov.EffectiveSize([]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => KolmogorovSmirnov.PValue(0.1, 0, 5));
    }
}
