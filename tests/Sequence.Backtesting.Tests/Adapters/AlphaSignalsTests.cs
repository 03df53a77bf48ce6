using CsCheck;
using Sequence.Data;
using Sequence.Forecasting;

namespace Sequence.Backtesting.Tests.Adapters;

[TestClass]
public sealed class AlphaSignalsTests
{
    private static readonly DateTimeOffset Origin = new(2024, 3, 1, 16, 0, 0, TimeSpan.FromHours(-5));

    [TestMethod]
    public void From_ForecastWithIntervals_HasTheHandComputedFields()
    {
        // The 95 % interval is two times 1.959964 wide about 102, so sigma is 1 and the rise of 2 is two of them: Phi(2) = 0.977250.
        var signal = AlphaSignals.From(Forecast([101, 102], (80, 0.5), (95, 1.9599639845400545)), 100, "theta", weight: 0.25);
        Assert.AreEqual("SPY", signal.Symbol);
        Assert.AreEqual(AlphaDirection.Up, signal.Direction);
        Assert.AreEqual(0.02, signal.Magnitude, 1e-15);
        Assert.AreEqual(0.97724986805182079, signal.Confidence!.Value, 1e-12);
        Assert.AreEqual(TimeSpan.FromDays(4), signal.Period);
        Assert.AreEqual(2, signal.Steps);
        Assert.AreEqual(0.25, signal.Weight);
        Assert.AreEqual(new DateTime(2024, 3, 1, 21, 0, 0, DateTimeKind.Utc), signal.GeneratedTimeUtc);
        Assert.AreEqual(DateTimeKind.Utc, signal.GeneratedTimeUtc.Kind);
        Assert.AreEqual(new DateTime(2024, 3, 5, 21, 0, 0, DateTimeKind.Utc), signal.CloseTimeUtc);
        Assert.AreEqual("theta", signal.SourceModel);
    }

    [TestMethod]
    [DataRow(0.03, AlphaDirection.Flat, 0.84134474606854281)]
    [DataRow(0.01, AlphaDirection.Up, 0.84134474606854281)]
    public void From_DeadBand_SaysFlatWithinIt(double deadBand, AlphaDirection direction, double confidence)
    {
        // Mean 102, sigma 1. Above 103 lies 1 - Phi(1), below 97 next to nothing; above 101 lies Phi(1).
        var signal = AlphaSignals.From(Forecast([102], (95, 1.9599639845400545)), 100, deadBand: deadBand);
        Assert.AreEqual(direction, signal.Direction);
        Assert.AreEqual(confidence, signal.Confidence!.Value, 1e-6);
    }

    [TestMethod]
    public void From_FallingForecastAtAStep_IsDownWithThatStepsPeriod()
    {
        var signal = AlphaSignals.From(Forecast([99, 120], (80, 0)), 100, step: 1);
        Assert.AreEqual(AlphaDirection.Down, signal.Direction);
        Assert.AreEqual(-0.01, signal.Magnitude, 1e-15);
        Assert.AreEqual(1, signal.Confidence);
        Assert.AreEqual(TimeSpan.FromDays(3), signal.Period);
        Assert.IsNull(signal.Weight);
    }

    [TestMethod]
    public void From_ForecastWithoutIntervals_HasNoConfidence() => Assert.IsNull(AlphaSignals.From(Forecast([101]), 100).Confidence);

    /// <summary>Mirroring prices about the price now turns the direction round and keeps the confidence.</summary>
    [TestMethod]
    public void From_MirroredForecast_TurnsDirectionAndKeepsConfidence() =>
        Gen.Select(Gen.Double[-20, 20], Gen.Double[0.1, 30], Gen.Double[0, 0.1]).Sample((rise, half, band) =>
        {
            var up = AlphaSignals.From(Forecast([100 + rise], (90, half)), 100, deadBand: band);
            var down = AlphaSignals.From(Forecast([100 - rise], (90, half)), 100, deadBand: band);
            return (int)up.Direction == -(int)down.Direction && Math.Abs(up.Confidence!.Value - down.Confidence!.Value) < 1e-12
                && up.Confidence is >= 0 and <= 1;
        });

    /// <summary>Up, flat and down share all that can happen: a band that moves past the mean turns one into the other.</summary>
    [TestMethod]
    public void From_WiderDeadBand_IsLessSureOfUpAndSurerOfFlat() => Gen.Select(Gen.Double[0.5, 20], Gen.Double[1, 30]).Sample((rise, half) =>
    {
        AlphaSignal[] signals = [.. new[] { 0, 0.1, 0.2, 0.3, 0.5 }.Select(share => AlphaSignals.From(
            Forecast([100 + rise], (90, half)), 100, deadBand: share * rise / 50))];
        var up = signals.Where(signal => signal.Direction == AlphaDirection.Up).Select(signal => signal.Confidence!.Value).ToArray();
        var flat = signals.Where(signal => signal.Direction == AlphaDirection.Flat).Select(signal => signal.Confidence!.Value).ToArray();
        return up.SequenceEqual(up.OrderDescending()) && flat.SequenceEqual(flat.Order());
    });

    [TestMethod]
    [DataRow(0)]
    [DataRow(3)]
    public void From_StepOutside_IsRefused(int step)
    {
        var error = Assert.ThrowsExactly<ConfigurationException>(
            () => AlphaSignals.From(Forecast([1, 2]), 1, step: step, deadBand: double.NaN, weight: -1));
        StringAssert.Contains(error.Message, "steps 1 to 2");
        StringAssert.Contains(error.Message, "dead band");
        StringAssert.Contains(error.Message, "weight");
    }

    [TestMethod]
    [DataRow(double.NaN, 1.0, 1.0)]
    [DataRow(0.0, 1.0, 1.0)]
    [DataRow(double.PositiveInfinity, 1.0, 1.0)]
    [DataRow(1.0, double.NaN, 1.0)]
    [DataRow(1.0, 1.0, -1.0)]
    [DataRow(1.0, 1.0, double.NaN)]
    public void From_NumbersThatCannotBe_AreRefused(double price, double mean, double half) =>
        Assert.ThrowsExactly<DataFormatException>(() => AlphaSignals.From(Forecast([mean], (90, half)), price));

    [TestMethod]
    public void From_TimeNotAfterTheOrigin_IsRefused() => Assert.ThrowsExactly<DataFormatException>(
        () => AlphaSignals.From(new Forecast("SPY", Origin, [Origin], [1], []), 1));

    private static Forecast Forecast(double[] mean, params (double Level, double Half)[] intervals) => new(
        "SPY",
        Origin,
        [.. mean.Select((_, step) => Origin.AddDays(step + 3))],
        mean,
        [
            .. intervals.Select(interval => new PredictionInterval(
                interval.Level, [.. mean.Select(value => value - interval.Half)], [.. mean.Select(value => value + interval.Half)])),
        ]);
}
