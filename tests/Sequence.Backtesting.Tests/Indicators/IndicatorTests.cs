using Sequence.Numerics;

namespace Sequence.Backtesting.Tests.Indicators;

/// <summary>Every indicator against its definition computed anew at each bar.</summary>
[TestClass]
public sealed class IndicatorTests
{
    private static readonly int[] LookBacks = [1, 2, 3, 7, 14, 50];

    [TestMethod]
    public void ExponentialMovingAverage_OverRandomBars_IsItsRecursion() => CompareAll(
        n => new ExponentialMovingAverage(n),
        (bars, n) =>
        {
            if (bars.Length < n)
            {
                return double.NaN;
            }

            var average = bars[..n].ToArray().Average(bar => bar.Close);
            foreach (var bar in bars[n..])
            {
                average = (bar.Close * 2 / (n + 1)) + (average * (1 - (2.0 / (n + 1))));
            }

            return average;
        });

    [TestMethod]
    public void RelativeStrengthIndex_OverRandomBars_IsWilders() => CompareAll(
        n => new RelativeStrengthIndex(n),
        (bars, n) =>
        {
            if (bars.Length < n + 1)
            {
                return double.NaN;
            }

            var (gain, loss) = (0.0, 0.0);
            for (var index = 1; index < bars.Length; index++)
            {
                var change = bars[index].Close - bars[index - 1].Close;
                if (index <= n)
                {
                    gain += Math.Max(change, 0) / n;
                    loss += Math.Max(-change, 0) / n;
                }
                else
                {
                    gain = ((gain * (n - 1)) + Math.Max(change, 0)) / n;
                    loss = ((loss * (n - 1)) + Math.Max(-change, 0)) / n;
                }
            }

            return 100 - (100 / (1 + (gain / loss)));
        });

    [TestMethod]
    public void AverageTrueRange_OverRandomBars_IsWilders() => CompareAll(
        n => new AverageTrueRange(n),
        (bars, n) =>
        {
            if (bars.Length < n)
            {
                return double.NaN;
            }

            var average = 0.0;
            for (var index = 0; index < bars.Length; index++)
            {
                var (high, low) = (bars[index].High, bars[index].Low);
                var before = index == 0 ? double.NaN : bars[index - 1].Close;
                var range = index == 0 ? high - low : Math.Max(high - low, Math.Max(Math.Abs(high - before), Math.Abs(low - before)));
                average = index < n ? average + (range / n) : ((average * (n - 1)) + range) / n;
            }

            return average;
        });

    [TestMethod]
    public void SimpleMovingAverage_OverRandomBars_IsTheMean() => CompareAll(
        n => new SimpleMovingAverage(n),
        (bars, n) => bars.Length < n ? double.NaN : bars[^n..].ToArray().Average(bar => bar.Close));

    [TestMethod]
    public void BollingerBands_OverRandomBars_AreMeanAndPopulationDeviation()
    {
        foreach (var n in LookBacks)
        {
            var bands = new BollingerBands(n, 1.5);
            var bars = Bars(300, 5);
            for (var index = 0; index < bars.Length; index++)
            {
                bands.Update(bars[index]);
                if (index + 1 < n)
                {
                    Assert.IsTrue(double.IsNaN(bands.Value) && double.IsNaN(bands.Upper) && double.IsNaN(bands.Lower));
                    continue;
                }

                var (mean, deviation) = MeanAndDeviation(bars.AsSpan(index + 1 - n, n));
                Assert.AreEqual(mean, bands.Middle, 1e-12 * mean);
                Assert.AreEqual(mean + (1.5 * deviation), bands.Upper, 1e-12 * mean);
                Assert.AreEqual(mean - (1.5 * deviation), bands.Lower, 1e-12 * mean);
            }
        }
    }

    [TestMethod]
    public void BollingerBands_AfterAMillionBarsAndAJump_HaveNotDrifted()
    {
        const int n = 20;
        var bands = new BollingerBands(n);
        var bars = Bars(1_000_000, 6);

        // Prices a billion times as high for a while would leave their rounding behind in any running sum of squares.
        for (var index = 500_000; index < 500_100; index++)
        {
            bars[index] = Flat(bars[index].Close * 1e9);
        }

        foreach (var bar in bars)
        {
            bands.Update(bar);
        }

        var (mean, deviation) = MeanAndDeviation(bars.AsSpan()[^n..]);
        Assert.AreEqual(mean, bands.Middle, 1e-12 * mean);
        Assert.AreEqual(2 * deviation, bands.Upper - bands.Middle, 1e-9 * deviation);
    }

