using CsCheck;

namespace Sequence.Forecasting.Tests;

[TestClass]
public sealed class PageHinkleyTests
{
    [TestMethod]
    public void Run_ByHand_IsTheRecursion()
    {
        // Means 1, 1, 2; the sum of x - mean - 0.5: -0.5, -1, 0.5; its minimum -0.5, -1, -1.
        var run = new PageHinkley { Tolerance = 0.5, Threshold = 1.4, MinimumValues = 3 }.Start();
        Assert.AreEqual(0, run.Excess);
        Assert.IsFalse(run.Observe(1));
        Assert.IsFalse(run.Observe(1));
        Assert.IsTrue(run.Observe(4));
        Assert.AreEqual(1.5, run.Excess, 1e-15);
        Assert.AreEqual(3, run.Count);
    }

    [TestMethod]
    public void Run_BeforeItsMinimumOfValues_IsSilent()
    {
        var run = new PageHinkley { Tolerance = 0.5, Threshold = 1.4, MinimumValues = 4 }.Start();
        Assert.IsFalse(run.Observe(1) || run.Observe(1) || run.Observe(4));
        Assert.IsTrue(run.Observe(4));
    }

    [TestMethod]
    public void Detects_AnyValues_IsWhetherTheRunEverSaysSo() => Gen.Double[0, 10].Array[0, 60].Sample(values =>
    {
        var test = new PageHinkley { Threshold = 8, MinimumValues = 5 };
        var run = test.Start();
        var found = false;
        foreach (var value in values)
        {
            found |= run.Observe(value);
        }

        Assert.AreEqual(found, test.Detects(values));
    });

    [TestMethod]
    public void Run_OfValuesThatFall_IsSilent()
    {
        var run = new PageHinkley { Threshold = 0.1, MinimumValues = 1 }.Start();
        Assert.IsFalse(Enumerable.Range(0, 100).Any(step => run.Observe(100 - step)));
    }

    [TestMethod]
    public void Resume_AtAnyValue_GoesOnAsIfItHadNeverStopped() => Gen.Double[0, 10].Array[0, 60].Sample(values =>
    {
        var test = new PageHinkley { Threshold = 8, MinimumValues = 5 };
        var (whole, resumed) = (test.Start(), test.Start());
        foreach (var value in values)
        {
            resumed = test.Resume(resumed.Count, resumed.Mean, resumed.Sum, resumed.Least);
            Assert.AreEqual(whole.Observe(value), resumed.Observe(value));
            Assert.AreEqual(whole.Excess, resumed.Excess);
        }
    });

    [TestMethod]
    public void Start_WithOptionsThatCannotBeUsed_SaysAll()
    {
        var error = Assert.ThrowsExactly<ConfigurationException>(
            () => new PageHinkley { Tolerance = -1, Threshold = double.NaN, MinimumValues = 0 }.Start());
        Assert.Contains("tolerance", error.Message);
        Assert.Contains("threshold", error.Message);
        Assert.Contains("at least 1", error.Message);
    }
}
