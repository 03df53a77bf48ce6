using CsCheck;
using MathNet.Numerics.Distributions;
using Sequence.Data;
using Sequence.Forecasting;

namespace Sequence.Backtesting.Tests.Forecasts;

[TestClass]
public sealed class ForecastSignalsTests
{
    [TestMethod]
    public void TryGet_AtAnyTime_IsTheNewestRowKnownThen() => Gen.Int[0, 60].Array[1, 30].Select(Gen.Int[-2, 70]).Sample((origins, moment) =>
    {
        var rows = origins.Select((day, fold) => Row("A", fold, day, mean: 100 + fold)).ToArray();
        var signals = new ForecastSignals(new ForecastTable(rows));
        var known = rows.Where(row => row.Origin <= Day(moment)).OrderByDescending(row => row.Origin).ThenBy(row => row.Fold).FirstOrDefault();
        var found = signals.TryGet("A", Day(moment), out var signal);
        return known is null ? !found : found && signal.Origin == known.Origin && signal.Mean == known.Mean;
    });

    [TestMethod]
    public void TryGet_OfAnotherAssetOrStep_IsNotMixedIn()
    {
        var signals = new ForecastSignals(new ForecastTable([Row("A", 0, 1, 101), Row("B", 0, 2, 102), Row("A", 0, 1, 103, step: 2)]), 1);
        Assert.IsTrue(signals.TryGet("A", Day(5), out var signal));
        Assert.AreEqual(101, signal.Mean);
        Assert.AreEqual(0.01, signal.ExpectedReturn, 1e-15);
        Assert.IsFalse(signals.TryGet("B", Day(1), out _));
        Assert.IsFalse(signals.TryGet("C", Day(5), out _));
        Assert.IsTrue(new ForecastSignals(new ForecastTable([Row("A", 0, 1, 103, step: 2)]), 2).TryGet("A", Day(1), out signal));
        Assert.AreEqual(103, signal.Mean);
    }

    [TestMethod]
    public void Constructor_OfAStepThatIsNotThere_SaysWhichAre()
    {
        var fault = Assert.ThrowsExactly<DataFormatException>(() => new ForecastSignals(new ForecastTable([Row("A", 0, 1, 101)]), 3));
        Assert.Contains("3 steps", fault.Message);
    }

    [TestMethod]
    public void Constructor_OfForecastsOfReturns_IsRefused() => Assert.ThrowsExactly<DataFormatException>(
        () => new ForecastSignals(new ForecastTable([Row("A", 0, 1, 0.01, atOrigin: -0.02)])));

    [TestMethod]
    public void ProbabilityOfRise_OfAnInterval_IsThatOfTheNormal()
    {
        // The central 80 % of a normal distribution with deviation 5 around 104.
        var z = Normal.InvCDF(0, 1, 0.9);
        var row = Row("A", 0, 1, 104) with { Intervals = [new IntervalBounds(50, 103, 105), new IntervalBounds(80, 104 - (5 * z), 104 + (5 * z))] };
        Assert.IsTrue(new ForecastSignals(new ForecastTable([row])).TryGet("A", Day(1), out var signal));
        Assert.AreEqual(Normal.CDF(0, 1, 0.8), signal.ProbabilityOfRise, 1e-12);
    }

    [TestMethod]
    public void ProbabilityOfRise_OfAnIntervalOfNoWidth_IsCertain()
    {
        foreach (var (mean, expected) in (ReadOnlySpan<(double, double)>)[(101, 1), (99, 0), (100, 0.5)])
        {
            var row = Row("A", 0, 1, mean) with { Intervals = [new IntervalBounds(80, mean, mean)] };
            Assert.IsTrue(new ForecastSignals(new ForecastTable([row])).TryGet("A", Day(1), out var signal));
            Assert.AreEqual(expected, signal.ProbabilityOfRise);
        }
    }

    [TestMethod]
    public void TryGet_OfAnEmptyTable_FindsNothing() =>
        Assert.IsFalse(new ForecastSignals(new ForecastTable([])).TryGet("A", Day(1), out _));

    [TestMethod]
    public void TryGet_AnyTime_AllocatesNothing()
    {
        var signals = new ForecastSignals(new ForecastTable(Enumerable.Range(0, 100).Select(day => Row("A", day, day, 101)).ToArray()));
        Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run()
        {
            for (var day = -5; day < 110; day++)
            {
                signals.TryGet("A", Day(day), out _);
            }
        }
    }

    [TestMethod]
    public void WalkForward_OverAMarket_EqualsRollingOriginAndForecastsFromTheLastBars()
    {
        var market = RandomBars.Single(60);
        var options = new RollingOriginOptions { Horizon = 3, Step = 1, FirstOrigin = FirstOrigin.AfterRows(20) };
        var table = MarketForecasts.WalkForward(market, new DriftForecaster(), Frequency.Parse("D"), options);
        var reference = RollingOrigin.Evaluate(new DriftForecaster(), market.ToPanel(Frequency.Parse("D")), options).Table;
        for (var row = 0; row < reference.Rows.Count; row++)
        {
            Assert.AreEqual(reference.Rows[row].Mean, table.Rows[row].Mean);
            Assert.AreEqual(reference.Rows[row].Actual, table.Rows[row].Actual);
        }

        // Three more origins, the last of which is the last bar; what lies after it has not come true.
        Assert.HasCount(reference.Rows.Count + 9, table.Rows);
        Assert.AreEqual(market.Times.Span[^1], table.Rows[^1].Origin);
        Assert.AreEqual(6, table.Rows.Count(row => double.IsNaN(row.Actual)));
        Assert.IsTrue(table.Rows.All(row => double.IsNaN(row.Actual) == row.Timestamp > market.Times.Span[^1]));
    }

    [TestMethod]
    public void WalkForward_OverAPanelWithHoles_HasForecastsOnlyWhereThereIsABar()
    {
        var market = RandomBars.Panel();
        var table = MarketForecasts.WalkForward(
            market, new ReversalForecaster(), Frequency.Parse("D"), new RollingOriginOptions { Horizon = 1, FirstOrigin = FirstOrigin.AfterRows(50) });
        Assert.IsTrue(table.Rows.All(row => market[row.SeriesId].Times.Span.Contains(row.Origin)));
        Assert.AreEqual(market["SHORT"].Times.Span[^1], table.Rows.Where(row => row.SeriesId == "SHORT").Max(row => row.Origin));
        Assert.AreEqual(4, table.Rows.Select(row => row.SeriesId).Distinct().Count());
    }

    [TestMethod]
    public void ForecastSource_WithNumbersThatCannotBe_ListsThem()
    {
        var fault = Assert.ThrowsExactly<ConfigurationException>(() => ForecastSource.FromTable(new ForecastTable([]), 0, -1));
        Assert.HasCount(2, fault.Faults);
        foreach (var options in (RollingOriginOptions[])[new() { Horizon = 1, Folder = "x" }, new() { Horizon = 1, TimeBudget = TimeSpan.FromHours(1) }])
        {
            Assert.Contains("FromTable", Assert.ThrowsExactly<ConfigurationException>(
                () => ForecastSource.WalkForward(new DriftForecaster(), Frequency.Parse("D"), options)).Message);
        }
    }

    internal static DateTimeOffset Day(int day) => RandomBars.Start.AddDays(day);

    internal static ForecastRow Row(string series, int fold, int originDay, double mean, int step = 1, double atOrigin = 100) =>
        new(series, fold, Day(originDay), Day(originDay + step), step, double.NaN, mean, [], atOrigin, 1, 1);
}