    [TestMethod]
    public void BollingerBands_OfTinyChangesOnAHighPrice_KeepTheirDigits()
    {
        var bands = new BollingerBands(4);
        foreach (var close in (double[])[1e8, 1e8 + 0.25, 1e8 - 0.25, 1e8 + 0.5, 1e8, 1e8 + 0.25])
        {
            bands.Update(Flat(close));
        }

        // Deviations of the last four from 1e8: -0.25, 0.5, 0, 0.25; mean 0.125, mean square 0.09375, variance 0.078125.
        Assert.AreEqual(2 * Math.Sqrt(0.078125), (bands.Upper - bands.Lower) / 2, 1e-7);
    }

    [TestMethod]
    public void Indicators_OfConstantPrices_AreTheConstantAndItsChangesNothing()
    {
        var (average, strength, range, bands) =
            (new ExponentialMovingAverage(7), new RelativeStrengthIndex(7), new AverageTrueRange(7), new BollingerBands(7));
        for (var bar = 0; bar < 50; bar++)
        {
            foreach (var indicator in (Indicator[])[average, strength, range, bands])
            {
                indicator.Update(Flat(0.1));
            }
        }

        Assert.AreEqual(0.1, average.Value, 1e-16);
        Assert.AreEqual(50, strength.Value);
        Assert.AreEqual(0, range.Value);
        Assert.AreEqual((0.1, 0.1, 0.1), (bands.Lower, bands.Middle, bands.Upper));
    }

    [TestMethod]
    public void RelativeStrengthIndex_OfRisesAndFallsOnly_IsAtItsEnds()
    {
        var (rising, falling) = (new RelativeStrengthIndex(3), new RelativeStrengthIndex(3));
        for (var bar = 0; bar < 10; bar++)
        {
            rising.Update(Flat(10 + bar));
            falling.Update(Flat(30 - bar));
        }

        Assert.AreEqual(100, rising.Value);
        Assert.AreEqual(0, falling.Value);
    }

    [TestMethod]
    public void Indicator_WithALookBackBelowOne_IsRefused()
    {
        foreach (var make in (Func<int, Indicator>[])
            [n => new ExponentialMovingAverage(n), n => new RelativeStrengthIndex(n), n => new AverageTrueRange(n), n => new BollingerBands(n)])
        {
            Assert.ThrowsExactly<ConfigurationException>(() => make(0));
            Assert.ThrowsExactly<ConfigurationException>(() => make(-3));
        }

        Assert.ThrowsExactly<ConfigurationException>(() => new BollingerBands(5, 0));
        Assert.ThrowsExactly<ConfigurationException>(() => new BollingerBands(5, double.NaN));
    }

    [TestMethod]
    public void Update_OfAnyIndicator_AllocatesNothing()
    {
        Indicator[] indicators =
            [new ExponentialMovingAverage(9), new RelativeStrengthIndex(9), new AverageTrueRange(9), new BollingerBands(9)];
        var bars = Bars(2000, 7);
        Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run()
        {
            foreach (var indicator in indicators)
            {
                foreach (ref readonly var bar in bars.AsSpan())
                {
                    indicator.Update(bar);
                }
            }
        }
    }

    private delegate double Definition(ReadOnlySpan<Bar> bars, int lookBack);

    private static void CompareAll(Func<int, Indicator> make, Definition definition)
    {
        foreach (var n in LookBacks)
        {
            var indicator = make(n);
            var bars = Bars(200, (ulong)n);
            for (var index = 0; index < bars.Length; index++)
            {
                indicator.Update(bars[index]);
                var expected = definition(bars.AsSpan(0, index + 1), n);
                Assert.AreEqual(expected, indicator.Value, double.IsNaN(expected) ? 0 : 1e-10 * Math.Max(expected, 1), $"look-back {n}, bar {index}");
            }
        }
    }

    private static (double Mean, double Deviation) MeanAndDeviation(ReadOnlySpan<Bar> bars)
    {
        var closes = bars.ToArray().Select(bar => bar.Close).ToArray();
        var mean = closes.Average();
        return (mean, Math.Sqrt(closes.Average(close => (close - mean) * (close - mean))));
    }

    private static Bar Flat(double price) => new(RandomBars.Start, price, price, price, price);

    private static Bar[] Bars(int count, ulong seed)
    {
        var random = new CounterRandom(seed);
        var bars = new Bar[count];
        var close = 100.0;
        for (var index = 0; index < count; index++)
        {
            var open = close;
            close = Math.Max(1, open + random.NextGaussian());
            bars[index] = new Bar(
                RandomBars.Start, open, Math.Max(open, close) + random.NextDouble(), Math.Min(open, close) - (0.5 * random.NextDouble()), close);
        }

        return bars;
    }
}
