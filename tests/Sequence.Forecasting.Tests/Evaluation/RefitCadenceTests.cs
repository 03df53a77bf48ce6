using CsCheck;
using Sequence.Data;

namespace Sequence.Forecasting.Tests;

[TestClass]
public sealed class RefitCadenceTests
{
    [TestMethod]
    public void FirstOf_EachPeriod_FitsAtTheFirstOriginOfIt()
    {
        // Origins are the days from 2020-01-01, a Wednesday, on; each is a fold.
        var timeline = Enumerable.Range(0, 500).Select(day => Series.Start.AddDays(day)).ToArray();
        var first = new DateTimeOffset(2020, 2, 5, 0, 0, 0, TimeSpan.Zero);
        CollectionAssert.AreEqual(
            new[] { "2020-02-05", "2020-03-01", "2020-04-01", "2020-05-01" }, Fits(RefitPeriod.Month).Take(4).ToArray());
        CollectionAssert.AreEqual(
            new[] { "2020-02-05", "2020-04-01", "2020-07-01", "2020-10-01", "2021-01-01" }, Fits(RefitPeriod.Quarter).Take(5).ToArray());
        CollectionAssert.AreEqual(new[] { "2020-02-05", "2021-01-01" }, Fits(RefitPeriod.Year).ToArray());
        CollectionAssert.AreEqual(
            new[] { "2020-02-05", "2020-02-10", "2020-02-17" }, Fits(RefitPeriod.Week).Take(3).ToArray());
        CollectionAssert.AreEqual(
            new[] { "2020-02-05", "2020-02-15", "2020-02-25" }, Origins(RefitCadence.Every(TimeSpan.FromDays(10))).Take(3).ToArray());

        IEnumerable<string> Fits(RefitPeriod period) => Origins(RefitCadence.FirstOf(period));

        IEnumerable<string> Origins(RefitCadence refit) => RollingOriginFolds
            .Create(timeline, new RollingOriginOptions { Horizon = 1, FirstOrigin = FirstOrigin.AtDate(first), Refit = refit })
            .Where(fold => fold.Fit)
            .Select(fold => timeline[fold.TrainEnd - 1].ToString("yyyy-MM-dd"));
    }

    [TestMethod]
    public void When_IsAskedOnlyWithWhatIsKnownAtTheOrigin()
    {
        var asked = new List<(int Fold, int Since, int[] KnownFolds)>();
        var refit = RefitCadence.When("asked", question =>
        {
            Assert.IsTrue(question.Known.All(row => row.Timestamp <= question.Origin && row.Fold >= question.LastFitFold));
            Assert.IsTrue(question.Known.Zip(question.Known.Skip(1)).All(pair => pair.First.Timestamp <= pair.Second.Timestamp));
            Assert.IsTrue(question.LastFitOrigin < question.Origin);
            asked.Add((question.Fold.Index, question.FoldsSinceFit, [.. question.Known.Select(row => row.Fold)]));
            return question.Fold.Index == 3;
        });
        var result = RollingOrigin.Evaluate(
            new PersistenceForecaster(),
            Series.Of(Series.RandomWalk(18, 1)),
            new RollingOriginOptions { Horizon = 3, Step = 1, FirstOrigin = FirstOrigin.AfterRows(10), Refit = refit });
        CollectionAssert.AreEqual(new[] { 0, 3 }, result.FitFolds.ToArray());

        // One row later each fold: of fold k's targets k + 1, k + 2, k + 3 only those up to the origin are known.
        CollectionAssert.AreEqual(new[] { (1, 1), (2, 2), (3, 3), (4, 1), (5, 2) }, asked.Select(one => (one.Fold, one.Since)).ToArray());
        CollectionAssert.AreEqual(new[] { 0 }, asked[0].KnownFolds);
        CollectionAssert.AreEqual(new[] { 0, 0, 1 }, asked[1].KnownFolds);
        CollectionAssert.AreEqual(new[] { 0, 0, 1, 0, 1, 2 }, asked[2].KnownFolds);
        CollectionAssert.AreEqual(new[] { 3 }, asked[3].KnownFolds);
    }

