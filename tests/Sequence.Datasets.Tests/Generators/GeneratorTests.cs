using System.Text;
using CsCheck;

namespace Sequence.Datasets.Tests.Generators;

[TestClass]
public sealed class GeneratorTests
{
    [TestMethod]
    public void DailyIndex_OfTheSampleSeed_GivesTheShippedBytes()
    {
        var generated = GeneratorCatalogue.Get("daily-index").Generate(Samples.DailyIndexSeed);
        CollectionAssert.AreEqual(File.ReadAllBytes(Samples.DailyIndexPath), Encoding.UTF8.GetBytes(generated.ToCsv()));
    }

    [TestMethod]
    public void Sample_Shipped_IsSmallAndStartsOnTheFirstBusinessDay()
    {
        var lines = File.ReadAllLines(Samples.DailyIndexPath);
        Assert.AreEqual("date,close", lines[0]);
        Assert.AreEqual("2019-01-01,1000.00", lines[1]);
        Assert.HasCount(1501, lines);
        Assert.IsLessThan(60_000, new FileInfo(Samples.DailyIndexPath).Length);
    }

    [TestMethod]
    public void DailyIndex_OfManyDays_ClustersItsVolatility()
    {
        // Engle's test of ARCH effects: rows times the squared first autocorrelation of the squared returns is chi-squared
        // with one degree of freedom without clustering; 10.8 is exceeded once in a thousand.
        var squared = Returns(DailyIndex(new() { ["weekly"] = 0 })).Select(r => r * r).ToArray();
        Assert.IsGreaterThan(10.8, squared.Length * Math.Pow(Autocorrelation(squared, 1), 2));
    }

    [TestMethod]
    public void DailyIndex_WithoutReaction_DoesNotClusterItsVolatility()
    {
        var squared = Returns(DailyIndex(new() { ["weekly"] = 0, ["reaction"] = 0, ["persistence"] = 0 }))
            .Select(r => r * r).ToArray();
        Assert.That.IsWithin(10.8, squared.Length * Math.Pow(Autocorrelation(squared, 1), 2));
    }

    [TestMethod]
    public void DailyIndex_OfManyDays_HasAWeeklyPattern()
    {
        var series = DailyIndex(new() { ["rows"] = 6000 });
        var returns = Returns(series);
        var days = series.Series.Timestamps.ToArray().Skip(1).Select(time => time.DayOfWeek).ToArray();
        var mean = returns.Average();
        var spread = Math.Sqrt(returns.Average(r => (r - mean) * (r - mean)));

        // Monday is the weakest day and Thursday the strongest; both stand out by more than three standard errors.
        var error = spread / Math.Sqrt(returns.Length / 5.0);
        Assert.That.IsWithin(mean - (3 * error), Mean(DayOfWeek.Monday));
        Assert.IsGreaterThan(mean + (3 * error), Mean(DayOfWeek.Thursday));
        Assert.DoesNotContain(DayOfWeek.Saturday, days);
        Assert.DoesNotContain(DayOfWeek.Sunday, days);

        double Mean(DayOfWeek day) => returns.Where((_, index) => days[index] == day).Average();
    }

    [TestMethod]
    public void DailyIndex_WithoutNoise_FollowsDriftAndProfileExactly()
    {
        var series = DailyIndex(new() { ["rows"] = 3, ["volatility"] = 0, ["drift"] = 0.01, ["weekly"] = 0.04 }).Series;

        // 2019-01-01 is a Tuesday: Wednesday returns 1 + 2 %, Thursday 1 + 3 %.
        CollectionAssert.AreEqual(new[] { 1000, 1030, 1071.2 }, series.Values.ToArray());
    }

    [TestMethod]
    public void SeasonalTrend_WithoutNoise_RisesAndRepeats()
    {
        var values = new Dictionary<string, double> { ["noise"] = 0, ["rows"] = 24, ["slope"] = 1 };
        var series = GeneratorCatalogue.Get("seasonal-trend").Generate(1, values).Series;
        var points = series.Values.Span;
        for (var row = 0; row < 24; row++)
        {
            Assert.AreEqual(100 + row + (20 * Math.Sin(2 * Math.PI * row / 12)), points[row], 20 * 0.002);
        }

        Assert.AreEqual(new DateTimeOffset(2001, 12, 1, 0, 0, 0, TimeSpan.Zero), series.Timestamps.Span[^1]);
    }

