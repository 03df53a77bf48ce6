using Sequence.Data;
using Sequence.Numerics;

namespace Sequence.Forecasting.Tests;

[TestClass]
public sealed class RollingOriginWorkersTests
{
    private static readonly Panel Data = new(
    [
        Series.Named("a", Series.RandomWalk(61, 3)),
        Series.Named("b", Series.RandomWalk(47, 4), firstDay: 9),
    ]);

    private static readonly RollingOriginOptions Options = new()
    {
        Horizon = 3,
        Step = 2,
        Gap = 1,
        Embargo = 2,
        FirstOrigin = FirstOrigin.AfterRows(20),
        Levels = [50, 90],
        Validation = ValidationPart.OfRows(4),
        Seed = 7,
        AllowPartialFold = true,
    };

    [TestMethod]
    public void Evaluate_WithAnyNumberOfWorkers_HasTheSameResult()
    {
        foreach (var refit in Cadences())
        {
            foreach (var start in new[] { RefitStart.Cold, RefitStart.Warm })
            {
                var options = Options with { Refit = refit, RefitStart = start };
                var expected = Text(RollingOrigin.Evaluate(new ProbeForecaster(), Data, options));
                foreach (var workers in new[] { 2, 5 })
                {
                    Assert.AreEqual(
                        expected,
                        Text(RollingOrigin.Evaluate(new ProbeForecaster(), Data, options with { Workers = workers })),
                        StringComparer.Ordinal,
                        $"{refit}, {start}, {workers} workers");
                }
            }
        }
    }

    [TestMethod]
    public void Evaluate_WithWorkers_IsTheSlowWalk()
    {
        var result = RollingOrigin.Evaluate(
            new ProbeForecaster(), Data[0], Options with { Refit = RefitCadence.EveryFolds(3), RefitStart = RefitStart.Warm, Workers = 3 });
        var values = Data[0].Values.Span;
        var (level, index) = (0.0, 0);
        for (var (end, fold) = (20, 0); end + 1 < values.Length; end += 2, fold++)
        {
            if (fold % 3 == 0)
            {
                // Embargo 2 beside a gap of 1 withholds one row.
                var seed = new CounterRandom(7, (ulong)fold).NextUInt64();
                level = values[end - 2] + ((end - 1) / 1024.0) + (seed % 1000 / 7.0) + 4 + (level / 3);
            }

            for (var step = 1; step <= Math.Min(3, values.Length - end - 1); step++)
            {
                var row = result.Table.Rows[index++];
                Assert.AreEqual((fold, step, values[end + step]), (row.Fold, row.Step, row.Actual));
                Assert.AreEqual((level / (step + 1)) + values[end - 1], row.Mean, 1e-12);
            }
        }

        Assert.HasCount(index, result.Table.Rows);
        CollectionAssert.AreEqual(new[] { 0, 3, 6, 9, 12, 15, 18 }, result.FitFolds.ToArray());
    }

    [TestMethod]
    public void Evaluate_ColdFits_RunBesideEachOther()
    {
        // Each of the first two fits waits for the other; in order, the first would wait for ever.
        using var both = new CountdownEvent(2);
        var met = 0;
        var forecaster = new ProbeForecaster
        {
            OnFit = history =>
            {
                if (history[0].Length <= 11)
                {
                    both.Signal();
                    Interlocked.Add(ref met, both.Wait(TimeSpan.FromSeconds(30)) ? 1 : 0);
                }
            },
        };
        RollingOrigin.Evaluate(
            forecaster,
            Series.Of(Series.RandomWalk(16, 1)),
            new RollingOriginOptions { Horizon = 1, FirstOrigin = FirstOrigin.AfterRows(10), Workers = 2 });
        Assert.AreEqual(2, met);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(5)]
    public void Evaluate_WithFailingForecasts_ReportsTheFirstFoldAndKeepsThoseBefore(int workers)
    {
        // Folds 4, 5 and 6 fail; the series is its own row number.
        var forecaster = new ProbeForecaster
        {
            OnForecast = history =>
            {
                if (history.Values.Span[^1] is >= 13 and <= 15)
                {
                    throw new InvalidOperationException("no luck");
                }
            },
        };
        foreach (var refit in Cadences())
        {
            var error = Assert.ThrowsExactly<FoldException>(() => RollingOrigin.Evaluate(
                forecaster, Rows(20), new RollingOriginOptions
                {
                    Horizon = 1,
                    FirstOrigin = FirstOrigin.AfterRows(10),
                    Refit = refit,
                    Workers = workers,
                }));
            Assert.AreEqual((4, Series.Start.AddDays(13), "x"), (error.Fold, error.Origin, error.SeriesId));
            CollectionAssert.AreEqual(new[] { 0, 1, 2, 3 }, error.Finished.Rows.Select(row => row.Fold).ToArray());
            Assert.IsInstanceOfType<InvalidOperationException>(error.InnerException);
            Assert.Contains("no luck", error.Message, StringComparison.Ordinal);
            Assert.Contains("Fold 4", error.Message, StringComparison.Ordinal);
        }
    }