    [TestMethod]
    public void OnDrift_FitsAfterABreakAndNeverForWhatComesLater()
    {
        var random = new Random(4);
        var calm = Enumerable.Range(0, 400).Select(_ => random.NextDouble()).ToArray();
        var broken = calm.Select((value, row) => row < 250 ? value : value + 20).ToArray();
        var options = new RollingOriginOptions
        {
            Horizon = 2,
            Step = 1,
            FirstOrigin = FirstOrigin.AfterRows(100),
            SeasonLength = 1,
            Refit = RefitCadence.OnDrift(),
        };
        CollectionAssert.AreEqual(new[] { 0 }, RollingOrigin.Evaluate(Frozen(), Series.Of(calm), options).FitFolds.ToArray());
        var fits = RollingOrigin.Evaluate(Frozen(), Series.Of(broken), options).FitFolds;

        // The break comes in row 250, the target of step 1 from fold 150; its error is known at fold 151, not before.
        Assert.IsGreaterThanOrEqualTo(2, fits.Count);
        Assert.IsGreaterThanOrEqualTo(151, fits[1]);
        Assert.IsLessThan(156, fits[1]);

        // Changing what comes after an origin leaves the decisions up to it alone.
        var changed = broken.Select((value, row) => row < 300 ? value : -value).ToArray();
        CollectionAssert.AreEqual(
            fits.Where(fold => fold <= 200).ToArray(),
            RollingOrigin.Evaluate(Frozen(), Series.Of(changed), options).FitFolds.Where(fold => fold <= 200).ToArray());

        static IForecaster Frozen() => new FrozenMean();
    }

    [TestMethod]
    public void PageHinkley_IsTheSlowDefinition() =>
        Gen.Select(Gen.Double[0, 3].Array[1, 40], Gen.Double[0, 0.5], Gen.Double[0.1, 8], Gen.Int[1, 12]).Sample(
            (values, tolerance, threshold, minimum) =>
            {
                var sums = new List<double>();
                var expected = false;
                for (var count = 1; count <= values.Length; count++)
                {
                    sums.Add(Enumerable.Range(1, count).Sum(i => values[i - 1] - values.Take(i).Average() - tolerance));
                    expected |= count >= minimum && sums[^1] - sums.Min() > threshold;
                }

                var test = new PageHinkley { Tolerance = tolerance, Threshold = threshold, MinimumValues = minimum };
                Assert.AreEqual(expected, test.Detects(values));
            });

    [TestMethod]
    public void When_Throwing_NamesTheFold()
    {
        var error = Assert.ThrowsExactly<FoldException>(() => RollingOrigin.Evaluate(
            new PersistenceForecaster(),
            Series.Of(Series.RandomWalk(18, 1)),
            new RollingOriginOptions
            {
                Horizon = 1,
                FirstOrigin = FirstOrigin.AfterRows(10),
                Refit = RefitCadence.When("broken", question => question.Fold.Index == 2 ? throw new DivideByZeroException() : false),
            }));
        Assert.AreEqual((2, 2), (error.Fold, error.Finished.Rows.Count));
    }

    [TestMethod]
    public void Cadences_WithFaults_AreRefusedByTheOptions()
    {
        foreach (var (refit, faults) in new[]
        {
            (RefitCadence.EveryFolds(-1), 1),
            (RefitCadence.Every(TimeSpan.Zero), 1),
            (RefitCadence.FirstOf((RefitPeriod)9), 1),
            (RefitCadence.OnDrift(new PageHinkley { Tolerance = double.NaN, Threshold = 0, MinimumValues = 0 }), 3),
        })
        {
            var error = Assert.ThrowsExactly<ConfigurationException>(
                new RollingOriginOptions { Horizon = 1, Refit = refit }.Validate);
            Assert.HasCount(faults, error.Faults);
        }
    }

    /// <summary>Forecasts the mean of the rows it was fitted on, whatever history it is given.</summary>
    private sealed class FrozenMean : IForecaster
    {
        public string Name => "frozen-mean";

        public IForecastModel Fit(Panel history, IForecastModel? warmStart = null, CancellationToken cancellationToken = default) =>
            new Model(history[0].Values.ToArray()[^Math.Min(20, history[0].Length)..].Average());

        private sealed class Model(double mean) : IForecastModel
        {
            public string Name => "frozen-mean";

            public int MinimumHistory => 1;

            public Forecast Forecast(TimeSeries history, int horizon, IReadOnlyList<double>? levels = null) => new(
                history.Id,
                history.Timestamps.Span[^1],
                history.FutureTimestamps(horizon),
                [.. Enumerable.Repeat(mean, horizon)],
                []);
        }
    }
}