    [TestMethod]
    public void RandomWalk_OfManyDays_HasUncorrelatedUnitSteps()
    {
        var points = GeneratorCatalogue.Get("random-walk").Generate(5).Series.Values.ToArray();
        var steps = points.Skip(1).Zip(points, (next, last) => next - last).ToArray();
        Assert.AreEqual(100, points[0]);
        Assert.AreEqual(1, Math.Sqrt(steps.Average(step => step * step)), 0.08);
        Assert.AreEqual(0, Autocorrelation(steps, 1), 3.3 / Math.Sqrt(steps.Length));
    }

    [TestMethod]
    public void Generators_OfOneSeed_GiveTheSameTextFromManyThreads()
    {
        foreach (var generator in GeneratorCatalogue.All)
        {
            var texts = new string[4];
            Parallel.For(0, texts.Length, index => texts[index] = generator.Generate(7).ToCsv());
            Assert.HasCount(1, texts.Distinct(StringComparer.Ordinal).ToArray());
            Assert.AreNotEqual(texts[0], generator.Generate(8).ToCsv());
        }
    }

    [TestMethod]
    public void DailyIndex_OfAnyParameters_StaysPositiveAndFinite() =>
        Gen.Select(Gen.ULong, Gen.Double[0, 0.1], Gen.Double[0, 0.9], Gen.Double[0, 0.09], Gen.Double[-0.005, 0.005])
            .Sample(
                (seed, volatility, reaction, persistence, drift) => GeneratorCatalogue.Get("daily-index").Generate(
                    seed,
                    new Dictionary<string, double>
                    {
                        ["rows"] = 300,
                        ["volatility"] = volatility,
                        ["reaction"] = reaction,
                        ["persistence"] = persistence,
                        ["drift"] = drift,
                    }).Series.Values.ToArray().All(close => close >= 0 && double.IsFinite(close)),
                iter: 50);

    [TestMethod]
    public void Generate_WithBadParameters_ListsEveryFault()
    {
        var values = new Dictionary<string, double> { ["rows"] = 1.5, ["drift"] = double.NaN, ["colour"] = 1 };
        var error = Assert.ThrowsExactly<ConfigurationException>(
            () => GeneratorCatalogue.Get("daily-index").Generate(1, values));
        Assert.HasCount(3, error.Faults);
        StringAssert.Contains(error.Message, "'colour'");
        StringAssert.Contains(error.Message, "whole number");
    }

    [TestMethod]
    public void Generate_WithAnInfiniteVariance_IsRefused() =>
        StringAssert.Contains(
            Assert.ThrowsExactly<ConfigurationException>(
                () => DailyIndex(new() { ["reaction"] = 0.5, ["persistence"] = 0.6 })).Message,
            "below 1");

    [TestMethod]
    public void Generate_GrowingWithoutBound_IsRefused() =>
        Assert.ThrowsExactly<ConfigurationException>(() => DailyIndex(new() { ["rows"] = 10_000, ["drift"] = 0.1 }));

    [TestMethod]
    public void Get_OfAnUnknownName_ListsTheGenerators() =>
        StringAssert.Contains(
            Assert.ThrowsExactly<ConfigurationException>(() => GeneratorCatalogue.Get("index")).Message, "daily-index");

    private static GeneratedSeries DailyIndex(Dictionary<string, double> values) =>
        GeneratorCatalogue.Get("daily-index").Generate(11, values);

    private static double[] Returns(GeneratedSeries series)
    {
        var closes = series.Series.Values.ToArray();
        return [.. closes.Skip(1).Zip(closes, (next, last) => (next / last) - 1)];
    }

    private static double Autocorrelation(double[] values, int lag)
    {
        var mean = values.Average();
        var variance = values.Sum(value => (value - mean) * (value - mean));
        return values.Skip(lag).Zip(values, (next, last) => (next - mean) * (last - mean)).Sum() / variance;
    }
}
