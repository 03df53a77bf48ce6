using Sequence.Data;

namespace Sequence.Backtesting.Tests.Bars;

[TestClass]
public sealed class BarSeriesTests
{
    [TestMethod]
    [DataRow(100, 99, 98, 99, "outside low", DisplayName = "open above high")]
    [DataRow(100, 98, 99, 98.5, "below its low", DisplayName = "high below low")]
    [DataRow(-1, 1, -2, 1, "positive", DisplayName = "negative price")]
    [DataRow(0, 1, 0, 1, "positive", DisplayName = "zero price")]
    [DataRow(double.NaN, 1, 1, 1, "finite", DisplayName = "missing price")]
    [DataRow(1, double.PositiveInfinity, 1, 1, "finite", DisplayName = "infinite price")]
    public void Series_WithABarThatCannotBe_NamesIt(double open, double high, double low, double close, string said)
    {
        var exception = Assert.ThrowsExactly<DataFormatException>(
            () => Scenario.Bars("A", (100, 101, 99, 100), (open, high, low, close)));
        Assert.Contains("Bar 1 of 'A' (2024-01-02", exception.Message);
        Assert.Contains(said, exception.Message);
    }

    [TestMethod]
    public void Series_WithTimesThatCannotBe_NamesThem()
    {
        void Refused(string said, params DateTimeOffset[] times) => Assert.Contains(said, Assert.ThrowsExactly<DataFormatException>(
            () => new BarSeries("A", times, new double[] { 1, 1 }, new double[] { 1, 1 }, new double[] { 1, 1 }, new double[] { 1, 1 })).Message);
        Refused("the time of the bar before", Scenario.Start, Scenario.Start);
        Refused("sort the bars", Scenario.Start.AddDays(1), Scenario.Start);
        Refused("UTC", Scenario.Start, new DateTimeOffset(2024, 1, 2, 0, 0, 0, TimeSpan.FromHours(1)));
        Refused("2 values of open", Scenario.Start);
    }

    [TestMethod]
    public void Series_WithANegativeVolume_IsRefused()
    {
        Assert.Contains("volume of -1", Assert.ThrowsExactly<DataFormatException>(
            () => BarSeries.FromBars("A", [new Bar(Scenario.Start, 1, 1, 1, 1, -1)])).Message);
    }

    [TestMethod]
    public void Market_WithSeveralFaults_NamesThemAll()
    {
        var bars = Scenario.Bars("A", (1, 1, 1, 1));
        var exception = Assert.ThrowsExactly<ConfigurationException>(() => new Market(
            [bars, bars], [new Split("A", Scenario.Start, 0), new Split("B", Scenario.Start, 2)], [new Dividend("A", Scenario.Start, double.NaN)]));
        Assert.HasCount(4, exception.Faults);
    }

    [TestMethod]
    public void Market_OfUnequalAssets_RunsOnTheUnionOfTheirTimes()
    {
        var market = new Market(
            BarSeries.FromBars("A", [new Bar(Scenario.Start, 1, 1, 1, 1), new Bar(Scenario.Start.AddDays(2), 1, 1, 1, 1)]),
            BarSeries.FromBars("B", [new Bar(Scenario.Start.AddDays(1), 1, 1, 1, 1)]));
        CollectionAssert.AreEqual(
            new[] { Scenario.Start, Scenario.Start.AddDays(1), Scenario.Start.AddDays(2) }, market.Times.ToArray());
    }

    [TestMethod]
    public void Truncate_KeepsWhatWasKnown()
    {
        var market = new Market(
            [Scenario.Bars("A", (1, 1, 1, 1), (2, 2, 2, 2), (3, 3, 3, 3)), BarSeries.FromBars("B", [new Bar(Scenario.Start.AddDays(2), 1, 1, 1, 1)])],
            [new Split("A", Scenario.Start.AddDays(2), 2)]);
        var cut = market.Truncate(2);
        Assert.AreEqual((2, 2, 0, 0), (cut.Length, cut["A"].Length, cut["B"].Length, cut.Splits.Count));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => market.Truncate(4));
    }
}
