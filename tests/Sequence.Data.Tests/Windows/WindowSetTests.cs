using CsCheck;
using Sequence.Data.Tests.Support;
using Sequence.Data.Windows;

namespace Sequence.Data.Tests.Windows;

[TestClass]
public sealed class WindowSetTests
{
    [TestMethod]
    public void Windows_OfAnySize_AreTheRowsTheyNameWithoutACopy() =>
        Gen.Select(Gen.Int[1, 10], Gen.Int[1, 10], Gen.Int[0, 20]).Sample((lookBack, horizon, more) =>
        {
            var rows = Enumerable.Range(0, lookBack + horizon + more).Select(row => (double)row).ToArray();
            var windows = new WindowSet(Sample.Daily(rows), lookBack, horizon);
            Assert.AreEqual(more + 1, windows.Count);
            for (var index = 0; index < windows.Count; index++)
            {
                var window = windows[index];
                CollectionAssert.AreEqual(rows[index..(index + lookBack)], window.LookBack.ToArray());
                CollectionAssert.AreEqual(
                    rows[(index + lookBack)..(index + lookBack + horizon)], window.Horizon.ToArray());
                Assert.IsTrue(windows.Values.Span[index..].Overlaps(window.LookBack, out var offset) && offset == 0);
            }
        });

    [TestMethod]
    public void Series_TooShort_SaysHowManyRowsAreNeeded()
    {
        var exception = Assert.ThrowsExactly<DataFormatException>(() => new WindowSet(Sample.Daily(1, 2, 3), 3, 2));
        Assert.Contains("has 3 rows", exception.Message);
        Assert.Contains("needs 5", exception.Message);
        Assert.AreEqual(1, new WindowSet(Sample.Daily(1, 2, 3, 4, 5), 3, 2).Count);
    }

    [TestMethod]
    public void Options_BelowOne_AreAllListed()
    {
        var exception = Assert.ThrowsExactly<ConfigurationException>(() => new WindowSet(Sample.Daily(1, 2, 3), 0, -1));
        Assert.HasCount(2, exception.Faults);
        Assert.ThrowsExactly<DataFormatException>(() => new WindowSet(Sample.Daily(1), int.MaxValue, int.MaxValue));
    }

    [TestMethod]
    public void Index_OutOfRange_IsRefused()
    {
        var windows = new WindowSet(Sample.Daily(1, 2, 3), 1, 1);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => windows[2].LookBack.Length);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => windows[-1].LookBack.Length);
    }
}
