using Sequence.Backtesting;
using Sequence.Data;
using Sequence.Data.Checkpoints;
using Sequence.Forecasting;
using Sequence.Streaming;

namespace Sequence.Packages.Tests;

/// <summary>What a quant gets from the packages alone.</summary>
[TestClass]
public sealed class PackedRoomsTests
{
    [TestMethod]
    public void Forecasting_FromThePackage_ForecastsInAFewLines()
    {
        var start = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var times = Enumerable.Range(0, 28).Select(day => start.AddDays(day)).ToArray();
        var values = Enumerable.Range(0, 28).Select(day => (double)(day % 7)).ToArray();
        var series = new TimeSeries("weekly", new Frequency(FrequencyUnit.Day), times, values);

        var forecast = new SeasonalNaiveForecaster(7).Fit(series).Forecast(series, horizon: 9);

        CollectionAssert.AreEqual(new double[] { 0, 1, 2, 3, 4, 5, 6, 0, 1 }, forecast.Mean);
        Assert.AreEqual(start.AddDays(28), forecast.Timestamps[0]);
    }

    [TestMethod]
    public void Streaming_FromThePackage_StepsAPlan()
    {
        var declaration = new LinearDeclaration("linear", 2, 1);
        var plan = PlanCompiler.Compile(declaration, CheckpointWeights.FromSingles(
            declaration.Weights,
            new Dictionary<string, float[]> { ["linear.weight"] = [2, 3], ["linear.bias"] = [1] }));
        var output = new float[1];
        plan.Step([10, 100], plan.CreateState(), output);
        Assert.AreEqual(321f, output[0]);
    }

    [TestMethod]
    public void Backtesting_FromThePackage_TradesAForecasterWalkedForward()
    {
        var start = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var bars = Enumerable.Range(0, 56)
            .Select(day => new Bar(start.AddDays(day), 100 + (day % 7), 100 + (day % 7), 100 + (day % 7), 100 + (day % 7)))
            .ToArray();
        var market = new Market(BarSeries.FromBars("weekly", bars));

        var forecasts = ForecastSource.WalkForward(
            new SeasonalNaiveForecaster(7),
            new Frequency(FrequencyUnit.Day),
            new RollingOriginOptions { Horizon = 2, Step = 1, FirstOrigin = FirstOrigin.AfterRows(14) },
            step: 2);
        var strategy = ForecastStrategies.LongFlat(forecasts);
        LookAheadGuard.Check(market, strategy).ThrowIfLooksAhead();
        var result = Backtest.Run(market, strategy);

        // Prices rise by one on six days and fall by six on the seventh; the season is known.
        Assert.IsGreaterThan(0, PerformanceSummary.Of(result.Equity, result.Trades, new PerformanceOptions()).TotalReturn);
        Assert.IsNotEmpty(result.Trades);
    }

    [TestMethod]
    public void Packages_OfTorchFreeRooms_BringNoTorchSharp()
    {
        var dependencies = File.ReadAllText(Path.Combine(
            AppContext.BaseDirectory, typeof(PackedRoomsTests).Assembly.GetName().Name + ".deps.json"));
        Assert.Contains("Sequence.Streaming", dependencies);
        Assert.Contains("Sequence.Backtesting", dependencies);
        Assert.DoesNotContain("TorchSharp", dependencies);
        Assert.DoesNotContain("libtorch", dependencies);
        var files = Directory.EnumerateFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories)
            .Select(Path.GetFileName)
            .Where(name => name!.Contains("torch", StringComparison.OrdinalIgnoreCase));
        Assert.IsEmpty(files);
    }
}