    [TestMethod]
    [DataRow(1, RefitStart.Cold)]
    [DataRow(4, RefitStart.Cold)]
    [DataRow(4, RefitStart.Warm)]
    public void Evaluate_WithFailingFit_NamesItsFold(int workers, RefitStart start)
    {
        var forecaster = new ProbeForecaster
        {
            OnFit = history => _ = history[0].Length > 14 ? throw new DataFormatException("bad rows") : 0,
        };
        var error = Assert.ThrowsExactly<FoldException>(() => RollingOrigin.Evaluate(
            forecaster, Rows(30), new RollingOriginOptions
            {
                Horizon = 1,
                FirstOrigin = FirstOrigin.AfterRows(10),
                Refit = RefitCadence.EveryFolds(3),
                RefitStart = start,
                Workers = workers,
            }));
        Assert.AreEqual((6, 6), (error.Fold, error.Finished.Rows.Count));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void Evaluate_CancelledInAFold_ThrowsOperationCanceled(int workers)
    {
        foreach (var refit in Cadences())
        {
            using var source = new CancellationTokenSource();
            var forecaster = new ProbeForecaster
            {
                OnForecast = history =>
                {
                    if (history.Length == 14)
                    {
                        source.Cancel();
                    }
                },
            };
            Assert.ThrowsExactly<OperationCanceledException>(() => RollingOrigin.Evaluate(
                forecaster,
                Rows(40),
                new RollingOriginOptions { Horizon = 1, FirstOrigin = FirstOrigin.AfterRows(10), Refit = refit, Workers = workers },
                cancellationToken: source.Token));
        }
    }

    [TestMethod]
    public void Evaluate_WithTimeBudget_StopsAfterTheFoldThatUsesItUp()
    {
        foreach (var refit in Cadences())
        {
            var clock = new StepClock();
            var options = new RollingOriginOptions
            {
                Horizon = 1,
                FirstOrigin = FirstOrigin.AfterRows(10),
                Refit = refit,
                TimeBudget = TimeSpan.FromSeconds(3),
                Clock = clock,
            };
            var forecaster = new ProbeForecaster { OnForecast = _ => clock.Seconds++ };
            var result = RollingOrigin.Evaluate(forecaster, Rows(20), options);
            Assert.AreEqual((3, true), (result.Folds, result.IsPartial));
            Assert.HasCount(3, result.Table.Rows);

            // However small, one fold is done.
            var least = RollingOrigin.Evaluate(forecaster, Rows(20), options with { TimeBudget = TimeSpan.FromTicks(1) });
            Assert.AreEqual((1, true), (least.Folds, least.IsPartial));
            Assert.IsFalse(RollingOrigin.Evaluate(forecaster, Rows(12), options).IsPartial);
        }
    }

    [TestMethod]
    public void Evaluate_WithTimeBudgetAndWorkers_HasNoHoles()
    {
        var clock = new StepClock();
        var result = RollingOrigin.Evaluate(
            new ProbeForecaster { OnForecast = _ => Interlocked.Increment(ref clock.Seconds) },
            Rows(60),
            new RollingOriginOptions
            {
                Horizon = 1,
                FirstOrigin = FirstOrigin.AfterRows(10),
                Refit = RefitCadence.EveryFolds(4),
                Workers = 4,
                TimeBudget = TimeSpan.FromSeconds(9),
                Clock = clock,
            });
        Assert.IsTrue(result.IsPartial);
        Assert.IsGreaterThanOrEqualTo(1, result.Folds);
        CollectionAssert.AreEqual(
            Enumerable.Range(0, result.Folds).ToArray(), result.Table.Rows.Select(row => row.Fold).ToArray());
    }

    [TestMethod]
    public void Evaluate_WithSeed_GivesEveryFitItsOwn()
    {
        var forecaster = new ProbeForecaster();
        var options = new RollingOriginOptions { Horizon = 1, FirstOrigin = FirstOrigin.AfterRows(10), Seed = 5, Validation = ValidationPart.OfFraction(0.2) };
        RollingOrigin.Evaluate(forecaster, Rows(15), options);
        CollectionAssert.AreEqual(
            Enumerable.Range(0, 5).Select(fold => (ulong?)new CounterRandom(5, (ulong)fold).NextUInt64()).ToArray(),
            forecaster.Contexts.Select(context => context.Seed).ToArray());
        Assert.IsTrue(forecaster.Contexts.All(context => context.Validation!.Count(10) == 2));

        var unseeded = new ProbeForecaster();
        RollingOrigin.Evaluate(unseeded, Rows(15), options with { Seed = null, Validation = null });
        Assert.IsTrue(unseeded.Contexts.All(context => context is { Seed: null, Validation: null, WarmStart: null }));
    }

    [TestMethod]
    public void Evaluate_WithEmbargo_ForecastsFromTheOriginWithAModelThatDidNotSeeIt()
    {
        var forecaster = new ProbeForecaster();
        RollingOrigin.Evaluate(forecaster, Rows(16), new RollingOriginOptions
        {
            Horizon = 2,
            FirstOrigin = FirstOrigin.AfterRows(10),
            Gap = 1,
            Embargo = 4,
        });
        CollectionAssert.AreEqual(new double[] { 6, 8 }, forecaster.FitEnds);
        CollectionAssert.AreEqual(new double[] { 9, 11 }, forecaster.ForecastEnds);
    }

    private static RefitCadence[] Cadences() =>
    [
        RefitCadence.EveryFold,
        RefitCadence.EveryFolds(3),
        RefitCadence.Once,
        RefitCadence.FirstOf(RefitPeriod.Week),
        RefitCadence.Every(TimeSpan.FromDays(5)),
        RefitCadence.OnDrift(new PageHinkley { Threshold = 2, MinimumValues = 3 }),
        RefitCadence.When("an error above 12", question => question.Known.Any(row => Math.Abs(row.Actual - row.Mean) > 12)),
    ];

    private static TimeSeries Rows(int count) => Series.Of([.. Enumerable.Range(0, count).Select(row => (double)row)]);

    private static string Text(RollingOriginResult result)
    {
        using var writer = new StringWriter();
        result.Table.WriteCsv(writer);
        return $"{result.Folds} {string.Join(' ', result.FitFolds)}\n{writer}";
    }

    private sealed class StepClock : TimeProvider
    {
        public int Seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Volatile.Read(ref Seconds);
    }
}
